import { selectRows, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { accuracy, predictedClasses } from "./classificationScores";
import { mean, quantile, type Interval } from "../statistics/intervals";
import { logisticRegression, logProbabilities } from "./logisticRegression";
import { paddedRows } from "./paddedRows";
import { chooseProbeLambda, controlTolerance, directionStability, pick, probeLambdas } from "./probeFitting";
import { heldOutFigures } from "./probeScores";
import { probeSpace, splitInputs } from "./probeSpace";
import { drawControl, type ProbeKind, type ProbeTask } from "./probeTasks";

export interface ProbeOptions {
  readonly seed: number;
  /** The `where` of warnings and the name of the random draws; such as `probes · layer 2`. */
  readonly where: string;
  /** Inputs without a metric of their own: Ledoit–Wolf covariance of the training rows. */
  readonly standardise: boolean;
  /** Draws of control labels; 0 leaves the control out. */
  readonly controlDraws?: number;
  /** Bootstrap resamples behind `directionStability`; 0 leaves it null. */
  readonly resamples?: number;
}

export interface ProbeFigures {
  readonly kind: ProbeKind;
  readonly estimator: "logistic" | "mlp" | "implied";
  readonly n: number;
  readonly classes: number;
  readonly heldOut: string;
  readonly accuracy: number;
  readonly interval: Interval;
  readonly macroF1: number;
  readonly logLoss: number;
  readonly auroc: number | null;
  readonly majority: number;
  readonly control: number | null;
  readonly controlUpper: number | null;
  readonly controlDraws: number;
  readonly selectivity: number | null;
  readonly lambda: number;
  readonly directionStability: number | null;
  readonly identifiable: null;
}

export interface ProbeOutcome {
  readonly figures: ProbeFigures;
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly where: string }[];
  /** Class that the held-out prediction of each row puts first. */
  readonly predicted: Int32Array;
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
  const draws = random(options.seed, `${options.where} ${task.kind} control`);
  const controls = Array.from({ length: options.controlDraws ?? 20 }, () => drawControl(task, draws));
  return probeBesideControls(task, inputs, controls, options);
}

/** As `probe`, with these control labels, each one per row of the task. */
export function probeBesideControls(
  task: ProbeTask,
  inputs: Matrix,
  controls: readonly Int32Array[],
  { seed, where, standardise, resamples = 20 }: ProbeOptions,
): ProbeOutcome {
  const space = probeSpace(selectRows(inputs, task.rows), standardise);
  const outcome = zeros(task.rows.length, task.classes);
  const chosen: number[] = [];
  const controlRight = new Float64Array(controls.length);
  const controlTested = new Float64Array(controls.length);
  const templates = [...new Set(task.templates)];

  task.splits.forEach(({ train, test }, s) => {
    const z = splitInputs(space, train, test);
    const { index, start } = chooseProbeLambda(task, train, z.train, random(seed, `${where} ${task.kind} inner ${s}`));
    chosen.push(index);
    const lambda = probeLambdas[index]!;
    const common = { inputs: z.train, padded: paddedRows(z.train), classes: task.classes };
    const model = logisticRegression({ ...common, labels: pick(task.labels, train) }, { lambda, start });
    setRows(outcome, test, logProbabilities(model, z.test));
    controls.forEach((control, draw) => {
      // Across templates each draw is tested in one template, in turn: a subject's rows are hardly independent.
      const own = templates[draw % templates.length];
      if (task.kind === "answerAcrossTemplates" && task.templates[test[0]!] !== own) return;
      const fitted = logisticRegression(
        { ...common, labels: pick(control, train) },
        { lambda, tolerance: controlTolerance },
      );
      const found = predictedClasses(logProbabilities(fitted, z.test));
      controlRight[draw]! += accuracy(found, pick(control, test)) * test.length;
      controlTested[draw]! += test.length;
    });
  });

  const control = Array.from(controlRight, (right, draw) => right / controlTested[draw]!);
  const lambda = Math.exp(mean(chosen.map((index) => Math.log(probeLambdas[index]!))));
  const bootstrap = random(seed, `${where} ${task.kind} bootstrap`);
  const scores = heldOutFigures(task, outcome);
  return {
    figures: {
      estimator: "logistic",
      ...scores,
      control: control.length === 0 ? null : mean(control),
      controlUpper: control.length === 0 ? null : quantile(control, 0.95),
      controlDraws: control.length,
      selectivity: control.length === 0 ? null : scores.accuracy - mean(control),
      lambda,
      directionStability: directionStability(task, space, lambda, resamples, bootstrap),
      identifiable: null,
    },
    warnings: warningsOf(task, chosen, scores.accuracy, where),
    predicted: predictedClasses(outcome),
  };
}

export function setRows(target: Matrix, positions: ArrayLike<number>, rows: Matrix): void {
  for (let i = 0; i < rows.rows; i++) {
    target.data.set(rows.data.subarray(i * rows.cols, (i + 1) * rows.cols), positions[i]! * target.cols);
  }
}

function warningsOf(
  task: ProbeTask,
  chosen: readonly number[],
  share: number,
  where: string,
): ProbeOutcome["warnings"] {
  const warnings: { code: string; message: string; where: string }[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message, where: `${where} · ${task.kind}` });
  const largest = chosen.filter((index) => index === 0).length;
  const smallest = chosen.filter((index) => index === probeLambdas.length - 1).length;
  const of = `of ${chosen.length} folds`;
  if (largest > 0) warn("probe-largest-lambda", `The largest λ of the grid was chosen in ${largest} ${of}: the inputs help no more than the class sizes there.`); // prettier-ignore
  if (smallest > 0) warn("probe-lambda-edge", `The smallest λ of the grid was chosen in ${smallest} ${of}: a smaller one might fit better.`); // prettier-ignore
  if (share === 1) warn("probe-perfect-separation", "Every held-out row is classified correctly, so the accuracy cannot rank layers or models that do as well."); // prettier-ignore
  return warnings;
}
