import { dot, multiplyTransposed, row, subtract, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import type { RandomPairsSample } from "../parallelism/randomPairs";
import { bootstrapInterval, mean, quantile, type Interval } from "../statistics/intervals";

export interface LogOddsMatching {
  /** Mean and standard deviation (n − 1) over the contexts, of each pair. */
  readonly means: readonly number[];
  readonly spreads: readonly number[];
  readonly spread: number;
  readonly interval: Interval | null;
  /** NaN without random pairs, as are the next two. */
  readonly randomSpread: number;
  readonly randomSpreadLower: number;
  readonly concept: number;
  readonly distance: number;
  readonly randomDistance: number;
}

/** Words as vectors over contexts, f(x)·g(word): [words, contexts] each, a row per pair. */
export interface LogOddsWords {
  readonly from: Matrix;
  readonly to: Matrix;
}

/** The words of random pairs in the same contexts. */
export interface RandomWords {
  readonly sample: RandomPairsSample;
  /** [tokens of the sample, contexts] */
  readonly words: Matrix;
}

/**
 * Log-odds matching ([Orig] section 3; linear-properties section 10): in contexts that do not speak of a concept, the
 * log-odds l_i(x) = log p(to_i | x) / p(from_i | x) are predicted to be what they are without a context. For k pairs
 * and m contexts,
 *
 *     spread = 1/k Σ_i sd_x l_i(x),  concept = mean l,  distance = 1/m Σ_x |1/k Σ_i l_i(x) − concept|
 *
 * in nats, beside draws of k random word pairs. The interval is a bootstrap over pairs.
 *
 * @throws RangeError with fewer than two contexts, or without a pair
 */
export function logOddsMatching(
  { from, to }: LogOddsWords,
  randomWords: RandomWords | null,
  { seed, resamples = 1000 }: { readonly seed: number; readonly resamples?: number },
): LogOddsMatching {
  if (from.cols < 2 || from.rows < 1) throw new RangeError(`${from.rows} pairs in ${from.cols} contexts`);
  const logOdds = subtract(to, from);
  const means = Array.from({ length: logOdds.rows }, (_, i) => mean(row(logOdds, i)));
  const spreads = means.map((centre, i) => deviation(row(logOdds, i), centre));
  const { concept, distance } = aroundConcept(logOdds);
  const others = randomWords === null ? [] : randomDraws(randomWords);
  return {
    means,
    spreads,
    spread: mean(spreads),
    interval: bootstrapInterval(spreads.length, (counts) => dot(counts, spreads) / spreads.length, {
      random: random(seed, "log-odds bootstrap"),
      resamples,
    }),
    randomSpread: others.length === 0 ? NaN : mean(others.map(({ spread }) => spread)),
    randomSpreadLower:
      others.length === 0
        ? NaN
        : quantile(
            others.map(({ spread }) => spread),
            0.05,
          ),
    concept,
    distance,
    randomDistance: others.length === 0 ? NaN : mean(others.map((draw) => draw.distance)),
  };
}

function aroundConcept(logOdds: Matrix): { concept: number; distance: number } {
  const ofContext = new Float64Array(logOdds.cols);
  for (let i = 0; i < logOdds.rows; i++) {
    for (let x = 0; x < logOdds.cols; x++) ofContext[x]! += logOdds.data[i * logOdds.cols + x]! / logOdds.rows;
  }
  const concept = mean(ofContext);
  return { concept, distance: mean(ofContext.map((value) => Math.abs(value - concept))) };
}

function randomDraws({ sample, words }: RandomWords): { spread: number; distance: number }[] {
  // sd(b − a)² = var a + var b − 2 cov(a, b): from one product rather than from every pair's own log-odds.
  const m = words.cols;
  const centred = { ...words, data: words.data.slice() };
  for (let i = 0; i < words.rows; i++) {
    const own = row(centred, i);
    const centre = mean(own);
    own.forEach((value, x) => (own[x] = value - centre));
  }
  const gram = multiplyTransposed(centred, centred);
  const { pairs, draws, from, to } = sample;
  const weights = zeros(draws, words.rows);
  const spreads = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    for (let k = draw * pairs; k < (draw + 1) * pairs; k++) {
      const [a, b] = [from[k]!, to[k]!];
      const squares = gram.data[a * gram.cols + a]! + gram.data[b * gram.cols + b]! - 2 * gram.data[a * gram.cols + b]!;
      spreads[draw]! += Math.sqrt(Math.max(0, squares) / (m - 1)) / pairs;
      weights.data[draw * words.rows + b]! += 1 / pairs;
      weights.data[draw * words.rows + a]! -= 1 / pairs;
    }
  }
  return Array.from(spreads, (spread, draw) => {
    const contexts = new Float64Array(m);
    const own = row(weights, draw);
    own.forEach((weight, i) => {
      if (weight !== 0) row(centred, i).forEach((value, x) => (contexts[x]! += weight * value));
    });
    return { spread, distance: mean(contexts.map(Math.abs)) };
  });
}

function deviation(values: Float64Array, centre: number): number {
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
