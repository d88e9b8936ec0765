import { columnMeans, multiply, row, selectRows, subtractFromRows, transpose, zeros, type Matrix } from "../../linalg/matrix"; // prettier-ignore
import { random } from "../../linalg/random";
import { mean } from "../statistics/intervals";
import { bestAssignment } from "./assignment";
import { groupByPassage, passageFolds, shufflePassages } from "./passages";
import { sparseMatching, type SparseMatching } from "./sparseMatching";
import { averageLinkage } from "./unitClusters";

const draws = 20;
/** Clusters are units whose mean |correlation| is at least this. */
const clusterCorrelation = 0.5;
const mostShown = 96;
/** A unit that varies less than this share of the most varying one is constant up to rounding. */
const relativeTolerance = 1e-12;

export interface UnitMatchingFigures {
  /** Units that took part, ascending: those that vary, at most `mostUnits` of the largest variance. */
  readonly leftUnits: number[];
  readonly rightUnits: number[];
  /** Maximises the sum of |correlation|; best match first. */
  readonly assignment: { readonly left: number; readonly right: number; readonly correlation: number }[];
  /** Mean |correlation| of the assignment. */
  readonly meanCorrelation: number;
  /** Mean of the same with the passages of one model permuted. */
  readonly nullMean: number;
  /** Share of left units whose best partner, with repetition, is the assigned one. */
  readonly mutual: number;
  readonly sparse: SparseMatching;
  /** Clusters of two units or more, largest first. */
  readonly clusters: { readonly left: number[]; readonly right: number[]; readonly meanCorrelation: number }[];
  /** |correlation| in the order of the assignment, at most 96 of each. */
  readonly matrix: number[][];
  readonly n: number;
}

/**
 * Units of two models matched over the same contexts [Conv]: one to one, by sparse regression and in clusters. [Conv]
 * clusters spectrally; here units of both models are clustered by average linkage on 1 − |correlation|, which needs no
 * number of clusters. All of it is about coordinates, which another basis changes.
 *
 * @param left f [n, d]; right f [n, d']
 * @returns null with fewer than three passages, or where no unit varies
 */
export function unitMatching(
  left: Matrix,
  right: Matrix,
  passageOf: Int32Array,
  seed: number,
  mostUnits = 256,
): UnitMatchingFigures | null {
  const passages = groupByPassage(passageOf);
  const [leftUnits, rightUnits] = [variedUnits(left, mostUnits), variedUnits(right, mostUnits)];
  if (passages.count < 3 || leftUnits.length === 0 || rightUnits.length === 0) return null;
  const [a, b] = [unitRows(left, leftUnits), unitRows(right, rightUnits)];
  const columns = transpose(b);
  const correlations = multiply(a, columns);
  const columnOf = bestAssignment(absolute(correlations));
  const source = random(seed, "unit matching null");
  const nulls = Array.from({ length: draws }, () => {
    const permuted = absolute(multiply(a, selectRows(columns, shufflePassages(passages, source))));
    return meanAssigned(permuted, bestAssignment(permuted));
  });

  const pairs = Array.from(columnOf.entries())
    .filter(([, column]) => column >= 0)
    .map(([i, column]) => ({ i, column, correlation: correlations.data[i * b.rows + column]! }))
    .sort((p, q) => Math.abs(q.correlation) - Math.abs(p.correlation));
  return {
    leftUnits,
    rightUnits,
    assignment: pairs.map(({ i, column, correlation }) => ({
      left: leftUnits[i]!,
      right: rightUnits[column]!,
      correlation,
    })),
    meanCorrelation: mean(pairs.map(({ correlation }) => Math.abs(correlation))),
    nullMean: mean(nulls),
    mutual: leftUnits.filter((_, i) => largestIn(row(correlations, i)) === columnOf[i]).length / leftUnits.length,
    sparse: sparseMatching(transpose(b), transpose(a), passages, passageFolds(passages, seed)),
    clusters: clustersOf(a, b, leftUnits, rightUnits),
    matrix: pairs
      .slice(0, mostShown)
      .map(({ i }) => pairs.slice(0, mostShown).map(({ column }) => Math.abs(correlations.data[i * b.rows + column]!))),
    n: left.rows,
  };
}

function variedUnits(f: Matrix, most: number): number[] {
  const variances = new Float64Array(f.cols);
  const centred = subtractFromRows(f, columnMeans(f));
  for (let at = 0; at < centred.data.length; at++) variances[at % f.cols]! += centred.data[at]! ** 2;
  const largest = variances.reduce((top, x) => Math.max(top, x), 0);
  return Array.from(variances.keys())
    .filter((unit) => variances[unit]! > relativeTolerance * largest)
    .sort((i, j) => variances[j]! - variances[i]! || i - j)
    .slice(0, most)
    .sort((i, j) => i - j);
}

/** Units as rows [units, n], minus their mean and of length 1: inner products are correlations. */
function unitRows(f: Matrix, units: readonly number[]): Matrix {
  const out = selectRows(transpose(subtractFromRows(f, columnMeans(f))), units);
  for (let u = 0; u < out.rows; u++) {
    const own = row(out, u);
    const length = Math.sqrt(own.reduce((sum, x) => sum + x * x, 0));
    for (let i = 0; i < own.length; i++) own[i]! /= length;
  }
  return out;
}

function absolute(a: Matrix): Matrix {
  return { ...a, data: a.data.map(Math.abs) };
}

function largestIn(entries: Float64Array): number {
  let best = 0;
  for (let j = 1; j < entries.length; j++) if (Math.abs(entries[j]!) > Math.abs(entries[best]!)) best = j;
  return best;
}

function meanAssigned(gains: Matrix, columnOf: Int32Array): number {
  const values: number[] = [];
  columnOf.forEach((column, i) => {
    if (column >= 0) values.push(gains.data[i * gains.cols + column]!);
  });
  return mean(values);
}

function clustersOf(a: Matrix, b: Matrix, leftUnits: readonly number[], rightUnits: readonly number[]) {
  const both = zeros(a.rows + b.rows, a.cols);
  both.data.set(a.data);
  both.data.set(b.data, a.data.length);
  const correlations = absolute(multiply(both, transpose(both)));
  const distances = { ...correlations, data: correlations.data.map((x) => 1 - x) };
  const members = new Map<number, number[]>();
  averageLinkage(distances, 1 - clusterCorrelation).forEach((cluster, unit) => {
    const known = members.get(cluster);
    if (known === undefined) members.set(cluster, [unit]);
    else known.push(unit);
  });
  return Array.from(members.values())
    .filter((units) => units.length > 1)
    .sort((p, q) => q.length - p.length)
    .map((units) => {
      const pairs = units.flatMap((i, k) => units.slice(0, k).map((j) => correlations.data[i * both.rows + j]!));
      return {
        left: units.filter((unit) => unit < a.rows).map((unit) => leftUnits[unit]!),
        right: units.filter((unit) => unit >= a.rows).map((unit) => rightUnits[unit - a.rows]!),
        meanCorrelation: mean(pairs),
      };
    });
}
