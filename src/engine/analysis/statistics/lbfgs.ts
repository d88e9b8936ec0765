import { dot } from "../../linalg/matrix";

/** Value at θ; writes the gradient at θ into `gradient`. */
export type Objective = (theta: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Norm of the gradient at which to stop, as a share of that at the starting point; 1e-6 where absent. */
  readonly tolerance?: number;
  /** Steps after which to stop in any case; 500 where absent. */
  readonly iterations?: number;
  /** Pairs of steps and gradient changes that are kept; 10 where absent. */
  readonly memory?: number;
}

export interface Minimum {
  readonly value: number;
  /** Norm of the gradient, as a share of that at the starting point. */
  readonly residual: number;
  readonly iterations: number;
}

/** Sufficient decrease and curvature of the Wolfe conditions. */
const decrease = 1e-4;
const curvature = 0.9;
const lineSteps = 40;
/** Near the minimum a step changes the value by less than this share of it, which is rounding. */
const rounding = 1e-14;

/**
 * Minimum of a smooth function by the limited-memory BFGS method (Nocedal and Wright, *Numerical Optimization*,
 * second edition, algorithm 7.5), each step of a length that meets the weak Wolfe conditions, found by bisection
 * (Lewis and Overton, *Nonsmooth optimization via quasi-Newton methods*, 2013). Every step is a combination of
 * gradients, so that a rotation of θ rotates the whole path.
 *
 * @param theta starting point; overwritten by the minimum
 */
export function lbfgs(objective: Objective, theta: Float64Array, options: LbfgsOptions = {}): Minimum {
  const { tolerance = 1e-6, iterations = 500, memory = 10 } = options;
  const size = theta.length;
  const gradient = new Float64Array(size);
  const next = new Float64Array(size);
  const nextGradient = new Float64Array(size);
  const direction = new Float64Array(size);
  const history = new History(size, memory);
  let value = objective(theta, gradient);
  const initial = norm(gradient);
  if (initial === 0) return { value, residual: 0, iterations: 0 };

  for (let iteration = 0; ; iteration++) {
    const residual = norm(gradient) / initial;
    if (residual <= tolerance || iteration === iterations) return { value, residual, iterations: iteration };
    history.direction(gradient, direction);
    let slope = dot(gradient, direction);
    if (!(slope < 0)) {
      history.clear();
      direction.forEach((_, i) => (direction[i] = -gradient[i]!));
      slope = -dot(gradient, gradient);
    }
    // Without a history the gradient says nothing about the length of a step.
    const reached = search(history.empty ? 1 / norm(gradient) : 1, slope);
    if (reached === null) return { value, residual, iterations: iteration };
    history.add(theta, next, gradient, nextGradient);
    theta.set(next);
    gradient.set(nextGradient);
    value = reached;
  }

  /** Value at the point found, which is in `next`; null where rounding leaves no way down. */
  function search(first: number, slope: number): number | null {
    let [shortest, longest] = [0, Infinity];
    let length = first;
    for (let k = 0; k < lineSteps; k++) {
      for (let i = 0; i < size; i++) next[i] = theta[i]! + length * direction[i]!;
      const reached = objective(next, nextGradient);
      if (!(reached <= value + decrease * length * slope + rounding * Math.abs(value))) longest = length;
      else if (dot(nextGradient, direction) < curvature * slope) shortest = length;
      else return reached;
      length = longest === Infinity ? 2 * length : (shortest + longest) / 2;
    }
    return null;
  }
}

/** The last steps s and changes of the gradient y, which stand for the inverse Hessian. */
class History {
  private readonly steps: Float64Array[] = [];
  private readonly changes: Float64Array[] = [];
  private readonly products: number[] = [];
  private readonly alphas: Float64Array;

  constructor(
    private readonly size: number,
    private readonly memory: number,
  ) {
    this.alphas = new Float64Array(memory);
  }

  get empty(): boolean {
    return this.steps.length === 0;
  }

  clear(): void {
    this.steps.length = this.changes.length = this.products.length = 0;
  }

  add(from: Float64Array, to: Float64Array, gradient: Float64Array, nextGradient: Float64Array): void {
    const full = this.steps.length === this.memory;
    const s = (full ? this.steps.shift() : undefined) ?? new Float64Array(this.size);
    const y = (full ? this.changes.shift() : undefined) ?? new Float64Array(this.size);
    if (full) this.products.shift();
    let product = 0;
    for (let i = 0; i < this.size; i++) {
      s[i] = to[i]! - from[i]!;
      y[i] = nextGradient[i]! - gradient[i]!;
      product += s[i]! * y[i]!;
    }
    if (!(product > 0)) return;
    this.steps.push(s);
    this.changes.push(y);
    this.products.push(product);
  }

  /** −H · gradient into `out`, by the two-loop recursion. */
  direction(gradient: Float64Array, out: Float64Array): void {
    const { steps, changes, products, alphas, size } = this;
    for (let i = 0; i < size; i++) out[i] = -gradient[i]!;
    const last = steps.length - 1;
    for (let k = last; k >= 0; k--) {
      const alpha = (alphas[k] = dot(steps[k]!, out) / products[k]!);
      addScaled(out, -alpha, changes[k]!);
    }
    if (last >= 0) {
      const factor = products[last]! / dot(changes[last]!, changes[last]!);
      for (let i = 0; i < size; i++) out[i]! *= factor;
    }
    for (let k = 0; k <= last; k++) {
      addScaled(out, alphas[k]! - dot(changes[k]!, out) / products[k]!, steps[k]!);
    }
  }
}

function addScaled(target: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!;
}

function norm(values: Float64Array): number {
  return Math.sqrt(dot(values, values));
}
