import type { WordPair } from "../../protocol/relation";
import { random } from "../linalg/random";
import type { LanguageModel } from "../models/languageModel";
import { knowsTokens } from "../prompts/unknownTokens";
import { wordContexts } from "../sections/wordForms";
import { tokenisedPairs, wordPairs, type TokenPair } from "../sections/wordPairs";
import type { RelationRun } from "./runRelations";

/** What of a relation takes part; relations are compared at equal n (linear-properties section 4). */
export interface DrawnRelation {
  /** Places in the samples, ascending; null with too few. */
  readonly subjects: readonly number[] | null;
  /** Pairs whose words are one token each; null with too few. */
  readonly pairs: readonly TokenPair[] | null;
  /** Pairs for the concept probes, whose words may have several tokens; empty with too few. */
  readonly words: readonly WordPair[];
  /** Of all, before drawing. */
  readonly available: { readonly pairs: number };
}

const fewestSubjects = 3;
const fewestPairs = 4;

type Warn = (code: string, message: string, where: string) => void;

/**
 * As many subjects, pairs and words of each relation as the smallest has that has enough; relations with fewer are left
 * out of the maps at hand, with a warning. The same file gives the same draw, whatever its name.
 */
export function drawRelations(
  runs: readonly RelationRun[],
  model: LanguageModel,
  seed: number,
  warn: Warn,
): DrawnRelation[] {
  const all = runs.map(({ named: { relation } }) => {
    const quiet = { relation, seed, model, warn: () => undefined };
    return {
      subjects: relation.samples.map((_, i) => i),
      pairs: tokenisedPairs(quiet)
        .map(({ tokens }) => tokens)
        .filter(({ fromId, toId }) => fromId !== toId),
      words: wordPairs(quiet).filter(({ from, to }) => from !== to && [from, to].every((word) => isKnown(word, model))),
    };
  });
  const draw = <T>(lists: readonly (readonly T[])[], fewest: number, what: string): (readonly T[] | null)[] => {
    const n = Math.min(...lists.map(({ length }) => length).filter((length) => length >= fewest));
    warnAboutSizes(
      runs.map(({ named }) => named.name),
      lists.map(({ length }) => length),
      { n, fewest, what },
      warn,
    );
    return lists.map((list) => (list.length < fewest ? null : some(list, n, seed, what)));
  };
  const subjects = draw(all.map((one) => one.subjects), fewestSubjects, "subjects"); // prettier-ignore
  const pairs = draw(all.map((one) => one.pairs), fewestPairs, "pairs of single tokens"); // prettier-ignore
  const words = draw(all.map((one) => one.words), fewestPairs, "word pairs"); // prettier-ignore
  return all.map((one, i) => ({
    subjects: subjects[i] ?? null,
    pairs: pairs[i] ?? null,
    words: words[i] ?? [],
    available: { pairs: one.pairs.length },
  }));
}

/** The neutral context of the concept probes. */
export function neutralContext(word: string): string {
  return wordContexts[0]?.text(word) ?? word;
}

function isKnown(word: string, model: LanguageModel): boolean {
  return knowsTokens(model, model.tokenizer.encode(neutralContext(word)));
}

function some<T>(list: readonly T[], n: number, seed: number, what: string): readonly T[] {
  if (list.length <= n) return list;
  const places = random(seed, `relations ${what}`).permutation(list.length).subarray(0, n).sort();
  return Array.from(places).flatMap((place) => list[place] ?? []);
}

function warnAboutSizes(
  names: readonly string[],
  lengths: readonly number[],
  { n, fewest, what }: { n: number; fewest: number; what: string },
  warn: Warn,
): void {
  const listed = (chosen: (length: number) => boolean) =>
    names.flatMap((name, i) => (chosen(lengths[i] ?? 0) ? [`${name} (${lengths[i] ?? 0})`] : [])).join(", ");
  const without = listed((length) => length < fewest);
  if (without !== "") {
    warn("relation-too-few-units", `Left out for fewer than ${fewest} ${what}: ${without}.`, what);
  }
  const most = Math.max(...lengths);
  if (Number.isFinite(n) && 2 * n < most) {
    const smallest = listed((length) => length === n);
    warn(
      "relations-small-n",
      `All relations are compared at ${n} ${what}, as many as the smallest has: ${smallest}. Without it the figures would be surer.`,
      what,
    );
  }
}
