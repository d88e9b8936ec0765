import { dot, selectRows, type Matrix } from "../linalg/matrix";
import type { Random } from "../linalg/random";
import { totalLogLoss } from "./classificationScores";
import { randomFolds, splitByFold, stratifiedFolds } from "./folds";
import { logisticRegression, logProbabilities, type LogisticModel } from "./logisticRegression";
import type { ProbeTask } from "./probeTasks";
import { rowSpace, scaleColumns } from "./rowSpace";

/**
 * The λ that are tried, largest first, for inputs whose mean squared norm is 1 and a loss that is a mean over rows.
 * Whole decades: held-out loss is flat at a finer scale ([Raptor]).
 */
export const probeLambdas: readonly number[] = [10, 1, 0.1, 1e-2, 1e-3, 1e-4, 1e-5];

const innerFolds = 3;
/** For fits of which only a ranking is used (of λ, of a control row's classes); the probe itself converges to 1e-8. */
export const rankingTolerance = 1e-3;
/** Below a λ whose loss is this much above the smallest, overfitting only grows. */
const hopeless = 1.2;

export interface ProbeInputs {
  /** Training rows in their principal axes, with one common scale that makes the mean squared norm 1, [n, k]. */
  readonly train: Matrix;
  /** Other rows in the same coordinates, [m, k]. */
  readonly test: Matrix;
}

export function probeInputs(trainRows: Matrix, testRows: Matrix, standardise: boolean): ProbeInputs {
  const space = rowSpace(trainRows, { standardise });
  const meanSquare = space.eigenvalues.reduce((sum, e) => sum + e, 0) / trainRows.rows;
  const factors = space.eigenvalues.map(() => 1 / Math.sqrt(meanSquare));
  return {
    train: scaleColumns(space.coordinates, factors),
    test: scaleColumns(space.project(testRows), factors),
  };
}

/**
 * Index of the λ with the smallest held-out loss over inner folds of the training units; ties within 1e-6 go to the
 * larger.
 *
 * @param train positions in the task that `inputs` are the rows of
 */
export function chooseProbeLambda(task: ProbeTask, train: Int32Array, inputs: Matrix, random: Random): number {
  const units = pick(task.units, train);
  const labels = pick(task.labels, train);
  const folds = innerSplits(task, units, random).map(({ fit, score }) => ({
    problem: { inputs: selectRows(inputs, fit), labels: pick(labels, fit), classes: task.classes },
    held: selectRows(inputs, score),
    heldLabels: pick(labels, score),
  }));
  const starts: LogisticModel[] = [];
  const losses: number[] = [];
  let smallest = Infinity;
  for (const lambda of probeLambdas) {
    let loss = 0;
    folds.forEach(({ problem, held, heldLabels }, k) => {
      const model = logisticRegression(problem, { lambda, start: starts[k], tolerance: rankingTolerance });
      starts[k] = model;
      loss += totalLogLoss(logProbabilities(model, held), heldLabels);
    });
    losses.push(loss);
    smallest = Math.min(smallest, loss);
    if (loss > hopeless * smallest) break;
  }
  return losses.findIndex((loss) => loss <= smallest * (1 + 1e-6));
}

function innerSplits(task: ProbeTask, units: Int32Array, random: Random): { fit: Int32Array; score: Int32Array }[] {
  const present = [...new Set(units)].sort((a, b) => a - b);
  const { unitClasses } = task;
  const folds =
    unitClasses === null
      ? randomFolds(present.length, innerFolds, random)
      : stratifiedFolds(pick(unitClasses, present), innerFolds, random);
  const position = new Int32Array(task.n);
  present.forEach((unit, i) => (position[unit] = i));
  const positions = units.map((unit) => position[unit]!);
  return Array.from({ length: folds.count }, (_, k) => splitByFold(positions, folds, k))
    .filter(({ train }) => train.length > 0)
    .map(({ train, test }) => ({ fit: train, score: test }));
}

/**
 * How much the direction depends on who is in the sample: the mean cosine between the weights of bootstrap resamples
 * of the units, in the coordinates of all rows. Null for fewer than two resamples, and for more than two classes,
 * which have no single direction.
 */
export function directionStability(
  task: ProbeTask,
  rows: Matrix,
  standardise: boolean,
  lambda: number,
  resamples: number,
  random: Random,
): number | null {
  if (resamples < 2 || task.classes !== 2) return null;
  const inputs = probeInputs(rows, selectRows(rows, []), standardise).train;
  const common = { inputs, labels: task.labels, classes: task.classes };
  const start = logisticRegression(common, { lambda, tolerance: rankingTolerance });
  const directions: Float64Array[] = [];
  for (let draw = 0; draw < resamples; draw++) {
    const counts = new Int32Array(task.n);
    for (let i = 0; i < task.n; i++) counts[random.integer(task.n)]!++;
    const rowWeights = task.units.map((unit) => counts[unit]!);
    const { weights } = logisticRegression({ ...common, rowWeights }, { lambda, start, tolerance: rankingTolerance });
    const length = Math.sqrt(dot(weights.data, weights.data));
    // A resample of a single class has no direction.
    if (length > 0) directions.push(weights.data.map((x) => x / length));
  }
  if (directions.length < 2) return null;
  // Σ_{i≠j} u_i·u_j = ‖Σ u_i‖² − m
  const total = new Float64Array(directions[0]!.length);
  for (const direction of directions) direction.forEach((x, k) => (total[k]! += x));
  const m = directions.length;
  return (dot(total, total) - m) / (m * (m - 1));
}

export function pick(values: Int32Array, positions: ArrayLike<number>): Int32Array {
  return Int32Array.from(positions, (p) => values[p]!);
}
