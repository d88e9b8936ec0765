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

/** Newton's method for `fitKlMap`, for one set of training rows and any λ. */
export class KlNewton {
  private readonly n: number;
  private readonly answers: number;
  private readonly softmax: Float64Array;
  /** E_y for each answer, [|Y|, n, n]: (kernel + diag(1/q_y))⁻¹, less what an intercept takes up. */
  private readonly inverses: Float64Array;

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
    this.inverses = new Float64Array(answers * n * n);
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

  /** Derivative of the value from one point towards another; of the point that `newton` was last asked about. */
  slope({ dual, logits, intercept }: KlPoint, target: KlPoint): number {
    const p = this.probabilities.data;
    const { answers, softmax } = this;
    let slope = 0;
    for (let from = 0; from < dual.length; from += answers) {
      for (let y = 0, j = from; y < answers; y++, j++) {
        slope += (softmax[j]! - p[j]! + dual[j]!) * (target.logits[j]! - logits[j]!);
        slope -= dual[j]! * (target.intercept[y]! - intercept[y]!);
      }
    }
    return slope;
  }

  /** The minimum of the quadratic model at the given logits; null where rounding hides it. */
  newton(logits: Float64Array): KlPoint | null {
    const { n, answers, softmax, inverses } = this;
    this.setSoftmax(logits);
    const p = this.probabilities.data;
    const total = zeros(n, n);
    // b = (D − Π Πᵀ) z + p − q, and c = E_y (b_y / q_y), column by column.
    const b = new Float64Array(n * answers);
    for (let i = 0, at = 0; i < n; i++) {
      let mean = 0;
      for (let y = 0; y < answers; y++) mean += softmax[at + y]! * logits[at + y]!;
      for (let y = 0; y < answers; y++, at++) b[at] = softmax[at]! * (logits[at]! - mean) + p[at]! - softmax[at]!;
    }
    const column = new Float64Array(n);
    const first = new Float64Array(n * answers);
    const rest = new Float64Array(n);
    const product = new Float64Array(n);
    for (let y = 0; y < answers; y++) {
      const inverse = inverses.subarray(y * n * n, (y + 1) * n * n);
      this.invert(y, inverse);
      for (let at = 0; at < n * n; at++) total.data[at]! += inverse[at]!;
      for (let i = 0; i < n; i++) column[i] = b[i * answers + y]! / softmax[i * answers + y]!;
      timesVector(inverse, column, product);
      for (let i = 0; i < n; i++) {
        first[i * answers + y] = product[i]!;
        rest[i]! += b[i * answers + y]! - product[i]!;
      }
    }
    // The intercepts leave the constant vector without curvature, and rest sums to 0.
    const shared = solveUpToConstant(total, rest);
    if (shared === null) return null;
    const dual = first;
    for (let y = 0; y < answers; y++) {
      timesVector(inverses.subarray(y * n * n, (y + 1) * n * n), shared, product);
      for (let i = 0; i < n; i++) dual[i * answers + y]! += product[i]!;
    }
    return this.complete(dual, b);
  }

  /** Logits and intercepts that go with the coefficients: (D − Π Πᵀ)(kernel d + a) = b − d, summed over rows. */
  private complete(dual: Float64Array, b: Float64Array): KlPoint | null {
    const { n, answers, softmax } = this;
    const logits = new Float64Array(n * answers);
    productInto(this.kernel, dual, [n, n, answers], logits);
    const curvature = zeros(answers, answers);
    const right = zeros(answers, 1);
    for (let from = 0; from < logits.length; from += answers) {
      let mean = 0;
      for (let y = 0; y < answers; y++) mean += softmax[from + y]! * logits[from + y]!;
      for (let y = 0; y < answers; y++) {
        const q = softmax[from + y]!;
        right.data[y]! += b[from + y]! - dual[from + y]! - q * (logits[from + y]! - mean);
        curvature.data[y * answers + y]! += q;
        for (let other = 0; other <= y; other++) curvature.data[y * answers + other]! -= q * softmax[from + other]!;
      }
    }
    const intercept = solveUpToConstant(curvature, right.data);
    if (intercept === null) return null;
    for (let at = 0; at < logits.length; at++) logits[at]! += intercept[at % answers]!;
    return { dual, logits, intercept };
  }

  private setSoftmax(logits: Float64Array): void {
    const { answers, softmax } = this;
    for (let from = 0; from < logits.length; from += answers) {
      let largest = -Infinity;
      for (let j = from; j < from + answers; j++) if (logits[j]! > largest) largest = logits[j]!;
      let sum = 0;
      for (let j = from; j < from + answers; j++) sum += softmax[j] = Math.exp(logits[j]! - largest);
      for (let j = from; j < from + answers; j++) softmax[j] = Math.max(smallest, softmax[j]! / sum);
    }
  }

  /** E_y = S (I + S kernel S)⁻¹ S with S = diag(√q_y), less E_y 1 1ᵀ E_y / (1ᵀ E_y 1). */
  private invert(y: number, out: Float64Array): void {
    const { n, answers, softmax, kernel, work, roots, sums } = this;
    for (let i = 0; i < n; i++) roots[i] = Math.sqrt(softmax[i * answers + y]!);
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
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const entry = out[i * n + j]! - (sums[i]! * sums[j]!) / total;
        out[i * n + j] = entry;
        out[j * n + i] = entry;
      }
    }
  }
}

/**
 * x with a x = b and Σ x = 0, for a symmetric a [n, n] that is positive but for the constant vector, and Σ b = 0. Only
 * the lower triangle is read. Null where rounding leaves a not positive.
 */
function solveUpToConstant(a: Matrix, b: Float64Array): Float64Array | null {
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
  const right = { rows: n, cols: 1, data: b.map((x, i) => x * scales[i]!) };
  const solved = solveLowerTransposed(factor, solveLower(factor, right)).data;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (solved[i]! *= scales[i]!) / n;
  return solved.map((x) => x - mean);
}

function positiveFactor(a: Matrix): Matrix | null {
  try {
    return cholesky(a);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** out = a v for a [n, n]; four rows at a time, whose sums do not wait for each other. */
function timesVector(a: Float64Array, v: Float64Array, out: Float64Array): void {
  const n = v.length;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0, at = i * n; j < n; j++, at++) {
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
    for (let j = 0, at = i * n; j < n; j++, at++) sum += a[at]! * v[j]!;
    out[i] = sum;
  }
}
