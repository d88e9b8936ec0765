import { knowsTokens } from "../prompts/unknownTokens";
import type { Study } from "./study";

/** A relation whose words stand in its subject's slot; of a study, or of one of its control relations. */
export interface Slots extends Pick<Study, "relation" | "set" | "activations"> {
  readonly model: Study["model"];
  readonly signal: AbortSignal;
}

/** Whether the model knows all tokens of the word in the slot of every template. */
export function isKnown({ model, set }: Pick<Slots, "model" | "set">, word: string): boolean {
  return set.forms.every(({ before }) => knowsTokens(model, model.tokenizer.encode(before + word)));
}

/** By template and word. */
const found = new WeakMap<Study["activations"], Map<string, Promise<Float64Array>>>();

/**
 * f after each word in the subject's slot, mean over the templates named, [d]. Subjects have theirs already; other
 * words are run once in each template, however often they are asked for.
 * @param templates places in the relation; all where absent
 * @throws Cancelled
 */
export async function wordEmbeddings(
  slots: Slots,
  words: readonly string[],
  templates: readonly number[] = slots.relation.templates.map((_, t) => t),
): Promise<Map<string, Float64Array>> {
  const known = found.get(slots.activations) ?? new Map<string, Promise<Float64Array>>();
  found.set(slots.activations, known);
  const places = [...new Set(words)].flatMap((word) => templates.map((template) => ({ word, template })));
  const missing = places.filter((place) => !known.has(keyOf(place)));
  const embeddings = embeddingsOf(slots, missing);
  for (const [i, place] of missing.entries()) {
    const own = embeddings.then((rows) => rows[i] ?? new Float64Array(0));
    known.set(keyOf(place), own);
    // What failed, such as by a cancellation, is tried again.
    own.catch(() => known.delete(keyOf(place)));
  }
  const rows = await Promise.all(
    words.map(async (word) => {
      const vectors = templates.flatMap((template) => known.get(keyOf({ word, template })) ?? []);
      return [word, mean(await Promise.all(vectors))] as const;
    }),
  );
  return new Map(rows);
}

interface Place {
  readonly word: string;
  readonly template: number;
}

const keyOf = ({ word, template }: Place): string => `${template}\0${word}`;

function mean(vectors: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let j = 0; j < out.length; j++) out[j] = (out[j] ?? NaN) + (vector[j] ?? NaN);
  return out.map((sum) => sum / vectors.length);
}

/** One row for each place. */
async function embeddingsOf(slots: Slots, places: readonly Place[]): Promise<readonly Float64Array[]> {
  const { model, relation, set, activations, signal } = slots;
  const d = model.description.hiddenSize;
  const subjects = new Map(relation.samples.map(({ subject }, i) => [subject, i]));
  const others = places.filter(({ word }) => !subjects.has(word));
  const prompts = others.map(({ word, template }) => {
    const ids = model.tokenizer.encode((set.forms[template]?.before ?? "") + word);
    return { ids, finalAt: [ids.length - 1], residualAt: [] };
  });
  const final = prompts.length === 0 ? [] : (await model.forward(prompts, { layers: [], signal })).final;
  const ran = new Map(others.map((place, i) => [keyOf(place), final[i]?.[0]]));
  return places.map((place) => {
    const sample = subjects.get(place.word);
    const at = (place.template * set.samples + (sample ?? 0)) * d;
    return Float64Array.from(
      (sample === undefined ? ran.get(keyOf(place)) : activations.fSubject.subarray(at, at + d)) ?? [],
    );
  });
}
