import type { Matrix } from "../../linalg/matrix";
import { gramInto } from "../../linalg/products";
import { rowExponentials } from "../../linalg/simd/rowExponentials";
import { KlCurvature } from "./klCurvature";
import { UpToConstant } from "./upToConstant";

/** Below it a probability is rounding, and its inverse would overflow. */
const smallest = 1e-280;

/** A point: coefficients d of the kernel and logits z = kernel d + a, each [n, |Y|], and the intercept a, [|Y|]. */
export interface KlPoint {
  readonly dual: Float64Array;
  readonly logits: Float64Array;
  readonly intercept: Float64Array;
}

/**
 * Newton's method for `fitKlMap`, for one set of training rows and any λ. A step costs n³ |Y| / 2 multiplications
 * for the curvature and 3 n² |Y| for the change that it asks for.
 */
export class KlNewton {
  private readonly n: number;
  private readonly answers: number;
  /** At the point that `look` was last asked about. */
  private readonly softmax: Float64Array;
  private readonly curvature: KlCurvature;
  /** Whether the curvature was taken at this λ. */
  private hasCurvature = false;
  /** What an intercept takes up, [|Y|, n]. */
  private readonly taken: Float64Array;
  /** Of Σ_y E_y [n, n], and of the intercepts' own curvature [|Y|, |Y|]. */
  private readonly shared: UpToConstant;
  private readonly intercepts: UpToConstant;

  /** Of the rows of logits that were last looked at: their largest and what their exponentials less it sum to. */
  private readonly largest: Float64Array;
  private readonly sums: Float64Array;
  /** For `look`: [n, n], [|Y|, n] and [|Y|, |Y|]. */
  private readonly total: Float64Array;
  private readonly columns: Float64Array;
  private readonly ofIntercepts: Float64Array;
  /** For `change`: [n, |Y|], or its transpose. */
  private readonly rest: Float64Array;
  private readonly scaled: Float64Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private readonly delta: Float64Array;
  private readonly ahead: Float64Array;

  /** Of the p_i, summed over rows. */
  private readonly entropy: number;
  private lambda = 1;

  /**
   * @param gram inner products of the training rows, [n, n]
   * @param probabilities p, [n, |Y|], rows that sum to 1
   */
  constructor(
    readonly gram: Matrix,
    private readonly probabilities: Matrix,
  ) {
    const [n, answers] = [probabilities.rows, probabilities.cols];
    this.n = n;
    this.answers = answers;
    const room = () => new Float64Array(n * answers);
    [this.softmax, this.rest, this.scaled] = [room(), room(), room()];
    [this.first, this.second, this.delta, this.ahead] = [room(), room(), room(), room()];
    [this.taken, this.columns] = [room(), room()];
    [this.largest, this.sums] = [new Float64Array(n), new Float64Array(n)];
    [this.total, this.ofIntercepts] = [new Float64Array(n * n), new Float64Array(answers * answers)];
    [this.shared, this.intercepts] = [new UpToConstant(n), new UpToConstant(answers)];
    this.curvature = new KlCurvature(n, answers);
    let entropy = 0;
    for (const p of probabilities.data) if (p > 0) entropy -= p * Math.log(p);
    this.entropy = entropy;
  }

  get penalty(): number {
    return this.lambda;
  }

  set penalty(lambda: number) {
    this.lambda = lambda;
    this.hasCurvature = false;
    this.curvature.begin(this.gram.data, lambda);
  }

  /** Σ_i KL(p_i ‖ softmax(z_i)) + ½ Σ_y d_yᵀ kernel d_y. */
  value(logits: Float64Array, dual: Float64Array, intercept: Float64Array): number {
    const { n, answers, largest, sums } = this;
    const p = this.probabilities.data;
    rowExponentials(logits, [n, answers], largest.fill(-Infinity), sums);
    let value = -this.entropy;
    for (let i = 0, at = 0; i < n; i++) {
      const most = largest[i]!;
      for (let y = 0; y < answers; y++, at++) {
        value += (dual[at]! * (logits[at]! - intercept[y]!)) / 2 - p[at]! * (logits[at]! - most);
      }
      value += Math.log(sums[i]!);
    }
    return value;
  }

