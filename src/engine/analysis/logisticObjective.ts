import type { Matrix } from "../linalg/matrix";

/**
 * The objective of `logisticRegression`, its gradient and its Hessian times a vector, for classes that all occur.
 * θ has k weights and an intercept for each output: one output (class 1 against class 0) for two classes, else one
 * per class. The gradient, Hessian and preconditioner are those at the θ that was evaluated last.
 */
export class LogisticObjective {
  readonly size: number;
  private readonly outputs: number;
  private readonly k: number;
  private readonly shares: Float64Array;
  private readonly penalty: number;
  /** Probabilities [n, outputs]. */
  private readonly p: Float64Array;
  /** Mean square of each input, [k]. */
  private readonly meanSquares: Float64Array;
  private readonly scratch: Float64Array;
  private curvature = 0.25;

  constructor(
    private readonly inputs: Matrix,
    private readonly labels: ArrayLike<number>,
    classes: number,
    rowWeights: ArrayLike<number> | undefined,
    lambda: number,
  ) {
    const n = inputs.rows;
    this.k = inputs.cols;
    this.outputs = classes === 2 ? 1 : classes;
    this.size = this.outputs * (this.k + 1);
    // With W_1 = −W_0 = v/2, λ/2 ‖W‖² = λ/4 ‖v‖².
    this.penalty = classes === 2 ? lambda / 2 : lambda;
    this.shares = Float64Array.from({ length: n }, (_, i) => rowWeights?.[i] ?? 1);
    const total = this.shares.reduce((a, b) => a + b, 0);
    this.shares.forEach((w, i) => (this.shares[i] = w / total));
    this.p = new Float64Array(n * this.outputs);
    this.scratch = new Float64Array(this.outputs);
    this.meanSquares = new Float64Array(this.k);
    for (let i = 0; i < n; i++) {
      for (let a = 0; a < this.k; a++) this.meanSquares[a]! += this.shares[i]! * inputs.data[i * this.k + a]! ** 2;
    }
  }

  evaluate(theta: Float64Array): number {
    const { inputs, k, outputs, p, scratch } = this;
    let loss = 0;
    let spread = 0;
    for (let i = 0; i < inputs.rows; i++) {
      this.scores(theta, i);
      const share = this.shares[i]!;
      const label = this.labels[i]!;
      if (outputs === 1) {
        const eta = scratch[0]!;
        // log(1 + exp(∓η)) without overflow.
        const signed = label === 1 ? -eta : eta;
        loss += share * (signed > 0 ? signed + Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)));
        const probability = 1 / (1 + Math.exp(-eta));
        p[i] = probability;
        spread += share * probability * (1 - probability);
        continue;
      }
      let largest = -Infinity;
      for (let c = 0; c < outputs; c++) if (scratch[c]! > largest) largest = scratch[c]!;
      let sum = 0;
      for (let c = 0; c < outputs; c++) sum += p[i * outputs + c] = Math.exp(scratch[c]! - largest);
      loss += share * (largest + Math.log(sum) - scratch[label]!);
      for (let c = 0; c < outputs; c++) {
        const probability = (p[i * outputs + c]! /= sum);
        spread += (share * probability * (1 - probability)) / outputs;
      }
    }
    this.curvature = Math.max(spread, 1e-12);
    let squares = 0;
    for (let c = 0; c < outputs; c++) {
      for (let a = c * (k + 1); a < c * (k + 1) + k; a++) squares += theta[a]! ** 2;
    }
    return loss + (this.penalty / 2) * squares;
  }

  gradient(theta: Float64Array, out: Float64Array): void {
    const { inputs, outputs, p, scratch } = this;
    this.penalise(theta, out);
    for (let i = 0; i < inputs.rows; i++) {
      for (let c = 0; c < outputs; c++) {
        const target = outputs === 1 ? this.labels[i]! : this.labels[i] === c ? 1 : 0;
        scratch[c] = this.shares[i]! * (p[i * outputs + c]! - target);
      }
      this.accumulate(i, out);
    }
  }

  hessian(direction: Float64Array, out: Float64Array): void {
    const { inputs, outputs, p, scratch } = this;
    this.penalise(direction, out);
    for (let i = 0; i < inputs.rows; i++) {
      this.scores(direction, i);
      const share = this.shares[i]!;
      if (outputs === 1) {
        scratch[0] = share * p[i]! * (1 - p[i]!) * scratch[0]!;
      } else {
        let expected = 0;
        for (let c = 0; c < outputs; c++) expected += p[i * outputs + c]! * scratch[c]!;
        for (let c = 0; c < outputs; c++) scratch[c] = share * p[i * outputs + c]! * (scratch[c]! - expected);
      }
      this.accumulate(i, out);
    }
  }

  /** Divides by the diagonal of the Hessian as it would be with the same curvature at every row. */
  precondition(v: Float64Array, out: Float64Array): void {
    const { k, outputs, curvature, penalty, meanSquares } = this;
    for (let c = 0; c < outputs; c++) {
      const at = c * (k + 1);
      for (let a = 0; a < k; a++) out[at + a] = v[at + a]! / (curvature * meanSquares[a]! + penalty);
      out[at + k] = v[at + k]! / curvature;
    }
  }

  /** Scores z_i · θ_c + b_c of row i into the scratch. */
  private scores(theta: Float64Array, i: number): void {
    const { k, outputs, scratch } = this;
    const z = this.inputs.data;
    const from = i * k;
    for (let c = 0; c < outputs; c++) {
      const at = c * (k + 1);
      let s0 = theta[at + k]!;
      let s1 = 0;
      let a = 0;
      for (; a + 1 < k; a += 2) {
        s0 += z[from + a]! * theta[at + a]!;
        s1 += z[from + a + 1]! * theta[at + a + 1]!;
      }
      if (a < k) s0 += z[from + a]! * theta[at + a]!;
      scratch[c] = s0 + s1;
    }
  }

  /** Adds scratch_c · (z_i, 1) to the part of each output. */
  private accumulate(i: number, out: Float64Array): void {
    const { k, outputs, scratch } = this;
    const z = this.inputs.data;
    const from = i * k;
    for (let c = 0; c < outputs; c++) {
      const at = c * (k + 1);
      const factor = scratch[c]!;
      for (let a = 0; a < k; a++) out[at + a]! += factor * z[from + a]!;
      out[at + k]! += factor;
    }
  }

  private penalise(theta: Float64Array, out: Float64Array): void {
    const { k, outputs, penalty } = this;
    for (let c = 0; c < outputs; c++) {
      const at = c * (k + 1);
      for (let a = 0; a < k; a++) out[at + a] = penalty * theta[at + a]!;
      out[at + k] = 0;
    }
  }
}
