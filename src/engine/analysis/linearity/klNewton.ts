import { cholesky, solveLower, solveLowerTransposed } from "../../linalg/decompositions";
import { invertLower } from "../../linalg/invertLower";
import { zeros, type Matrix } from "../../linalg/matrix";
import { productInto } from "../../linalg/products";

/** Below it a probability is rounding, and its inverse would overflow. */
const smallest = 1e-280;

/** Keeps a matrix of unit diagonal positive where rounding would not. */
const jitter = 1e-13;

/** A point: coefficients d of the kernel and logits z = kernel d + a, each [n, |Y|], and the intercept a, [|Y|]. */
export interface KlPoint {
  readonly dual: Float64Array;
  readonly logits: Float64Array;
  readonly intercept: Float64Array;
}

/** The curvature of one point, ready for steps from it and from points near it. */
interface Curvature {
  /** Factors of Σ_y E_y [n, n] and of the intercepts' [|Y|, |Y|]. */
  readonly shared: UpToConstant;
  readonly intercepts: UpToConstant;
}

/**
 * Newton's method for `fitKlMap`, for one set of training rows and any λ. What a step costs is the curvature, n³ |Y| / 2
 * multiplications; a step with that of an earlier point costs 3 n² |Y|. Both solve for the change that the gradient
 * asks for, so that the minimum does not depend on where the curvature was taken.
 */
export class KlNewton {
  private readonly n: number;
  private readonly answers: number;
  /** At the point that `look` was last asked about. */
  private readonly softmax: Float64Array;
  /** At the point where the curvature was taken. */
  private readonly weights: Float64Array;
  /** E_y for each answer, [|Y|, n, n]: (kernel + diag(1/q_y))⁻¹, less what an intercept takes up. */
  private readonly inverses: Float64Array;
  /** What an intercept takes up: (kernel + diag(1/q_y))⁻¹ 1 as shares of its sum, [|Y|, n]. */
  private readonly taken: Float64Array;
  private curvature: Curvature | null = null;

  /** Of the p_i, summed over rows. */
  private readonly entropy: number;
  private readonly work: Float64Array;
  private readonly roots: Float64Array;
  private readonly sums: Float64Array;

