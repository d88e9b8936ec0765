import { multiply, row, zeros, type Matrix } from "../../linalg/matrix";
import { productInto } from "../../linalg/products";
import { rowExponentials } from "../../linalg/simd/rowExponentials";

/** Float32 as a model gives them, float64 for its exact twins. */
export type Floats = Float32Array | Float64Array;

/** Logits over the vocabulary, row-major. */
export interface VocabularyLogits {
  readonly size: number;
  /** The model's own after the prompt, [n, size]. */
  readonly logits: Floats;
  /** Read from f after the subject, [n, size]; null where the inputs are not f. */
  readonly inputLogits: Floats | null;
}

/** Rows of logits that predictions are made of. The first source of all is the model's own answers to the N prompts. */
export interface LogitSource {
  /** Over Y, [R, |Y|], each row centred. */
  readonly answers: Matrix;
  /** Over the vocabulary: arrays of rows, one after the other; null where it is not asked for. */
  readonly vocabulary: readonly Floats[] | null;
}

/**
 * What predictions are made of. Every estimator predicts f̂ as a combination of vectors of f (of prompts, of the inputs
 * for the identity), whose weights sum to 1; its logits are the same combination of theirs.
 */
export interface Predictions {
  /** Number of distinct predictions. */
  readonly count: number;
  /** Which of them each of the N rows gets; absent: its own. */
  readonly of?: Int32Array;
  readonly terms: readonly Term[];
}

export interface Term {
  readonly source: number;
  /** [rows, R]; null: the row of the source with the prediction's own number. */
  readonly weights: Matrix | null;
  /** Row of `weights` for each prediction; absent: its own. */
  readonly of?: Int32Array;
}

/** Per row; all three over the vocabulary are null where it is not given. */
export interface RowScores {
  /** Does argmax over the vocabulary agree with the model's own? */
  readonly agrees: readonly boolean[] | null;
  /** The predicted argmax over the vocabulary. */
  readonly tops: readonly number[] | null;
  /** KL(p ‖ p̂) over the vocabulary, nats. */
  readonly kl: readonly number[] | null;
  readonly agreesInAnswers: readonly boolean[];
  /** The same, both renormalised on Y. */
  readonly klInAnswers: readonly number[];
}

/** Columns that are scored at a time, so that they stay in the processor's cache. */
const chunk = 256;

/**
 * Scores several sets of predictions against the model's own next-token distributions ([LRE] section 3 for
 * faithfulness).
 */
export function scorePredictions(sources: readonly LogitSource[], sets: readonly Predictions[]): RowScores[] {
  const rows = sources[0]!.answers.rows;
  const answers = sources.map((source) => [source.answers.data]);
  const inAnswers = score(answers, sources, sources[0]!.answers.cols, sets);
  const vocabularies = sources.flatMap(({ vocabulary }) => (vocabulary === null ? [] : [vocabulary]));
  const size = (vocabularies[0] ?? []).reduce((total, part) => total + part.length, 0) / rows;
  const overall = vocabularies.length === sources.length ? score(vocabularies, sources, size, sets) : null;
  return inAnswers.map(({ agrees, kl }, s) => ({
    agreesInAnswers: agrees,
    klInAnswers: kl,
    agrees: overall?.[s]?.agrees ?? null,
    tops: overall?.[s]?.tops ?? null,
    kl: overall?.[s]?.kl ?? null,
  }));
}

/** Logits over Y of all N predictions, [N, |Y|]. */
export function predictedAnswers(sources: readonly LogitSource[], { count, of, terms }: Predictions): Matrix {
  const { rows, cols } = sources[0]!.answers;
  const distinct = zeros(count, cols);
  for (const { source, weights, of: rowOf } of terms) {
    const values = sources[source]!.answers;
    addRows(weights === null ? values : multiply(weights, values), rowOf, distinct);
  }
  if (of === undefined) return distinct;
  const out = zeros(rows, cols);
  addRows(distinct, of, out);
  return out;
}

/** Number of different tokens that the model itself puts first, over the vocabulary (over Y where it is not given). */
export function countTopAnswers({ answers, vocabulary }: LogitSource): number {
  const tops = new Set<number>();
  const size = (vocabulary ?? [answers.data]).reduce((total, part) => total + part.length, 0) / answers.rows;
  for (const part of vocabulary ?? [answers.data]) {
    for (let at = 0; at < part.length; at += size) tops.add(argmax(part.subarray(at, at + size)));
  }
  return tops.size;
}

/** Every row minus its own mean: logits over Y up to the constant that no log-ratio sees. */
export function centreRows(a: Matrix): Matrix {
  const out = zeros(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) {
    const from = i * a.cols;
    let sum = 0;
    for (let j = 0; j < a.cols; j++) sum += a.data[from + j]!;
    const mean = sum / a.cols;
    for (let j = 0; j < a.cols; j++) out.data[from + j] = a.data[from + j]! - mean;
  }
  return out;
}

export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let v = 1; v < values.length; v++) if (values[v]! > values[best]!) best = v;
  return best;
}

/** log Σ exp of each row and its argmax, from one chunk of columns after the other. */
class RunningSoftmax {
  readonly largest: Float64Array;
  readonly top: Int32Array;
  /** Σ exp(x − largest). */
  readonly sums: Float64Array;
  private readonly before: Float64Array;
  private readonly partial: Float64Array;

  constructor(rows: number) {
    this.largest = new Float64Array(rows).fill(-Infinity);
    this.top = new Int32Array(rows);
    this.sums = new Float64Array(rows);
    this.before = new Float64Array(rows);
    this.partial = new Float64Array(rows);
  }