  /** Derivative of the value along a change of a point; the point is the one that `look` was last asked about. */
  slope({ dual }: KlPoint, change: KlPoint): number {
    const p = this.probabilities.data;
    const { answers, softmax } = this;
    let slope = 0;
    for (let from = 0; from < dual.length; from += answers) {
      for (let y = 0, j = from; y < answers; y++, j++) {
        slope += (softmax[j]! - p[j]! + dual[j]!) * change.logits[j]! - dual[j]! * change.intercept[y]!;
      }
    }
    return slope;
  }

  /**
   * Makes the point with these logits the one that steps start from, and takes the curvature there; false where rounding
   * hides it.
   */
  look(logits: Float64Array): boolean {
    const { n, answers, softmax, largest, sums, total, taken, columns, ofIntercepts } = this;
    rowExponentials(logits, [n, answers], largest.fill(-Infinity), sums, softmax);
    for (let i = 0, at = 0; i < n; i++) {
      for (const end = at + answers; at < end; at++) softmax[at] = Math.max(smallest, softmax[at]! / sums[i]!);
    }
    this.curvature.take(softmax, total);
    this.curvature.intercepts(taken);
    // Σ_i (D_i − q_i q_iᵀ)
    for (let i = 0, at = 0; i < n; i++) for (let y = 0; y < answers; y++, at++) columns[y * n + i] = softmax[at]!;
    gramInto(columns, [answers, n], ofIntercepts);
    for (let at = 0; at < ofIntercepts.length; at++) ofIntercepts[at]! *= -1;
    for (let y = 0; y < answers; y++) {
      for (let i = 0; i < n; i++) ofIntercepts[y * answers + y]! += columns[y * n + i]!;
    }
    this.hasCurvature = this.shared.take(total) && this.intercepts.take(ofIntercepts);
    return this.hasCurvature;
  }

  /**
   * The change of the point that `look` was last asked about to the minimum of the quadratic model that has its value
   * and gradient, and the curvature that was taken last. With r = p − q − d and t_y what an intercept takes up,
   *
   *     δ_y = E_y (r_y / q_y + m) − t_y Σ d_y,   (Σ_y E_y) m = Σ_y (r_y − E_y r_y / q_y + t_y Σ d_y)
   *
   * so that the new coefficients sum to 0 over the rows, as the intercepts demand. What is given is overwritten by the
   * next call.
   */
  change({ dual }: KlPoint): KlPoint {
    const { n, answers, softmax, curvature, taken, rest, scaled, first, second, delta } = this;
    if (!this.hasCurvature) throw new RangeError("no curvature was taken at this λ");
    const p = this.probabilities.data;
    // Answer by answer, [|Y|, n].
    const sums = new Float64Array(answers);
    for (let i = 0, at = 0; i < n; i++) {
      for (let y = 0; y < answers; y++, at++) {
        const r = p[at]! - softmax[at]! - dual[at]!;
        rest[y * n + i] = r;
        scaled[y * n + i] = r / softmax[at]!;
        sums[y]! += dual[at]!;
      }
    }
    const right = new Float64Array(n);
    curvature.times(scaled, first);
    for (let y = 0; y < answers; y++) {
      for (let i = 0; i < n; i++) {
        const own = (first[y * n + i]! -= sums[y]! * taken[y * n + i]!);
        right[i]! += rest[y * n + i]! - own;
      }
    }
    curvature.times(this.shared.solve(right), second);
    for (let y = 0; y < answers; y++) {
      for (let i = 0; i < n; i++) delta[i * answers + y] = first[y * n + i]! + second[y * n + i]!;
    }
    return this.complete(dual, delta);
  }

  /** Logits and intercepts that go with the coefficients: (D − Π Πᵀ)(kernel δ + η) = r − δ, summed over rows. */
  private complete(dual: Float64Array, delta: Float64Array): KlPoint {
    const { answers, softmax, ahead: logits } = this;
    const p = this.probabilities.data;
    this.curvature.kernelTimes(delta, logits);
    const right = new Float64Array(answers);
    for (let from = 0; from < logits.length; from += answers) {
      let mean = 0;
      for (let y = 0, at = from; y < answers; y++, at++) mean += softmax[at]! * logits[at]!;
      for (let y = 0, at = from; y < answers; y++, at++) {
        right[y]! += p[at]! - softmax[at]! - dual[at]! - delta[at]! - softmax[at]! * (logits[at]! - mean);
      }
    }
    const intercept = this.intercepts.solve(right);
    for (let from = 0; from < logits.length; from += answers) {
      for (let y = 0; y < answers; y++) logits[from + y]! += intercept[y]!;
    }
    return { dual: delta, logits, intercept };
  }
}
