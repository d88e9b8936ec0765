import { zeros, type Matrix } from "../linalg/matrix";

/** Logits over the vocabulary, row-major; float64 for twins. */
export interface VocabularyLogits {
  readonly size: number;
  /** The model's own after the prompt, [n, size]. */
  readonly logits: Logits;
  /** Read from f after the subject, [n, size]; null where the inputs are not f. */
  readonly inputLogits: Logits | null;
}

/**
 * What a prediction is made of. Every estimator predicts f̂ as a combination of the prompts' f (and of the inputs,
 * for the identity), with weights that sum to 1; its logits are the same combination of theirs.
 */
export interface Prediction {
  /** Over the rows of targets, [N]. */
  readonly targets: Float64Array;
  /** Over the rows of inputs, [N]; null for none. */
  readonly inputs: Float64Array | null;
}

/** Logits of all rows (templates one after the other, n rows each). */
export interface LogitRows {
  /** Over Y, [N, |Y|], each row centred. */
  readonly answers: Matrix;
  readonly inputAnswers: Matrix | null;
  /** One per template; null where the vocabulary is not asked for. */
  readonly vocabularies: readonly VocabularyLogits[] | null;
}

/** Per row; all four over the vocabulary are null where it is not given. */
export interface RowScores {
  /** Does argmax over the vocabulary agree with the model's own? */
  readonly agrees: (boolean | null)[];
  /** The predicted argmax over the vocabulary. */
  readonly tops: (number | null)[];
  readonly agreesInAnswers: boolean[];
  /** KL(p ‖ p̂) over the vocabulary, nats. */
  readonly kl: (number | null)[];
  /** The same, both renormalised on Y. */
  readonly klInAnswers: number[];
}

/**
 * Scores several sets of predictions against the model's own next-token distributions ([LRE] section 3 for
 * faithfulness).
 *
 * @param sets each with a prediction per row
 */
export function scorePredictions(rows: LogitRows, sets: readonly (readonly Prediction[])[]): RowScores[] {
  const n = rows.answers.rows;
  const scores = sets.map((): RowScores => ({ agrees: [], tops: [], agreesInAnswers: [], kl: [], klInAnswers: [] }));
  const { vocabularies } = rows;
  const perTemplate = vocabularies === null ? n : n / vocabularies.length;
  const size = vocabularies?.[0]?.size ?? 0;
  const vocabularySum = new Float64Array(size);
  const answerSum = new Float64Array(rows.answers.cols);
  for (let i = 0; i < n; i++) {
    const ownAnswers = distribution(row(rows.answers, i));
    const own = vocabularies === null ? null : distribution(vocabularyRow(vocabularies, i, perTemplate, "logits"));
    sets.forEach((set, s) => {
      const prediction = set[i]!;
      const score = scores[s]!;
      answerSum.fill(0);
      combine(prediction.targets, (j) => row(rows.answers, j), answerSum);
      if (prediction.inputs !== null) combine(prediction.inputs, (j) => row(rows.inputAnswers!, j), answerSum);
      score.agreesInAnswers.push(argmax(answerSum) === ownAnswers.top);
      score.klInAnswers.push(divergence(ownAnswers, answerSum));
      if (own === null || vocabularies === null) {
        score.agrees.push(null);
        score.tops.push(null);
        score.kl.push(null);
        return;
      }
      vocabularySum.fill(0);
      combine(prediction.targets, (j) => vocabularyRow(vocabularies, j, perTemplate, "logits"), vocabularySum);
      if (prediction.inputs !== null) {
        combine(prediction.inputs, (j) => vocabularyRow(vocabularies, j, perTemplate, "inputLogits"), vocabularySum);
      }
      const top = argmax(vocabularySum);
      score.tops.push(top);
      score.agrees.push(top === own.top);
      score.kl.push(divergence(own, vocabularySum));
    });
  }
  return scores;
}

/** Number of different tokens that the model itself puts first, over the vocabulary (over Y where it is not given). */
export function countTopAnswers({ answers, vocabularies }: LogitRows): number {
  const tops = new Set<number>();
  for (let i = 0; i < answers.rows; i++) {
    tops.add(
      argmax(
        vocabularies === null
          ? row(answers, i)
          : vocabularyRow(vocabularies, i, answers.rows / vocabularies.length, "logits"),
      ),
    );
  }
  return tops.size;
}

/** Every row minus its own mean: logits over Y up to the constant that no log-ratio sees. */
export function centreRows(a: Matrix): Matrix {
  const out = zeros(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) {
    const source = row(a, i);
    const mean = source.reduce((sum, x) => sum + x, 0) / a.cols;
    for (let j = 0; j < a.cols; j++) out.data[i * a.cols + j] = source[j]! - mean;
  }
  return out;
}

type Logits = Float64Array | Float32Array;

function row(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.cols, (i + 1) * a.cols);
}

function vocabularyRow(
  vocabularies: readonly VocabularyLogits[],
  i: number,
  perTemplate: number,
  field: "logits" | "inputLogits",
): Logits {
  const vocabulary = vocabularies[Math.floor(i / perTemplate)]!;
  const at = (i % perTemplate) * vocabulary.size;
  return vocabulary[field]!.subarray(at, at + vocabulary.size);
}

function combine(weights: Float64Array, rowOf: (j: number) => Logits, out: Float64Array): void {
  const used = Array.from(weights.keys()).filter((j) => weights[j] !== 0);
  let u = 0;
  // Four rows at a time, so that the sums are read and written a quarter as often.
  for (; u + 3 < used.length; u += 4) {
    const [j0, j1, j2, j3] = [used[u]!, used[u + 1]!, used[u + 2]!, used[u + 3]!];
    const [w0, w1, w2, w3] = [weights[j0]!, weights[j1]!, weights[j2]!, weights[j3]!];
    const [a0, a1, a2, a3] = [rowOf(j0), rowOf(j1), rowOf(j2), rowOf(j3)];
    for (let v = 0; v < out.length; v++) out[v]! += w0 * a0[v]! + w1 * a1[v]! + (w2 * a2[v]! + w3 * a3[v]!);
  }
  for (; u < used.length; u++) {
    const w = weights[used[u]!]!;
    const values = rowOf(used[u]!);
    for (let v = 0; v < out.length; v++) out[v]! += w * values[v]!;
  }
}

interface Distribution {
  readonly logits: Logits;
  readonly logSum: number;
  readonly probabilities: Float64Array;
  readonly top: number;
}

function distribution(logits: Logits): Distribution {
  const logSum = logSumExp(logits);
  return {
    logits,
    logSum,
    probabilities: Float64Array.from(logits, (x) => Math.exp(x - logSum)),
    top: argmax(logits),
  };
}

/** KL(p ‖ softmax(predicted)). */
function divergence(p: Distribution, predicted: Float64Array): number {
  let sum = logSumExp(predicted) - p.logSum;
  for (let v = 0; v < predicted.length; v++) sum += p.probabilities[v]! * (p.logits[v]! - predicted[v]!);
  // Rounding may leave a divergence of nothing slightly negative.
  return Math.max(0, sum);
}

function logSumExp(values: Logits): number {
  let largest = -Infinity;
  for (let v = 0; v < values.length; v++) if (values[v]! > largest) largest = values[v]!;
  let sum = 0;
  for (let v = 0; v < values.length; v++) sum += Math.exp(values[v]! - largest);
  return largest + Math.log(sum);
}

function argmax(values: Logits): number {
  let best = 0;
  for (let v = 1; v < values.length; v++) if (values[v]! > values[best]!) best = v;
  return best;
}
