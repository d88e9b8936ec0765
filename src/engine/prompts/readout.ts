import type { Floats, LanguageModel } from "../models/languageModel";
import type { RelationPrompt } from "./promptSet";

/** The model's own answer to one prompt. Log-probabilities are natural logs. */
export interface Readout {
  /** The sample's object, or the model's own top answer where there is none. */
  readonly answer: number;
  readonly logProbability: number;
  /** 1 + the number of tokens with a higher logit, so 1 = the model's top answer. */
  readonly rank: number;
  /** Most probable first. */
  readonly top: readonly { readonly id: number; readonly logProbability: number }[];
  /** log Z of this row: log p(y|x) = logit(y) − logZ. */
  readonly logZ: number;
}

/** Tokens in `Readout.top`, unless one asks for others. */
export const topCount = 5;

/** @param logits one row, [vocabulary] */
export function readOut(logits: Floats, answer: number | null, count = topCount): Readout {
  const logZ = logSumExp(logits);
  const top = topEntries(logits, count).map((id) => ({ id, logProbability: (logits[id] ?? NaN) - logZ }));
  const id = answer ?? top[0]?.id ?? 0;
  const value = logits[id] ?? NaN;
  let rank = 1;
  for (const other of logits) if (other > value) rank++;
  return { answer: id, logProbability: value - logZ, rank, top, logZ };
}

/** log Σ exp, accumulated in float64 and shifted by the maximum. */
export function logSumExp(values: Floats): number {
  let max = -Infinity;
  for (const value of values) if (value > max) max = value;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - max);
  return max + Math.log(sum);
}

/** Indices of the largest entries, largest first; ties in the order of ids. */
export function topEntries(values: Floats, count: number): number[] {
  const best: number[] = [];
  // The last of the best, once there are enough of them.
  let least = NaN;
  for (let id = 0; id < values.length; id++) {
    const value = values[id] ?? -Infinity;
    if (value <= least) continue;
    let at = best.length;
    while (at > 0 && value > (values[best[at - 1] ?? 0] ?? -Infinity)) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
    if (best.length === count) least = values[best[count - 1] ?? 0] ?? NaN;
  }
  return best;
}

/**
 * Sum of log p over all tokens of the object, one number per prompt; null where there is no object.
 * Objects of one token need no further pass, since their sum is the first-token figure.
 *
 * @throws Cancelled
 */
export async function wholeAnswerLogProbabilities(
  prompts: readonly RelationPrompt[],
  readouts: readonly Readout[],
  model: LanguageModel,
  signal: AbortSignal,
): Promise<(number | null)[]> {
  const out = prompts.map(({ answer }, i) => (answer === null ? null : (readouts[i]?.logProbability ?? null)));
  const long = prompts.flatMap(({ answer, tokens }, i) =>
    answer !== null && (answer.ids.length > answer.start + 1 || answer.start < tokens.ids.length)
      ? [{ i, answer }]
      : [],
  );
  if (long.length === 0) return out;
  const { final } = await model.forward(
    long.map(({ answer }) => ({
      ids: answer.ids.slice(0, -1),
      finalAt: range(answer.start - 1, answer.ids.length - 1),
      residualAt: [],
    })),
    { layers: [], signal },
  );
  for (const [k, { i, answer }] of long.entries()) {
    let sum = 0;
    for (const [step, f] of (final[k] ?? []).entries()) {
      const logits = await model.logits(f);
      const id = answer.ids[answer.start + step] ?? 0;
      sum += (logits[id] ?? NaN) - logSumExp(logits);
    }
    out[i] = sum;
  }
  return out;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
