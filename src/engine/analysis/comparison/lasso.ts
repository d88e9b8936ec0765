import { row, type Matrix } from "../../linalg/matrix";

export interface LassoProblem {
  /** Gram matrix of the centred inputs divided by n, [k, k]. */
  readonly gram: Matrix;
  /** Products of the centred inputs with the centred target divided by n, [k]. */
  readonly products: Float64Array;
}

/** An input whose part outside the active ones is below this share of it adds nothing to them. */
const collinear = 1e-10;
/** Per input; a path has about as many as inputs. */
const mostKnots = 20;

/**
 * Minimisers w(λ) of ‖y − X w‖² / 2n + λ ‖w‖₁ for centred columns, from the λ that leaves nothing downwards. w is
 * piecewise linear in λ: between two knots the products c of the active inputs with the residual stay at ±λ, so
 * dw_A/dλ = −(G_AA)⁻¹ sign(c_A) (Osborne, Presnell and Turlach, *A new approach to variable selection in least squares
 * problems*, 2000). Exact, whatever the condition of the inputs, at k a steps per knot for a active inputs.
 */
export class LassoPath {
  /** w at the λ that was last asked for. */
  readonly weights: Float64Array;
  /** Whether the path ended above the λ that was last asked for. */
  ended = false;
  private readonly active: number[] = [];
  private readonly signs: Float64Array;
  /** (G_AA)⁻¹ in the order of `active`, rows of `stride` entries. */
  private readonly inverse: Float64Array;
  private readonly stride: number;
  /** c = Xᵀ (y − X w) / n. */
  private readonly remaining: Float64Array;
  /** Inputs that do not vary, or not beyond those that are active. */
  private readonly unusable: Uint8Array;
  private readonly isActive: Uint8Array;
  private readonly direction: Float64Array;
  private readonly change: Float64Array;
  private lambda: number;
  /** What becomes active at this λ, and what has just ceased to be; −1 for none. */
  private entering = -1;
  private left = -1;
  private knots = 0;

  /** @param mostActive the path ends before more inputs are active */
  constructor(
    private readonly problem: LassoProblem,
    mostActive = problem.products.length,
  ) {
    const k = problem.products.length;
    this.weights = new Float64Array(k);
    this.remaining = problem.products.slice();
    this.unusable = Uint8Array.from({ length: k }, (_, j) => (problem.gram.data[j * k + j]! > 0 ? 0 : 1));
    this.isActive = new Uint8Array(k);
    this.change = new Float64Array(k);
    this.stride = Math.min(k, mostActive);
    this.signs = new Float64Array(this.stride);
    this.direction = new Float64Array(this.stride);
    this.inverse = new Float64Array(this.stride ** 2);
    this.lambda = 0;
    for (let j = 0; j < k; j++) {
      if (this.unusable[j] === 1 || Math.abs(this.remaining[j]!) <= this.lambda) continue;
      [this.lambda, this.entering] = [Math.abs(this.remaining[j]!), j];
    }
    this.largest = this.lambda;
  }

  /** The λ from which on nothing is active. */
  readonly largest: number;

  /** Goes down to λ, or to where the path ends. */
  to(lambda: number): this {
    while (this.lambda > lambda && !this.ended) {
      if (this.entering >= 0) this.ended = !this.enter(this.entering) || this.knots++ > mostKnots * this.weights.length;
      else this.advance(lambda);
    }
    return this;
  }

  /** To the next knot, or to the λ that is asked for. */
  private advance(target: number): void {
    const { active, signs, remaining, weights, direction, change, stride } = this;
    const size = active.length;
    const k = remaining.length;
    change.fill(0);
    for (let a = 0; a < size; a++) {
      let along = 0;
      for (let b = 0, at = a * stride; b < size; b++, at++) along += this.inverse[at]! * signs[b]!;
      direction[a] = along;
      const column = row(this.problem.gram, active[a]!);
      for (let i = 0; i < k; i++) change[i]! += along * column[i]!;
    }
    let step = this.lambda - target;
    let [entering, leaving] = [-1, -1];
    for (let j = 0; j < k; j++) {
      if (this.isActive[j] === 1 || this.unusable[j] === 1) continue;
      // Only a product that falls more slowly than λ is ever met by it; what has just left starts at it and falls faster.
      const up = j === this.left && remaining[j]! > 0 ? 0 : 1 - change[j]!;
      const down = j === this.left && remaining[j]! < 0 ? 0 : 1 + change[j]!;
      const above = up > 0 ? Math.max(0, this.lambda - remaining[j]!) / up : Infinity;
      const below = down > 0 ? Math.max(0, this.lambda + remaining[j]!) / down : Infinity;
      const length = Math.min(above, below);
      if (length < step) [step, entering] = [length, j];
    }
    for (let a = 0; a < size; a++) {
      const length = -weights[active[a]!]! / direction[a]!;
      if (length > 1e-13 * this.lambda && length < step) [step, entering, leaving] = [length, -1, a];
    }
    for (let a = 0; a < size; a++) weights[active[a]!]! += step * direction[a]!;
    for (let i = 0; i < k; i++) remaining[i]! -= step * change[i]!;
    this.lambda = entering < 0 && leaving < 0 ? target : this.lambda - step;
    this.entering = entering;
    this.left = leaving < 0 ? -1 : active[leaving]!;
    if (leaving >= 0) this.leave(leaving);
  }

  /** Extends (G_AA)⁻¹ by the Schur complement of the new input. @returns false where there is no room for it */
  private enter(j: number): boolean {
    const { active, inverse, stride } = this;
    const size = active.length;
    this.entering = -1;
    const column = row(this.problem.gram, j);
    const solved = new Float64Array(size);
    let rest = column[j]!;
    for (let a = 0; a < size; a++) {
      for (let b = 0, at = a * stride; b < size; b++, at++) solved[a]! += inverse[at]! * column[active[b]!]!;
      rest -= solved[a]! * column[active[a]!]!;
    }
    if (!(rest > collinear * column[j]!)) {
      this.unusable[j] = 1;
      return true;
    }
    if (size === stride) return false;
    for (let a = 0; a < size; a++) {
      for (let b = 0, at = a * stride; b < size; b++, at++) inverse[at]! += (solved[a]! * solved[b]!) / rest;
      inverse[a * stride + size] = inverse[size * stride + a] = -solved[a]! / rest;
    }
    inverse[size * stride + size] = 1 / rest;
    this.signs[size] = Math.sign(this.remaining[j]!);
    active.push(j);
    this.isActive[j] = 1;
    return true;
  }

  /** Takes an input out of (G_AA)⁻¹; the last one moves to its place. */
  private leave(position: number): void {
    const { active, signs, inverse, stride } = this;
    const last = active.length - 1;
    const gone = active[position]!;
    const entries = inverse.slice(position * stride, position * stride + active.length);
    const pivot = entries[position]!;
    for (let a = 0; a <= last; a++) {
      const factor = entries[a]! / pivot;
      for (let b = 0, at = a * stride; b <= last; b++, at++) inverse[at]! -= factor * entries[b]!;
    }
    for (let b = 0; b <= last; b++) inverse[position * stride + b] = inverse[last * stride + b]!;
    for (let a = 0; a <= last; a++) inverse[a * stride + position] = inverse[a * stride + last]!;
    active[position] = active[last]!;
    signs[position] = signs[last]!;
    active.pop();
    this.weights[gone] = 0;
    this.isActive[gone] = 0;
  }
}
