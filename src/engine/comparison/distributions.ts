import type { DistributionDistances } from "../../protocol/report";
import { joinDistances, type ContextDistances } from "../analysis/comparison/contextDistances";
import { distanceFigures } from "../analysis/comparison/distanceFigures";
import { diverseCount, diverseTokens } from "../analysis/comparison/diverseTokens";
import { logLikelihoodVariance } from "../analysis/comparison/logLikelihoodVariance";
import { zeros, type Matrix } from "../linalg/matrix";
import type { Floats } from "../models/languageModel";
import { logSumExp } from "../prompts/readout";
import { logitsOfTokens, matchedLogits, type ComparedModel } from "./comparedModel";
import type { ComparisonHooks } from "./comparisonProgress";

/** f of both models over the same contexts. */
export interface BothRows {
  readonly left: Floats;
  readonly right: Floats;
  /** Passage of each context, or subject of each prompt. */
  readonly passageOf: Int32Array;
}

export interface Distributions {
  readonly distances: DistributionDistances;
  /** Log-probabilities of the diverse tokens, renormalised on the matched vocabulary; the pivot first. */
  readonly left: Matrix;
  readonly right: Matrix;
  /** Their texts. */
  readonly tokens: readonly string[];
}

/** Logits that are kept at once, per model: two vocabularies of 150,000 tokens and 600 contexts would take gigabytes. */
const mostLogits = 4e6;
/** Tokens among which diverse ones are sought. */
const candidates = 512;

/**
 * Distances between the two distributions on the matched vocabulary, context by context, and the log-probabilities of
 * tokens that tell contexts apart in both models.
 *
 * @param most logits that are kept at once, per model
 * @throws Cancelled
 */
export async function compareDistributions(
  left: ComparedModel,
  right: ComparedModel,
  rows: BothRows,
  hooks: ComparisonHooks,
  most = mostLogits,
): Promise<Distributions> {
  const n = rows.passageOf.length;
  const matched = left.ids.length;
  const sides = [
    { model: left, f: rows.left, width: left.study.model.unembedding.hiddenSize },
    { model: right, f: rows.right, width: right.study.model.unembedding.hiddenSize },
  ] as const;
  const largest = Math.max(...sides.map(({ model }) => model.study.model.unembedding.vocabularySize));
  const batch = Math.max(1, Math.floor(most / largest));
  const probability = new Float64Array(matched);
  const logZ = [new Float64Array(n), new Float64Array(n)] as const;
  const parts: ContextDistances[] = [];
  for (let start = 0; start < n; start += batch) {
    await hooks.pause(start / n, `distribution ${start + 1} of ${n}`);
    const count = Math.min(batch, n - start);
    const logitsOf = ({ model, f, width }: (typeof sides)[number]) =>
      matchedLogits(model, f.subarray(start * width, (start + count) * width));
    const [a, b] = [await logitsOf(sides[0]), await logitsOf(sides[1])];
    addProbabilities(a, count, logZ[0].subarray(start, start + count), probability);
    addProbabilities(b, count, logZ[1].subarray(start, start + count), probability);
    const shape = { rows: count, cols: matched };
    parts.push(await left.study.compute.run("contextDistances", { ...shape, data: a }, { ...shape, data: b }));
  }
  const likely = likeliest(probability, candidates);
  const logProbabilities = sides.map(({ model, f }, side) =>
    normalised(
      logitsOfTokens(
        model,
        f,
        likely.map((place) => model.ids[place] ?? 0),
      ),
      logZ[side === 0 ? 0 : 1],
    ),
  );
  const [all = zeros(0, 0), allRight = zeros(0, 0)] = logProbabilities;
  const k = diverseCount(n, [left.geometry.rank, right.geometry.rank]);
  const chosen = Array.from(diverseTokens(all, allRight, k));
  const [diverse, diverseRight] = [takeColumns(all, chosen), takeColumns(allRight, chosen)];
  const tokenAt = (place: number | undefined) => left.ids[likely[place ?? 0] ?? 0] ?? 0;
  return {
    distances: {
      ...distanceFigures(joinDistances(parts), rows.passageOf, left.study.seed),
      logLikelihoodVariance: logLikelihoodVariance(diverse, diverseRight)?.distance ?? null,
    },
    left: diverse,
    right: diverseRight,
    tokens: chosen.map((place) => left.study.model.tokenizer.tokenText(tokenAt(place))),
  };
}

/** Writes log Z of every row and adds its probabilities. */
function addProbabilities(logits: Floats, rows: number, logZ: Float64Array, sums: Float64Array): void {
  const cols = sums.length;
  for (let i = 0; i < rows; i++) {
    const own = logits.subarray(i * cols, (i + 1) * cols);
    const z = logSumExp(own);
    logZ[i] = z;
    for (let j = 0; j < cols; j++) sums[j] = (sums[j] ?? 0) + Math.exp((own[j] ?? NaN) - z);
  }
}

/** Places of the largest values, ascending. */
function likeliest(values: Float64Array, count: number): number[] {
  const order = Array.from(values.keys()).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}

function normalised(logits: Matrix, logZ: Float64Array): Matrix {
  for (let i = 0; i < logits.rows; i++) {
    for (let j = i * logits.cols; j < (i + 1) * logits.cols; j++) {
      logits.data[j] = (logits.data[j] ?? NaN) - (logZ[i] ?? NaN);
    }
  }
  return logits;
}

function takeColumns(all: Matrix, chosen: readonly number[]): Matrix {
  const out = zeros(all.rows, chosen.length);
  for (let i = 0; i < all.rows; i++) {
    chosen.forEach((j, k) => (out.data[i * chosen.length + k] = all.data[i * all.cols + j] ?? NaN));
  }
  return out;
}