  /**
   * @param values [rows, width], columns first … first + width
   * @param exponentials gets exp(x − largest)
   * @param onRescale is told by what all sums over exp(x − largest) of a row shrink, since it has a larger entry
   */
  add(
    values: Float64Array,
    first: number,
    width: number,
    exponentials?: Float64Array,
    onRescale?: (row: number, factor: number) => void,
  ): void {
    const { largest, top, sums, before, partial } = this;
    before.set(largest);
    rowExponentials(values, [largest.length, width], largest, partial, exponentials);
    for (let i = 0, from = 0; i < largest.length; i++, from += width) {
      const most = largest[i]!;
      if (most > before[i]!) {
        const factor = Math.exp(before[i]! - most);
        top[i] = first + values.subarray(from, from + width).indexOf(most);
        sums[i]! *= factor;
        onRescale?.(i, factor);
      }
      sums[i]! += partial[i]!;
    }
  }

  logSum(i: number): number {
    return this.largest[i]! + Math.log(this.sums[i]!);
  }
}

interface SpaceScores {
  readonly agrees: boolean[];
  readonly tops: number[];
  readonly kl: number[];
}

/** @param logits of each source: arrays of rows [R, size], one after the other */
function score(
  logits: readonly (readonly Floats[])[],
  sources: readonly LogitSource[],
  size: number,
  sets: readonly Predictions[],
): SpaceScores[] {
  const rows = sources[0]!.answers.rows;
  const own = new RunningSoftmax(rows);
  const exponentials = new Float64Array(rows * chunk);
  const states = sets.map((set) => ({
    softmax: new RunningSoftmax(set.count),
    /** Σ_v exp(own − largest) (own − predicted), [N]. */
    products: new Float64Array(rows),
  }));
  const rescale = (i: number, factor: number) => {
    for (const { products } of states) products[i]! *= factor;
  };
  const columns = sources.map(({ answers }) => new Float64Array(answers.rows * chunk));
  const largestCount = Math.max(0, ...sets.map((set) => set.count));
  const buffer = new Float64Array(largestCount * chunk);
  const scratch = new Float64Array(Math.max(largestCount, ...sources.map(({ answers }) => answers.rows)) * chunk);
  for (let first = 0; first < size; first += chunk) {
    const width = Math.min(chunk, size - first);
    logits.forEach((parts, source) => {
      copyColumns(parts, size, first, width, columns[source]!);
    });
    const ownColumns = columns[0]!;
    own.add(ownColumns, first, width, exponentials, rescale);
    sets.forEach((set, s) => {
      const { softmax, products } = states[s]!;
      combine(set, columns, width, buffer, scratch);
      softmax.add(buffer, first, width);
      for (let i = 0; i < rows; i++) {
        products[i]! += weightedDifference(
          exponentials,
          ownColumns,
          i * width,
          buffer,
          (set.of?.[i] ?? i) * width,
          width,
        );
      }
    });
  }
  return sets.map((set, s) => {
    const { softmax, products } = states[s]!;
    const distinct = Array.from({ length: rows }, (_, i) => set.of?.[i] ?? i);
    return {
      agrees: distinct.map((k, i) => softmax.top[k] === own.top[i]),
      tops: distinct.map((k) => softmax.top[k]!),
      // Rounding may leave a divergence of nothing slightly negative.
      kl: distinct.map((k, i) => Math.max(0, softmax.logSum(k) - own.logSum(i) + products[i]! / own.sums[i]!)),
    };
  });
}

/** Σ_v w_v (x_v − y_v) over stretches of w and x, and of y. */
function weightedDifference(
  weights: Float64Array,
  x: Float64Array,
  at: number,
  y: Float64Array,
  from: number,
  width: number,
): number {
  let sum = 0;
  for (let v = 0; v < width; v++) sum += weights[at + v]! * (x[at + v]! - y[from + v]!);
  return sum;
}

/** Columns first … first + width of rows of `size` entries, [R, width]. */
function copyColumns(parts: readonly Floats[], size: number, first: number, width: number, out: Float64Array): void {
  let to = 0;
  for (const part of parts) {
    for (let from = first; from < part.length; from += size, to += width) {
      for (let v = 0; v < width; v++) out[to + v] = part[from + v]!;
    }
  }
}

/** Writes all distinct predictions of a set, [count, width]. */
function combine(
  { count, terms }: Predictions,
  columns: readonly Float64Array[],
  width: number,
  out: Float64Array,
  scratch: Float64Array,
): void {
  for (let t = 0; t < terms.length; t++) {
    const { source, weights, of } = terms[t]!;
    const values = columns[source]!;
    if (weights !== null && t === 0 && of === undefined) {
      productInto(weights.data, values, [count, weights.cols, width], out);
      continue;
    }
    if (t === 0) out.fill(0);
    if (weights !== null) productInto(weights.data, values, [weights.rows, weights.cols, width], scratch);
    const added = weights === null ? values : scratch;
    for (let i = 0; i < count; i++) {
      const [to, from] = [i * width, (of?.[i] ?? i) * width];
      for (let v = 0; v < width; v++) out[to + v]! += added[from + v]!;
    }
  }
}

function addRows(values: Matrix, rowOf: Int32Array | undefined, out: Matrix): void {
  for (let i = 0; i < out.rows; i++) {
    const [to, from] = [row(out, i), row(values, rowOf?.[i] ?? i)];
    for (let v = 0; v < to.length; v++) to[v]! += from[v]!;
  }
}
