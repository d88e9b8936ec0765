import { knowsTokens } from "../prompts/unknownTokens";
import type { Study } from "./study";

/** A relation whose words stand in its subject's slot; of a study, or of one of its control relations. */
export interface Slots extends Pick<Study, "relation" | "set" | "activations"> {
  readonly model: Study["model"];
  readonly signal: AbortSignal;
}

/** Whether the model knows all tokens of the word in the slot of every template. */
export function isKnown({ model, relation }: Pick<Slots, "model" | "relation">, word: string): boolean {
  return relation.templates.every((template) => knowsTokens(model, model.tokenizer.encode(upTo(template, word))));
}

/** A template up to its slot, with a word in it. */
const upTo = (template: string, word: string): string => template.slice(0, template.indexOf("{}")) + word;

const found = new WeakMap<Study["activations"], Map<string, Promise<Float64Array>>>();

/**
 * f after each word in the subject's slot, mean over templates, [d]. Subjects have theirs already; other words are run
 * once, however often they are asked for.
 * @throws Cancelled
 */
export async function wordEmbeddings(slots: Slots, words: readonly string[]): Promise<Map<string, Float64Array>> {
  const known = found.get(slots.activations) ?? new Map<string, Promise<Float64Array>>();
  found.set(slots.activations, known);
  const missing = [...new Set(words)].filter((word) => !known.has(word));
  const embeddings = embeddingsOf(slots, missing);
  for (const word of missing) {
    const own = embeddings.then((rows) => rows.get(word) ?? new Float64Array(0));
    known.set(word, own);
    // What failed, such as by a cancellation, is tried again.
    own.catch(() => known.delete(word));
  }
  const rows = await Promise.all(
    words.map(async (word) => [word, (await known.get(word)) ?? new Float64Array(0)] as const),
  );
  return new Map(rows);
}

async function embeddingsOf(slots: Slots, words: readonly string[]): Promise<Map<string, Float64Array>> {
  const { model, relation, set, activations, signal } = slots;
  const d = model.description.hiddenSize;
  const subjects = new Map(relation.samples.map(({ subject }, i) => [subject, i]));
  const others = words.filter((word) => !subjects.has(word));
  const prompts = others.flatMap((word) =>
    relation.templates.map((template) => {
      const ids = model.tokenizer.encode(upTo(template, word));
      return { ids, finalAt: [ids.length - 1], residualAt: [] };
    }),
  );
  const final = prompts.length === 0 ? [] : (await model.forward(prompts, { layers: [], signal })).final;
  const mean = (vectors: readonly ArrayLike<number>[]) =>
    Float64Array.from({ length: d }, (_, j) => vectors.reduce((sum, x) => sum + (x[j] ?? NaN), 0) / vectors.length);

  const out = new Map<string, Float64Array>();
  for (const word of words) {
    const sample = subjects.get(word);
    const vectors =
      sample === undefined
        ? relation.templates.map((_, t) => final[others.indexOf(word) * set.templates + t]?.[0] ?? [])
        : relation.templates.map((_, t) => {
            const at = (t * set.samples + sample) * d;
            return activations.fSubject.subarray(at, at + d);
          });
    out.set(word, mean(vectors));
  }
  return out;
}
