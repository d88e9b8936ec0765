import { random } from "../linalg/random";
import type { LanguageModel } from "../models/languageModel";
import { fewestWords } from "./passages";
import { wordEnds, type WordEnd } from "./wordEnds";

/** What is needed of a model to find contexts that it can read. */
type Reader = Pick<LanguageModel, "tokenizer" | "unembedding">;

/** A beginning of a passage that ends with a word. */
export interface Context {
  /** Place of the passage among those that were given. */
  readonly passage: number;
  readonly text: string;
}

/** A passage as one model reads it. */
export interface ContextPrompt {
  readonly ids: readonly number[];
  /** Index of the last token of each of the passage's contexts, ascending. */
  readonly at: readonly number[];
}

/** The same contexts for several models. */
export interface AlignedContexts {
  readonly contexts: readonly Context[];
  /** Per model, one per passage that has contexts; their positions, in order, are those of `contexts`. */
  readonly prompts: readonly (readonly ContextPrompt[])[];
  /** Passages that were given. */
  readonly passages: number;
  /** Passages none of whose beginnings all models can read. */
  readonly leftOut: number;
}

export interface AlignmentOptions {
  /** Contexts, spread evenly over the passages; 600 where absent. */
  readonly most?: number;
  readonly seed: number;
}

const usualMost = 600;
/** A passage is read up to here. */
const mostTokens = 64;

/**
 * The beginnings of passages that end with a word at which every model's tokenisation has a boundary, and of which
 * every model knows all tokens: an untrained one says nothing about the model. A special first token is no matter.
 *
 * Rests on `encode` and `tokenText` alone, which exact twins of a model have too.
 */
export function alignContexts(
  passages: readonly string[],
  models: readonly Reader[],
  { most = usualMost, seed }: AlignmentOptions,
): AlignedContexts {
  const readers = models.map((model) => wordEnds(model, mostTokens));
  const candidates = passages.map((text) => {
    const read = readers.map((reader) => reader(text));
    return {
      text,
      read,
      ends: commonEnds(
        text,
        read.map(({ ends }) => ends),
      ),
    };
  });
  const draw = random(seed, "contexts");
  const counts = spread(
    candidates.map(({ ends }) => ends.length),
    most,
    draw.permutation(passages.length),
  );
  const contexts: Context[] = [];
  const prompts: ContextPrompt[][] = models.map(() => []);
  candidates.forEach(({ text, read, ends }, passage) => {
    const count = counts[passage] ?? 0;
    if (count === 0) return;
    const offset = draw.next();
    const chosen = Array.from({ length: count }, (_, i) => ends[Math.floor(((i + offset) * ends.length) / count)] ?? 0);
    for (const end of chosen) contexts.push({ passage, text: text.slice(0, end) });
    read.forEach(({ ids, ends: own }, which) => {
      const tokenAt = new Map(own.map(({ end, token }) => [end, token]));
      const at = chosen.map((end) => tokenAt.get(end) ?? 0);
      prompts[which]?.push({ ids: ids.slice(0, (at.at(-1) ?? 0) + 1), at });
    });
  });
  return {
    contexts,
    prompts,
    passages: passages.length,
    leftOut: candidates.filter(({ ends }) => ends.length === 0).length,
  };
}

/** The passage of each context, [contexts]: the unit of folds and bootstrap draws. */
export function passageOf({ contexts }: AlignedContexts): Int32Array {
  return Int32Array.from(contexts, ({ passage }) => passage);
}

/** Character positions at which all models have the end of a word. */
function commonEnds(text: string, ends: readonly (readonly WordEnd[])[]): number[] {
  const [first = [], ...others] = ends.map((own) => own.map(({ end }) => end));
  const sets = others.map((own) => new Set(own));
  return first.filter(
    (end) => sets.every((own) => own.has(end)) && text.slice(0, end).split(/\s+/).length >= fewestWords,
  );
}

/**
 * How many of each passage's candidates are taken, at most `most` in all: the same number of each as far as it has
 * so many; `order` says who gets what is left over.
 */
function spread(available: readonly number[], most: number, order: ArrayLike<number>): number[] {
  const taken = available.map(() => 0);
  let left = most;
  for (;;) {
    const open = Array.from(order).filter((p) => (taken[p] ?? 0) < (available[p] ?? 0));
    if (open.length === 0 || left === 0) return taken;
    const share = Math.floor(left / open.length);
    for (const p of share === 0 ? open.slice(0, left) : open) {
      const more = Math.min(Math.max(share, 1), (available[p] ?? 0) - (taken[p] ?? 0));
      taken[p] = (taken[p] ?? 0) + more;
      left -= more;
    }
  }
}
