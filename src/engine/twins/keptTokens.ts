import { random } from "../linalg/random";
import type { SectionFigures } from "../sections/sectionFigures";
import type { Study } from "../sections/study";
import type { Recording } from "./recordingModel";

/** Tokens beyond those that are known to matter, so that a prediction has others to choose from. */
const randomTokens = 64;

/**
 * The tokens that a twin with a restricted vocabulary needs, ascending: those of all texts that were encoded, answers,
 * the model's top tokens, every token that the figures name, and some at random.
 */
export function keptTokens(study: Study, recording: Recording, figures: SectionFigures): number[] {
  const size = study.model.unembedding.vocabularySize;
  const kept = new Set<number>(tokensNamedIn(figures));
  for (const { set, readouts } of [study, ...study.controls]) {
    for (const { tokens, answer } of set.prompts) [...tokens.ids, ...(answer?.ids ?? [])].forEach((id) => kept.add(id));
    for (const { answer, top } of readouts) {
      kept.add(answer);
      for (const { id } of top) kept.add(id);
    }
  }
  for (const ids of recording.texts.values()) ids.forEach((id) => kept.add(id));
  const pool = random(study.seed, "twin vocabulary")
    .permutation(study.geometry.tokens.length)
    .subarray(0, randomTokens);
  for (const place of pool) kept.add(study.geometry.tokens[place] ?? 0);
  return [...kept].filter((id) => id < size).sort((a, b) => a - b);
}

/** Ids of the `Token`s and of the pairs' words. */
function tokensNamedIn(value: unknown): number[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return typeof value[0] === "number" ? [] : value.flatMap(tokensNamedIn);
  return Object.entries(value).flatMap(([name, child]) =>
    typeof child !== "number"
      ? tokensNamedIn(child)
      : name === "id" || name === "fromId" || name === "toId"
        ? [child]
        : [],
  );
}
