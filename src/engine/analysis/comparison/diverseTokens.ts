import { columnMeans, dot, row, subtractFromRows, transpose, zeros, type Matrix } from "../../linalg/matrix";

/** More tell little that is new, and cost. */
const mostDiverse = 64;

/**
 * How many tokens, or contexts, beyond the pivot count as diverse: no more than either model has dimensions, and a third
 * of the contexts, since elimination that goes through most of them ends with those that hardly differ from the pivot.
 * @param ranks dimensions of the models
 */
export function diverseCount(contexts: number, ranks: readonly number[]): number {
  return Math.max(1, Math.min(mostDiverse, Math.floor(contexts / 3), ...ranks));
}

/** Squared lengths below this share of the first are rounding. */
const relativeTolerance = 1e-10;

/**
 * k + 1 tokens, the first the pivot y0, whose log-ratios to it are far from collinear in both models: [LLV] needs a
 * set with invertible differences. The choice follows from log-probabilities alone.
 * @param left log-probabilities log p(y|x) of candidate tokens (say the 512 likeliest), [n, candidates]; so is `right`
 * @returns columns of the candidates; fewer than k + 1 where the log-ratios have a smaller rank
 */
export function diverseTokens(left: Matrix, right: Matrix, k: number): Int32Array {
  const overContexts = (logProbabilities: Matrix) =>
    transpose(subtractFromRows(logProbabilities, columnMeans(logProbabilities)));
  return diverseRows(overContexts(left), overContexts(right), k);
}

/** u(x, y) = log p(y|x) − log p(y0|x), [n, k], from log-probabilities [n, k + 1] with the pivot first. */
export function pivotLogRatios(logProbabilities: Matrix): Matrix {
  const { rows, cols, data } = logProbabilities;
  const out = zeros(rows, Math.max(0, cols - 1));
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 1; j < cols; j++, at++) out.data[at] = data[i * cols + j]! - data[i * cols]!;
  }
  return out;
}

/**
 * At most k + 1 rows whose differences from the first span as much as they can in both matrices: elimination with
 * pivoting (Golub and Van Loan, *Matrix Computations*, section 4.2.8), at every step of the row whose remainder is
 * longest in the matrix where it is shorter, each measured by its longest row. The first is the row nearest to the mean in both.
 * @param left [m, a]; `right` [m, b]
 */
export function diverseRows(left: Matrix, right: Matrix, k: number): Int32Array {
  const sides = [left, right].map((rows) => subtractFromRows(rows, columnMeans(rows)));
  const m = left.rows;
  if (m === 0) return new Int32Array(0);
  const distances = sides.map(squaredLengths);
  const totals = distances.map((lengths) => lengths.reduce((sum, x) => sum + x, 0) || 1);
  const first = argBest(m, (i) => -Math.max(...distances.map((lengths, side) => lengths[i]! / totals[side]!)));
  const eliminations = sides.map((rows) => new Elimination(subtractFromRows(rows, row(rows, first))));
  const chosen = [first];
  while (chosen.length <= k) {
    const next = argBest(m, (i) => Math.min(...eliminations.map((side) => side.share(i))));
    if (!eliminations.every((side) => side.share(next) > relativeTolerance)) break;
    eliminations.forEach((side) => side.eliminate(next));
    chosen.push(next);
  }
  return Int32Array.from(chosen);
}

function squaredLengths(rows: Matrix): Float64Array {
  return Float64Array.from({ length: rows.rows }, (_, i) => dot(row(rows, i), row(rows, i)));
}

function argBest(m: number, score: (i: number) => number): number {
  let best = 0;
  let highest = -Infinity;
  for (let i = 0; i < m; i++) {
    const value = score(i);
    if (value > highest) [best, highest] = [i, value];
  }
  return best;
}

/** Columns of a pivoted Cholesky factor of the rows' Gram matrix, each computed when its row is eliminated. */
class Elimination {
  private readonly columns: Float64Array[] = [];
  private readonly remaining: Float64Array;
  private readonly largest: number;

  constructor(private readonly rows: Matrix) {
    this.remaining = squaredLengths(rows);
    this.largest = this.remaining.reduce((most, x) => Math.max(most, x), 0);
  }

  /** What is left of row i, as a share of the longest row. */
  share(i: number): number {
    return this.largest > 0 ? this.remaining[i]! / this.largest : 0;
  }

  eliminate(pivot: number): void {
    const { rows, remaining, columns } = this;
    const own = row(rows, pivot);
    const root = Math.sqrt(remaining[pivot]!);
    const column = new Float64Array(rows.rows);
    for (let i = 0; i < rows.rows; i++) {
      let sum = dot(row(rows, i), own);
      for (const earlier of columns) sum -= earlier[i]! * earlier[pivot]!;
      column[i] = sum / root;
      remaining[i] = Math.max(0, remaining[i]! - column[i]! ** 2);
    }
    remaining[pivot] = 0;
    columns.push(column);
  }
}
