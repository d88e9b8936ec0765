import { LogisticObjective } from "./logisticObjective";
import { dot, row, zeros, type Matrix } from "../linalg/matrix";

/** log p(c | z) = W_c · z + b_c + const. */
export interface LogisticModel {
  /** W, [classes, k]; its rows sum to zero. */
  readonly weights: Matrix;
  /** b, [classes]; −∞ for classes without a training row. */
  readonly intercepts: Float64Array;
  /** Norm of the gradient at the solution, as a share of its norm at zero weights. */
  readonly residual: number;
}

export interface LogisticProblem {
  /** Rows z_i, [n, k]; roughly centred, best in their principal axes. */
  readonly inputs: Matrix;
  /** Class of each row, 0 … classes − 1. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** Weight of each row, such as how often it was drawn; 1 where absent. */
  readonly rowWeights?: ArrayLike<number>;
}

export interface LogisticOptions {
  readonly lambda: number;
  /** Where to start, such as the solution for a larger λ. */
  readonly start?: LogisticModel | undefined;
  /** Norm of the gradient, relative to that at zero weights, at which to stop. */
  readonly tolerance?: number;
}

const newtonSteps = 100;

/**
 * Multinomial logistic regression with an L2 penalty and free intercepts, the minimum of
 *
 *     (1/Σω) Σ_i ω_i (log Σ_c exp(W_c·z_i + b_c) − W_{y_i}·z_i − b_{y_i}) + λ/2 ‖W‖²_F
 *
 * by Newton's method, each step by conjugate gradients preconditioned with the diagonal (exact for a constant
 * Hessian in principal axes), to 1e-8 of the initial gradient. Two classes are one sigmoid with half the penalty on
 * the difference of the two rows of W: the same minimum.
 */
export function logisticRegression(problem: LogisticProblem, options: LogisticOptions): LogisticModel {
  const { inputs, labels, classes } = problem;
  const present = presentClasses(problem);
  const k = inputs.cols;
  const weights = zeros(classes, k);
  const intercepts = new Float64Array(classes).fill(-Infinity);
  if (present.length < 2) {
    for (const c of present) intercepts[c] = 0;
    return { weights, intercepts, residual: 0 };
  }
  const position = new Int32Array(classes).fill(-1);
  present.forEach((c, i) => (position[c] = i));
  // Rows of weight zero may be of a class that has no other.
  const compact = Int32Array.from(labels, (c) => Math.max(0, position[c]!));
  const objective = new LogisticObjective(inputs, compact, present.length, problem.rowWeights, options.lambda);
  const theta = startingPoint(objective, options.start, present, k);
  const residual = minimise(objective, theta, options.tolerance ?? 1e-8);
  for (const [i, c] of present.entries()) {
    // One output is the difference between two classes.
    const [from, sign] = present.length === 2 ? [0, i === 1 ? 0.5 : -0.5] : [i * (k + 1), 1];
    for (let a = 0; a < k; a++) weights.data[c * k + a] = sign * theta[from + a]!;
    intercepts[c] = sign * theta[from + k]!;
  }
  return { weights, intercepts, residual };
}

/** θ of an earlier solution; zero without one, or where it does not know all the classes. */
function startingPoint(
  objective: LogisticObjective,
  start: LogisticModel | undefined,
  present: readonly number[],
  k: number,
): Float64Array {
  const theta = new Float64Array(objective.size);
  if (start === undefined || present.some((c) => !Number.isFinite(start.intercepts[c]))) return theta;
  const entry = (c: number, a: number) => (a < k ? start.weights.data[c * k + a]! : start.intercepts[c]!);
  const [first, second] = present;
  for (let a = 0; a <= k; a++) {
    if (present.length === 2) theta[a] = entry(second!, a) - entry(first!, a);
    else for (const [i, c] of present.entries()) theta[i * (k + 1) + a] = entry(c, a);
  }
  return theta;
}

/** log p(c | z) of rows [m, k]: [m, classes]. */
export function logProbabilities({ weights, intercepts }: LogisticModel, inputs: Matrix): Matrix {
  const out = zeros(inputs.rows, weights.rows);
  for (let i = 0; i < inputs.rows; i++) {
    const target = row(out, i);
    for (let c = 0; c < target.length; c++) target[c] = dot(row(inputs, i), row(weights, c)) + intercepts[c]!;
    const largest = target.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    for (let c = 0; c < target.length; c++) sum += Math.exp(target[c]! - largest);
    const logSum = largest + Math.log(sum);
    for (let c = 0; c < target.length; c++) target[c]! -= logSum;
  }
  return out;
}

function presentClasses({ labels, classes, rowWeights }: LogisticProblem): number[] {
  const seen = new Uint8Array(classes);
  for (let i = 0; i < labels.length; i++) if ((rowWeights?.[i] ?? 1) > 0) seen[labels[i]!] = 1;
  return Array.from(seen.keys()).filter((c) => seen[c] === 1);
}

/** Newton with conjugate gradients; the relative norm of the last gradient. */
function minimise(objective: LogisticObjective, theta: Float64Array, tolerance: number): number {
  const size = theta.length;
  const gradient = new Float64Array(size);
  const step = new Float64Array(size);
  const trial = new Float64Array(size);
  // At zero weights and intercepts every class is as likely as every other.
  objective.evaluate(trial);
  objective.gradient(trial, gradient);
  const initial = Math.sqrt(dot(gradient, gradient));
  if (initial === 0) return 0;
  let value = objective.evaluate(theta);
  for (let iteration = 0; iteration < newtonSteps; iteration++) {
    objective.gradient(theta, gradient);
    const norm = Math.sqrt(dot(gradient, gradient)) / initial;
    if (norm <= tolerance) return norm;
    conjugateGradients(objective, gradient, step, Math.min(0.1, Math.sqrt(norm)));
    const slope = dot(gradient, step);
    let length = 1;
    for (;;) {
      for (let i = 0; i < size; i++) trial[i] = theta[i]! + length * step[i]!;
      const next = objective.evaluate(trial);
      // Near the minimum a step changes the value by less than its rounding.
      if (next <= value + 1e-4 * length * slope + 1e-14 * Math.abs(value) || length < 1e-10) {
        value = next;
        break;
      }
      length /= 2;
    }
    theta.set(trial);
  }
  objective.gradient(theta, gradient);
  return Math.sqrt(dot(gradient, gradient)) / initial;
}

/** Solves Hessian · step = −gradient to the relative accuracy `forcing`. */
function conjugateGradients(
  objective: LogisticObjective,
  gradient: Float64Array,
  step: Float64Array,
  forcing: number,
): void {
  const size = gradient.length;
  step.fill(0);
  const residual = gradient.map((x) => -x);
  const preconditioned = new Float64Array(size);
  const applied = new Float64Array(size);
  objective.precondition(residual, preconditioned);
  const direction = preconditioned.slice();
  let rho = dot(residual, preconditioned);
  const target = forcing ** 2 * dot(residual, residual);
  for (let iteration = 0; iteration < 2 * size; iteration++) {
    objective.hessian(direction, applied);
    const alpha = rho / dot(direction, applied);
    if (!Number.isFinite(alpha)) return;
    for (let i = 0; i < size; i++) {
      step[i]! += alpha * direction[i]!;
      residual[i]! -= alpha * applied[i]!;
    }
    if (dot(residual, residual) <= target) return;
    objective.precondition(residual, preconditioned);
    const next = dot(residual, preconditioned);
    const beta = next / rho;
    for (let i = 0; i < size; i++) direction[i] = preconditioned[i]! + beta * direction[i]!;
    rho = next;
  }
}
