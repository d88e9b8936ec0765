import { LogisticObjective } from "./logisticObjective";
import { dot, multiplyTransposed, zeros, type Matrix } from "../../linalg/matrix";
import { paddedRows, type PaddedRows } from "./paddedRows";

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
  /** The same rows, prepared once for several fits; made here where absent. */
  readonly padded?: PaddedRows;
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
  return logisticFitter(problem)(options);
}

/** As `logisticRegression`, for several λ and starting points. */
export function logisticFitter(problem: LogisticProblem): (options: LogisticOptions) => LogisticModel {
  const { inputs, labels, classes } = problem;
  const present = presentClasses(problem);
  const k = inputs.cols;
  if (present.length < 2) {
    const intercepts = new Float64Array(classes).fill(-Infinity);
    for (const c of present) intercepts[c] = 0;
    return () => ({ weights: zeros(classes, k), intercepts, residual: 0 });
  }
  const position = new Int32Array(classes).fill(-1);
  present.forEach((c, i) => (position[c] = i));
  // Rows of weight zero may be of a class that has no other.
  const compact = Int32Array.from(labels, (c) => Math.max(0, position[c]!));
  const rows = problem.padded ?? paddedRows(inputs);
  const newton = new Newton(new LogisticObjective(rows, compact, present.length, problem.rowWeights));
  return ({ lambda, start, tolerance = 1e-8 }) => {
    const theta = startingPoint(newton.objective, start, present, rows);
    const residual = newton.minimise(theta, lambda, tolerance);
    const weights = zeros(classes, k);
    const intercepts = new Float64Array(classes).fill(-Infinity);
    for (const [i, c] of present.entries()) {
      // One output is the difference between two classes.
      const [from, sign] = present.length === 2 ? [0, i === 1 ? 0.5 : -0.5] : [i * rows.width, 1];
      for (let a = 0; a < k; a++) weights.data[c * k + a] = sign * theta[from + a]!;
      intercepts[c] = sign * theta[from + k]!;
    }
    return { weights, intercepts, residual };
  };
}

/** θ of an earlier solution; zero without one, or where it does not know all the classes. */
function startingPoint(
  objective: LogisticObjective,
  start: LogisticModel | undefined,
  present: readonly number[],
  { k, width }: PaddedRows,
): Float64Array {
  const theta = new Float64Array(objective.size);
  if (start === undefined || present.some((c) => !Number.isFinite(start.intercepts[c]))) return theta;
  const entry = (c: number, a: number) => (a < k ? start.weights.data[c * k + a]! : start.intercepts[c]!);
  const [first, second] = present;
  for (let a = 0; a <= k; a++) {
    if (present.length === 2) theta[a] = entry(second!, a) - entry(first!, a);
    else for (const [i, c] of present.entries()) theta[i * width + a] = entry(c, a);
  }
  return theta;
}

/** log p(c | z) of rows [m, k]: [m, classes]. */
export function logProbabilities({ weights, intercepts }: LogisticModel, inputs: Matrix): Matrix {
  const out = multiplyTransposed(inputs, weights);
  const classes = weights.rows;
  for (let from = 0; from < out.data.length; from += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, (out.data[from + c]! += intercepts[c]!));
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(out.data[from + c]! - largest);
    const logSum = largest + Math.log(sum);
    for (let c = 0; c < classes; c++) out.data[from + c]! -= logSum;
  }
  return out;
}

function presentClasses({ labels, classes, rowWeights }: LogisticProblem): number[] {
  const seen = new Uint8Array(classes);
  for (let i = 0; i < labels.length; i++) if ((rowWeights?.[i] ?? 1) > 0) seen[labels[i]!] = 1;
  return Array.from(seen.keys()).filter((c) => seen[c] === 1);
}

/** Newton's method with conjugate gradients. */
class Newton {
  private readonly gradient: Float64Array;
  private readonly step: Float64Array;
  private readonly trial: Float64Array;
  private readonly residual: Float64Array;
  private readonly preconditioned: Float64Array;
  private readonly applied: Float64Array;
  private readonly direction: Float64Array;
  /** At zero weights and intercepts, where every class is as likely as every other and the penalty is zero. */
  private readonly valueAtZero: number;
  private readonly initial: number;
  /** Whether nothing was evaluated since. */
  private atZero = true;

  constructor(readonly objective: LogisticObjective) {
    const vector = () => new Float64Array(objective.size);
    [this.gradient, this.step, this.trial] = [vector(), vector(), vector()];
    [this.residual, this.preconditioned, this.applied, this.direction] = [vector(), vector(), vector(), vector()];
    this.valueAtZero = objective.evaluate(this.trial);
    objective.gradient(this.trial, this.gradient);
    this.initial = Math.sqrt(dot(this.gradient, this.gradient));
  }

  /** Moves θ to the minimum; the relative norm of the last gradient. */
  minimise(theta: Float64Array, lambda: number, tolerance: number): number {
    const { objective, gradient, step, trial, initial } = this;
    if (initial === 0) return 0;
    objective.lambda = lambda;
    let known = this.atZero && theta.every((x) => x === 0);
    let value = known ? this.valueAtZero : objective.evaluate(theta);
    this.atZero = false;
    for (let iteration = 0; ; iteration++) {
      if (!known) objective.gradient(theta, gradient);
      known = false;
      const norm = Math.sqrt(dot(gradient, gradient)) / initial;
      if (norm <= tolerance || iteration === newtonSteps) return norm;
      this.solve(Math.min(0.1, Math.sqrt(norm)));
      const slope = dot(gradient, step);
      let length = 1;
      for (;;) {
        for (let i = 0; i < theta.length; i++) trial[i] = theta[i]! + length * step[i]!;
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
  }

  /** Solves Hessian · step = −gradient to the relative accuracy `forcing`. */
  private solve(forcing: number): void {
    const { objective, gradient, step, residual, preconditioned, applied, direction } = this;
    const { size } = objective;
    step.fill(0);
    for (let i = 0; i < size; i++) residual[i] = -gradient[i]!;
    objective.precondition(residual, preconditioned);
    direction.set(preconditioned);
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
}
