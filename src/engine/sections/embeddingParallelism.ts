import type { Parallelism } from "../../protocol/report";
import { parallelismMap, type ParallelismOptions } from "../analysis/parallelism/parallelism";
import { fromRows } from "../linalg/matrix";
import { knowsTokens } from "../prompts/unknownTokens";
import type { Study } from "./study";
import { wordPairs } from "./wordPairs";

/**
 * Maps of f(x_b) − f(x_a), where x ends at the word in the subject's slot; the mean over templates. Words of any
 * number of tokens take part.
 *
 * @throws Cancelled
 */
export async function embeddingParallelism(
  study: Study,
  draws: Omit<ParallelismOptions, "randomPairs">,
): Promise<Parallelism["embeddings"]> {
  const distinct = wordPairs(study).filter(({ from, to }) => from !== to);
  const pairs = distinct.filter(({ from, to }) => isKnown(study, from) && isKnown(study, to));
  if (pairs.length < distinct.length) {
    study.warn(
      "pairs-with-unknown-tokens",
      `${distinct.length - pairs.length} of ${distinct.length} pairs are left out of the parallelism of embeddings: they have tokens that the model does not know.`,
      "parallelism.embeddings",
    );
  }
  if (pairs.length < 2) return null;
  const f = await embeddingsOf(study, [...new Set(pairs.flatMap(({ from, to }) => [from, to]))]);
  const rows = (words: readonly string[]) => fromRows(words.map((word) => f.get(word) ?? []));
  const from = rows(pairs.map((pair) => pair.from));
  const to = rows(pairs.map((pair) => pair.to));
  const { geometry } = study;
  // No null of random pairs: a random token in the subject's slot is a prompt that nobody would write.
  const options = { ...draws, randomPairs: null };
  return {
    causal: parallelismMap({ from: geometry.embed(from), to: geometry.embed(to) }, options).map,
    euclidean: parallelismMap({ from, to }, options).map,
  };
}

function isKnown({ model, relation }: Study, word: string): boolean {
  return relation.templates.every((template) => knowsTokens(model, model.tokenizer.encode(upTo(template, word))));
}

/** A template up to its slot, with a word in it. */
const upTo = (template: string, word: string): string => template.slice(0, template.indexOf("{}")) + word;

/** f after each word in the subject's slot, mean over templates, [d]. */
async function embeddingsOf(study: Study, words: readonly string[]): Promise<Map<string, Float64Array>> {
  const { model, relation, set, activations } = study;
  const d = model.description.hiddenSize;
  const subjects = new Map(relation.samples.map(({ subject }, i) => [subject, i]));
  const others = words.filter((word) => !subjects.has(word));
  const { final } = await model.forward(
    others.flatMap((word) =>
      relation.templates.map((template) => {
        const ids = model.tokenizer.encode(upTo(template, word));
        return { ids, finalAt: [ids.length - 1], residualAt: [] };
      }),
    ),
    { layers: [], signal: study.signal },
  );
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
