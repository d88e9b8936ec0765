import { timesColumns, timesRows } from "../../linalg/simd/residentRows";
import { meanSquares, type PaddedRows } from "./paddedRows";

/**
 * The objective of `logisticRegression`, its gradient and its Hessian times a vector, for classes that all occur.
 * θ has a row of weights and an intercept, padded as the inputs are, for each output: one output (class 1 against
 * class 0) for two classes, else one per class. The gradient, Hessian and preconditioner are those at the θ that was
 * evaluated last.
 */
export class LogisticObjective {
  readonly size: number;
  /** Rows of θ. */
  private readonly classes: number;
  private penalty = 0;
  /** Weight of each row as a share of all, [height]; 0 for padding. */
  private readonly shares: Float64Array;
  /** Probabilities, and what is summed over the rows; [classes, height]. */
  private readonly p: Float64Array;
  private readonly scratch: Float64Array;
  /** Mean square of each input, [width]. */
  private readonly meanSquares: Float64Array;
  private readonly curvatures: Float64Array;

  constructor(
    private readonly inputs: PaddedRows,
    private readonly labels: ArrayLike<number>,
    classes: number,
    rowWeights?: ArrayLike<number>,
  ) {
    const { n, height, width } = inputs;
    this.classes = classes === 2 ? 1 : classes;
    this.size = this.classes * width;
    this.shares = new Float64Array(height);
    let total = 0;
    for (let i = 0; i < n; i++) total += this.shares[i] = rowWeights?.[i] ?? 1;
    for (let i = 0; i < n; i++) this.shares[i]! /= total;
    this.p = new Float64Array(this.classes * height);
    this.scratch = new Float64Array(this.classes * height);
    this.curvatures = new Float64Array(this.classes);
    this.meanSquares = rowWeights === undefined ? inputs.meanSquares : meanSquares(inputs, this.shares);
  }

  set lambda(lambda: number) {
    // With W_1 = −W_0 = v/2, λ/2 ‖W‖² = λ/4 ‖v‖².
    this.penalty = this.classes === 1 ? lambda / 2 : lambda;
  }

  evaluate(theta: Float64Array): number {
    const { inputs, classes, p, shares, curvatures, labels } = this;
    const { n, k, height, width } = inputs;
    this.scores(theta, p);
    curvatures.fill(0);
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const share = shares[i]!;
      if (classes === 1) {
        // log(1 + exp(∓η)) and the probability without overflow, from one exponential.
        const eta = p[i]!;
        const small = Math.exp(-Math.abs(eta));
        const wrong = labels[i] === 1 ? eta < 0 : eta > 0;
        loss += share * (Math.log1p(small) + (wrong ? Math.abs(eta) : 0));
        const probability = (eta > 0 ? 1 : small) / (1 + small);
        p[i] = probability;
        curvatures[0]! += share * probability * (1 - probability);
        continue;
      }
      let largest = -Infinity;
      for (let c = 0, at = i; c < classes; c++, at += height) if (p[at]! > largest) largest = p[at]!;
      const own = p[labels[i]! * height + i]!;
      let sum = 0;
      for (let c = 0, at = i; c < classes; c++, at += height) sum += p[at] = Math.exp(p[at]! - largest);
      loss += share * (largest + Math.log(sum) - own);
      for (let c = 0, at = i; c < classes; c++, at += height) {
        const probability = (p[at]! /= sum);
        curvatures[c]! += share * probability * (1 - probability);
      }
    }
    let squares = 0;
    for (let c = 0; c < classes; c++) {
      for (let a = c * width; a < c * width + k; a++) squares += theta[a]! ** 2;
    }
    return loss + (this.penalty / 2) * squares;
  }

  gradient(theta: Float64Array, out: Float64Array): void {
    const { inputs, classes, p, scratch, shares, labels } = this;
    const { n, height } = inputs;
    for (let c = 0; c < classes; c++) {
      const label = classes === 1 ? 1 : c;
      for (let i = 0, at = c * height; i < n; i++, at++) {
        scratch[at] = shares[i]! * (p[at]! - (labels[i] === label ? 1 : 0));
      }
    }
    this.sum(theta, out);
  }

  hessian(direction: Float64Array, out: Float64Array): void {
    const { inputs, classes, p, scratch, shares } = this;
    const { n, height } = inputs;
    this.scores(direction, scratch);
    if (classes === 1) {
      for (let i = 0; i < n; i++) scratch[i]! *= shares[i]! * p[i]! * (1 - p[i]!);
    } else {
      for (let i = 0; i < n; i++) {
        let expected = 0;
        for (let c = 0, at = i; c < classes; c++, at += height) expected += p[at]! * scratch[at]!;
        const share = shares[i]!;
        for (let c = 0, at = i; c < classes; c++, at += height)
          scratch[at] = share * p[at]! * (scratch[at]! - expected);
      }
    }
    this.sum(direction, out);
  }

  /** Divides by the diagonal of the Hessian as it would be with the same curvature at every row. */
  precondition(v: Float64Array, out: Float64Array): void {
    const { classes, curvatures, penalty, meanSquares, inputs } = this;
    const { k, width } = inputs;
    for (let c = 0; c < classes; c++) {
      const at = c * width;
      const curvature = Math.max(curvatures[c]!, 1e-12);
      for (let a = 0; a < k; a++) out[at + a] = v[at + a]! / (curvature * meanSquares[a]! + penalty);
      out[at + k] = v[at + k]! / curvature;
    }
  }

  /** θ_c · (z_i, 1), [classes, height]. */
  private scores(theta: Float64Array, out: Float64Array): void {
    timesRows(theta, this.inputs, this.classes, out);
  }

  /** out = Σ_i scratch_ci (z_i, 1) + penalty · weights. */
  private sum(weights: Float64Array, out: Float64Array): void {
    const { inputs, classes, penalty, scratch } = this;
    const { k, width } = inputs;
    timesColumns(scratch, inputs, classes, out);
    for (let c = 0; c < classes; c++) {
      for (let a = c * width; a < c * width + k; a++) out[a]! += penalty * weights[a]!;
    }
  }
}
