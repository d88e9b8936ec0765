import { dot, selectRows, type Matrix } from "../../linalg/matrix";
import type { Random } from "../../linalg/random";
import { totalLogLoss } from "./classificationScores";
import { randomFolds, splitByFold, stratifiedFolds } from "../statistics/folds";
import { logisticFitter, logisticRegression, logProbabilities, type LogisticModel } from "./logisticRegression";
import { paddedRows } from "./paddedRows";
import { inOrder } from "../linearity/ridgeFold";
import { splitInputs, type ProbeSpace } from "./probeSpace";
import type { ProbeTask } from "./probeTasks";

/**
 * The λ that are tried, largest first, for inputs whose mean squared norm is 1 and a loss that is a mean over rows.
 * Whole decades: held-out loss is flat at a finer scale ([Raptor]).
 */
export const probeLambdas: readonly number[] = [10, 1, 0.1, 1e-2, 1e-3, 1e-4, 1e-5];

const innerFolds = 3;
/** For fits of which only a ranking of λ, or a direction's spread, is used; the probe itself converges to 1e-8. */
const rankingTolerance = 1e-3;
/**
 * For control fits, of which only the largest class of each row is used: their mean moves by less than .01 from
 * what 1e-8 gives, at a tenth of the time.
 */
export const controlTolerance = 0.1;
/** Where the search for λ begins: one decade above the small ones that most relations choose. */
const firstLambda = 4;
/** Losses within this share of each other are ties. */
const tie = 1e-6;

export interface LambdaChoice {
  /** Index in `probeLambdas`. */
  readonly index: number;
  /** Solution for that λ on some of the training rows: where to start the fit on all of them. */
  readonly start: LogisticModel;
}

/**
 * The λ with the smallest held-out loss over inner folds of the training units; ties within 1e-6 go to the larger. The
 * loss over log λ has one valley, so λ goes down from the middle while that helps, or else up.
 *
 * @param train positions in the task that `inputs` are the rows of
 */
export function chooseProbeLambda(task: ProbeTask, train: Int32Array, inputs: Matrix, random: Random): LambdaChoice {
  const labels = pick(task.labels, train);
  const folds = innerSplits(task, pick(task.units, train), random).map(({ fit, score }) => ({
    fit: logisticFitter({ inputs: selectRows(inputs, fit), labels: pick(labels, fit), classes: task.classes }),
    held: selectRows(inputs, score),
    heldLabels: pick(labels, score),
  }));
  const losses = new Map<number, number>();
  const models = new Map<number, readonly LogisticModel[]>();
  const lossAt = (index: number, from: number): number => {
    const starts = models.get(from);
    const fitted = folds.map(({ fit }, k) =>
      fit({ lambda: probeLambdas[index]!, start: starts?.[k], tolerance: rankingTolerance }),
    );
    const loss = folds.reduce(
      (sum, { held, heldLabels }, k) => sum + totalLogLoss(logProbabilities(fitted[k]!, held), heldLabels),
      0,
    );
    models.set(index, fitted);
    losses.set(index, loss);
    return loss;
  };
  let index = firstLambda;
  let loss = lossAt(index, index);
  for (const step of [1, -1]) {
    while (index + step in probeLambdas) {
      const next = losses.get(index + step) ?? lossAt(index + step, index);
      // Ties go to the larger.
      if (step > 0 ? !(next < loss * (1 - tie)) : !(next <= loss * (1 + tie))) break;
      [index, loss] = [index + step, next];
    }
  }
  return { index, start: models.get(index)![0]! };
}

/** Positions in `units` that are fitted and scored, for every inner fold; all classes in every fold where they can be. */
export function innerSplits(
  task: ProbeTask,
  units: Int32Array,
  random: Random,
  count = innerFolds,
): { fit: Int32Array; score: Int32Array }[] {
  const present = [...new Set(units)].sort((a, b) => a - b);
  const { unitClasses } = task;
  const folds =
    unitClasses === null
      ? randomFolds(present.length, count, random)
      : stratifiedFolds(pick(unitClasses, present), count, random);
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
  space: ProbeSpace,
  lambda: number,
  resamples: number,
  random: Random,
): number | null {
  if (resamples < 2 || task.classes !== 2) return null;
  const inputs = splitInputs(space, inOrder(task.rows.length), []).train;
  const common = { inputs, padded: paddedRows(inputs), labels: task.labels, classes: task.classes };
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
