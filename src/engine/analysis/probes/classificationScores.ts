import { row, type Matrix } from "../../linalg/matrix";

/** A class that the training rows did not have has probability 0; its log counts as this. */
const leastLogProbability = Math.log(1e-12);

/** Class of the largest log-probability in each row of [m, classes]; the first of equals. */
export function predictedClasses(logProbabilities: Matrix): Int32Array {
  return Int32Array.from({ length: logProbabilities.rows }, (_, i) => {
    const values = row(logProbabilities, i);
    let best = 0;
    for (let c = 1; c < values.length; c++) if (values[c]! > values[best]!) best = c;
    return best;
  });
}

/** Share of equal entries. */
export function accuracy(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) right++;
  return right / labels.length;
}

/** Sum of −log p(label), in nats, none above −log 1e-12. */
export function totalLogLoss(logProbabilities: Matrix, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum -= Math.max(leastLogProbability, row(logProbabilities, i)[labels[i]!]!);
  return sum;
}

/** Mean over the classes of F1 = 2 TP / (2 TP + FP + FN); 0 for a class that is neither given nor found. */
export function macroF1(predicted: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number {
  const both = new Int32Array(classes);
  const either = new Int32Array(classes);
  for (let i = 0; i < labels.length; i++) {
    either[predicted[i]!]!++;
    either[labels[i]!]!++;
    if (predicted[i] === labels[i]) both[labels[i]!]!++;
  }
  let sum = 0;
  for (let c = 0; c < classes; c++) if (either[c]! > 0) sum += (2 * both[c]!) / either[c]!;
  return sum / classes;
}

/** Probability that a row of class 1 scores above a row of class 0, ties counting half; null without both classes. */
export function areaUnderRoc(scores: ArrayLike<number>, labels: ArrayLike<number>): number | null {
  let wins = 0;
  let pairs = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 1) continue;
    for (let j = 0; j < labels.length; j++) {
      if (labels[j] !== 0) continue;
      pairs++;
      wins += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    }
  }
  return pairs === 0 ? null : wins / pairs;
}

/** Share of the commonest class: the accuracy of always naming it. */
export function majorityShare(labels: ArrayLike<number>, classes: number): number {
  const counts = new Int32Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  return Math.max(...counts) / labels.length;
}
