import { row, selectRows, type Matrix } from "../linalg/matrix";
import { random } from "../linalg/random";
import { accuracy, areaUnderRoc, macroF1, majorityShare, predictedClasses, totalLogLoss } from "./classificationScores";
import { mean, quantile, wilsonInterval, type Interval } from "./intervals";
import { logisticRegression, logProbabilities } from "./logisticRegression";
import {
  chooseProbeLambda,
  directionStability,
  pick,
  probeInputs,
  probeLambdas,
  rankingTolerance,
} from "./probeFitting";
import type { ProbeKind, ProbeTask } from "./probeTasks";

export interface ProbeOptions {
  readonly seed: number;
  /** The `where` of warnings and the name of the random draws; such as `probes · layer 2`. */
  readonly where: string;
  /** Inputs without a metric of their own: Ledoit–Wolf covariance of the training rows. */
  readonly standardise: boolean;
  /** Draws of control labels, at least one. */
  readonly controlDraws?: number;
  /** Bootstrap resamples behind `directionStability`; 0 leaves it null. */
  readonly resamples?: number;
}

export interface ProbeFigures {
  readonly kind: ProbeKind;
  readonly estimator: "logistic";
  readonly n: number;
  readonly classes: number;
  readonly heldOut: string;
  readonly accuracy: number;
  readonly interval: Interval;
  readonly macroF1: number;
  readonly logLoss: number;
  readonly auroc: number | null;
  readonly majority: number;
  readonly control: number;
  readonly controlUpper: number;
  readonly controlDraws: number;
  readonly selectivity: number;
  readonly lambda: number;
  readonly directionStability: number | null;
  readonly identifiable: null;
}

export interface ProbeOutcome {
  readonly figures: ProbeFigures;
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly where: string }[];
}

/**
 * A linear probe (linear-properties section 6): multinomial logistic regression from the task's rows of `inputs`
 * [m, d] to its labels, scored on rows that were not fitted. λ by nested cross-validation on the held-out loss, folds
 * by unit; ties go to the larger. The interval is Wilson's with the units as n, since rows of a unit are not
 * independent. The control labels [Ctrl] are fitted with the λ of the real probe in the same fold, so that the
 * difference is one of labels and not of capacity.
 *
 * In Cᵀf coordinates, all figures are the same for every model with the same distribution.
 */
export function probe(task: ProbeTask, inputs: Matrix, options: ProbeOptions): ProbeOutcome {
  const { seed, where, standardise, controlDraws = 20, resamples = 20 } = options;
  const rows = selectRows(inputs, task.rows);
  const draws = random(seed, `${where} ${task.kind} control`);
  const controls = Array.from({ length: controlDraws }, () => task.drawControl(draws));
  const predicted = new Int32Array(rows.rows);
  const scores = new Float64Array(rows.rows);
  const chosen: number[] = [];
  const controlRight = new Float64Array(controlDraws);
  let loss = 0;

  task.splits.forEach(({ train, test }, s) => {
    const z = probeInputs(selectRows(rows, train), selectRows(rows, test), standardise);
    const choice = chooseProbeLambda(task, train, z.train, random(seed, `${where} ${task.kind} inner ${s}`));
    chosen.push(choice);
    const lambda = probeLambdas[choice]!;
    const fit = (labels: Int32Array, tolerance: number) => {
      const problem = { inputs: z.train, labels: pick(labels, train), classes: task.classes };
      return logProbabilities(logisticRegression(problem, { lambda, tolerance }), z.test);
    };
    const outcome = fit(task.labels, 1e-8);
    const labels = pick(task.labels, test);
    predictedClasses(outcome).forEach((c, i) => (predicted[test[i]!] = c));
    if (task.classes === 2) test.forEach((p, i) => (scores[p] = row(outcome, i)[1]! - row(outcome, i)[0]!));
    loss += totalLogLoss(outcome, labels);
    controls.forEach((control, draw) => {
      controlRight[draw]! +=
        accuracy(predictedClasses(fit(control, rankingTolerance)), pick(control, test)) * test.length;
    });
  });

  const share = accuracy(predicted, task.labels);
  const control = controlRight.map((right) => right / rows.rows);
  const lambda = Math.exp(mean(chosen.map((choice) => Math.log(probeLambdas[choice]!))));
  const bootstrap = random(seed, `${where} ${task.kind} bootstrap`);
  return {
    figures: {
      kind: task.kind,
      estimator: "logistic",
      n: task.n,
      classes: task.classes,
      heldOut: task.heldOut,
      accuracy: share,
      interval: wilsonInterval(share * task.n, task.n),
      macroF1: macroF1(predicted, task.labels, task.classes),
      logLoss: loss / rows.rows,
      auroc: task.classes === 2 ? areaUnderRoc(scores, task.labels) : null,
      majority: majorityShare(task.labels, task.classes),
      control: mean(control),
      controlUpper: quantile(control, 0.95),
      controlDraws,
      selectivity: share - mean(control),
      lambda,
      directionStability: directionStability(task, rows, standardise, lambda, resamples, bootstrap),
      identifiable: null,
    },
    warnings: warningsOf(task, chosen, share, where),
  };
}

function warningsOf(
  task: ProbeTask,
  chosen: readonly number[],
  share: number,
  where: string,
): ProbeOutcome["warnings"] {
  const warnings: { code: string; message: string; where: string }[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message, where: `${where} · ${task.kind}` });
  const largest = chosen.filter((choice) => choice === 0).length;
  const smallest = chosen.filter((choice) => choice === probeLambdas.length - 1).length;
  const of = `of ${chosen.length} folds`;
  if (largest > 0) warn("probe-lambda-edge", `The largest λ of the grid was chosen in ${largest} ${of}: the inputs help no more than the class sizes there.`); // prettier-ignore
  if (smallest > 0) warn("probe-lambda-edge", `The smallest λ of the grid was chosen in ${smallest} ${of}: a smaller one might fit better.`); // prettier-ignore
  if (share === 1) warn("probe-perfect-separation", "Every held-out row is classified correctly, so the accuracy cannot rank layers or models that do as well."); // prettier-ignore
  return warnings;
}