  /** The Gram matrix over λ. */
  private readonly kernel: Float64Array;
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
    this.kernel = new Float64Array(n * n);
    this.softmax = new Float64Array(n * answers);
    this.weights = new Float64Array(n * answers);
    this.inverses = new Float64Array(answers * n * n);
    this.taken = new Float64Array(answers * n);
    this.work = new Float64Array(n * n);
    this.roots = new Float64Array(n);
    this.sums = new Float64Array(n);
    let entropy = 0;
    for (const p of probabilities.data) if (p > 0) entropy -= p * Math.log(p);
    this.entropy = entropy;
  }

  get penalty(): number {
    return this.lambda;
  }

  set penalty(lambda: number) {
    this.lambda = lambda;
    this.curvature = null;
    for (let k = 0; k < this.kernel.length; k++) this.kernel[k] = this.gram.data[k]! / lambda;
  }

  /** Σ_i KL(p_i ‖ softmax(z_i)) + ½ Σ_y d_yᵀ kernel d_y. */
  value(logits: Float64Array, dual: Float64Array, intercept: Float64Array): number {
    const { answers } = this;
    const p = this.probabilities.data;
    let value = -this.entropy;
    for (let from = 0; from < logits.length; from += answers) {
      let largest = -Infinity;
      for (let j = from; j < from + answers; j++) if (logits[j]! > largest) largest = logits[j]!;
      let sum = 0;
      for (let y = 0, j = from; y < answers; y++, j++) {
        sum += Math.exp(logits[j]! - largest);
        value += (dual[j]! * (logits[j]! - intercept[y]!)) / 2 - p[j]! * (logits[j]! - largest);
      }
      value += Math.log(sum);
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

  /** Makes the point with these logits the one that steps start from. */
  look(logits: Float64Array): void {
    const { answers, softmax } = this;
    for (let from = 0; from < logits.length; from += answers) {
      let largest = -Infinity;
      for (let j = from; j < from + answers; j++) if (logits[j]! > largest) largest = logits[j]!;
      let sum = 0;
      for (let j = from; j < from + answers; j++) sum += softmax[j] = Math.exp(logits[j]! - largest);
      for (let j = from; j < from + answers; j++) softmax[j] = Math.max(smallest, softmax[j]! / sum);
    }
  }

  /** Takes the curvature at the point that `look` was last asked about; false where rounding hides it. */
  bend(): boolean {
    const { n, answers, inverses, weights } = this;
    weights.set(this.softmax);
    const total = zeros(n, n);
    for (let y = 0; y < answers; y++) {
      const inverse = inverses.subarray(y * n * n, (y + 1) * n * n);
      this.invert(y, inverse);
      for (let at = 0; at < n * n; at++) total.data[at]! += inverse[at]!;
    }
    const intercepts = zeros(answers, answers);
    for (let from = 0; from < weights.length; from += answers) {
      for (let y = 0; y < answers; y++) {
        const q = weights[from + y]!;
        intercepts.data[y * answers + y]! += q;
        for (let other = 0; other <= y; other++) intercepts.data[y * answers + other]! -= q * weights[from + other]!;
      }
    }
    const shared = upToConstant(total);
    const own = upToConstant(intercepts);
    this.curvature = shared === null || own === null ? null : { shared, intercepts: own };
    return this.curvature !== null;
  }

  /**
   * The change of the point that `look` was last asked about to the minimum of the quadratic model that has its value
   * and gradient, and the curvature that was taken last. With r = p − q − d and t_y what an intercept takes up,
   *
   *     δ_y = E_y (r_y / q_y + m) − t_y Σ d_y,   (Σ_y E_y) m = Σ_y (r_y − E_y r_y / q_y + t_y Σ d_y)
   *
   * so that the new coefficients sum to 0 over the rows, as the intercepts demand.
   */
  change({ dual }: KlPoint): KlPoint {
    const { n, answers, softmax, weights, inverses, taken, curvature } = this;
    if (curvature === null) throw new RangeError("no curvature was taken at this λ");
    const p = this.probabilities.data;
    // Answer by answer, [|Y|, n].
    const rest = new Float64Array(n * answers);
    const scaled = new Float64Array(n * answers);
    const sums = new Float64Array(answers);
    for (let i = 0, at = 0; i < n; i++) {
      for (let y = 0; y < answers; y++, at++) {
        const r = p[at]! - softmax[at]! - dual[at]!;
        rest[y * n + i] = r;
        scaled[y * n + i] = r / weights[at]!;
        sums[y]! += dual[at]!;
      }
    }
    const first = new Float64Array(n * answers);
    const right = new Float64Array(n);
    for (let y = 0; y < answers; y++) {
      const own = first.subarray(y * n, (y + 1) * n);
      timesVector(inverses, y * n * n, scaled.subarray(y * n, (y + 1) * n), own);
      for (let i = 0; i < n; i++) {
        own[i]! -= sums[y]! * taken[y * n + i]!;
        right[i]! += rest[y * n + i]! - own[i]!;
      }
    }
    const shared = curvature.shared(right);
    const delta = new Float64Array(n * answers);
    const product = new Float64Array(n);
    for (let y = 0; y < answers; y++) {
      timesVector(inverses, y * n * n, shared, product);
      for (let i = 0; i < n; i++) delta[i * answers + y] = first[y * n + i]! + product[i]!;
    }
    return this.complete(dual, delta, curvature);
  }

  /** Logits and intercepts that go with the coefficients: (D − Π Πᵀ)(kernel δ + η) = r − δ, summed over rows. */
  private complete(dual: Float64Array, delta: Float64Array, { intercepts }: Curvature): KlPoint {
    const { n, answers, softmax, weights } = this;
    const p = this.probabilities.data;
    const logits = new Float64Array(n * answers);
    productInto(this.kernel, delta, [n, n, answers], logits);
    const right = new Float64Array(answers);
    for (let from = 0; from < logits.length; from += answers) {
      let mean = 0;
      for (let y = 0, at = from; y < answers; y++, at++) mean += weights[at]! * logits[at]!;
      for (let y = 0, at = from; y < answers; y++, at++) {
        right[y]! += p[at]! - softmax[at]! - dual[at]! - delta[at]! - weights[at]! * (logits[at]! - mean);
      }
    }
    const intercept = intercepts(right);
    for (let from = 0; from < logits.length; from += answers) {
      for (let y = 0; y < answers; y++) logits[from + y]! += intercept[y]!;
    }
    return { dual: delta, logits, intercept };
  }

  /** E_y = S (I + S kernel S)⁻¹ S with S = diag(√q_y), less E_y 1 1ᵀ E_y / (1ᵀ E_y 1). */
  private invert(y: number, out: Float64Array): void {
    const { n, answers, weights, kernel, work, roots, sums, taken } = this;
    for (let i = 0; i < n; i++) roots[i] = Math.sqrt(weights[i * answers + y]!);
    for (let i = 0; i < n; i++) {
      for (let j = 0, at = i * n; j <= i; j++, at++) work[at] = roots[i]! * roots[j]! * kernel[at]!;
      work[i * n + i]! += 1;
    }
    invertLower(work, n);
    sums.fill(0);
    let total = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0, at = i * n; j <= i; j++, at++) {
        const entry = roots[i]! * roots[j]! * work[at]!;
        out[at] = entry;
        sums[i]! += entry;
        if (j < i) sums[j]! += entry;
      }
    }
    for (let i = 0; i < n; i++) total += sums[i]!;
    for (let i = 0; i < n; i++) taken[y * n + i] = sums[i]! / total;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const entry = out[i * n + j]! - (sums[i]! * sums[j]!) / total;
        out[i * n + j] = entry;
        out[j * n + i] = entry;
      }
    }
  }
}

