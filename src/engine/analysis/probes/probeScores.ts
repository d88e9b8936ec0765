import type { Matrix } from "../../linalg/matrix";
import { accuracy, areaUnderRoc, macroF1, majorityShare, predictedClasses, totalLogLoss } from "./classificationScores";
import { wilsonInterval } from "../statistics/intervals";
import type { ProbeTask } from "./probeTasks";

/**
 * What held-out predictions are worth, whatever made them. The interval is Wilson's with the units as n, since rows of
 * a unit are not independent.
 *
 * @param outcome log-probabilities of the classes, [rows of the task, classes], each row by a probe that has not seen
 *   its unit
 */
export function heldOutFigures(task: ProbeTask, outcome: Matrix) {
  const { kind, n, classes, heldOut, labels } = task;
  const predicted = predictedClasses(outcome);
  const share = accuracy(predicted, labels);
  const odds = Float64Array.from(labels, (_, i) => outcome.data[i * classes + 1]! - outcome.data[i * classes]!);
  return {
    kind,
    n,
    classes,
    heldOut,
    accuracy: share,
    interval: wilsonInterval(share * n, n),
    macroF1: macroF1(predicted, labels, classes),
    logLoss: totalLogLoss(outcome, labels) / labels.length,
    auroc: classes === 2 ? areaUnderRoc(odds, labels) : null,
    majority: majorityShare(labels, classes),
  } as const;
}