/** The x with a x = b and Σ x = 0, for b with Σ b = 0. */
type UpToConstant = (b: Float64Array) => Float64Array;

/**
 * Solves with a symmetric a [n, n] that is positive but for the constant vector. Only the lower triangle is read. Null
 * where rounding leaves a not positive.
 */
function upToConstant(a: Matrix): UpToConstant | null {
  const n = a.rows;
  // Rows may differ by many decades, as probabilities do: they are brought to a unit diagonal first. The null vector of
  // the scaled matrix is 1 / scales; what is added along it does not change the solution, since b has no part there.
  const scales = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(Math.max(smallest, a.data[i * n + i]!)));
  let norm = 0;
  for (let i = 0; i < n; i++) norm += 1 / scales[i]! ** 2;
  const scaled = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      scaled.data[i * n + j] = a.data[i * n + j]! * scales[i]! * scales[j]! + 1 / (scales[i]! * scales[j]! * norm);
    }
    scaled.data[i * n + i]! += jitter;
  }
  const factor = positiveFactor(scaled);
  if (factor === null) return null;
  return (b) => {
    const right = { rows: n, cols: 1, data: b.map((x, i) => x * scales[i]!) };
    const solved = solveLowerTransposed(factor, solveLower(factor, right)).data;
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (solved[i]! *= scales[i]!) / n;
    return solved.map((x) => x - mean);
  };
}

function positiveFactor(a: Matrix): Matrix | null {
  try {
    return cholesky(a);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** out = a v for the [n, n] that begins at an offset; four rows at a time, whose sums do not wait for each other. */
function timesVector(a: Float64Array, offset: number, v: Float64Array, out: Float64Array): void {
  const n = v.length;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0, at = offset + i * n; j < n; j++, at++) {
      const x = v[j]!;
      s0 += a[at]! * x;
      s1 += a[at + n]! * x;
      s2 += a[at + 2 * n]! * x;
      s3 += a[at + 3 * n]! * x;
    }
    out[i] = s0;
    out[i + 1] = s1;
    out[i + 2] = s2;
    out[i + 3] = s3;
  }
  for (; i < n; i++) {
    let sum = 0;
    for (let j = 0, at = offset + i * n; j < n; j++, at++) sum += a[at]! * v[j]!;
    out[i] = sum;
  }
}
