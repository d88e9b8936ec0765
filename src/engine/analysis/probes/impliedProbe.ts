import { multiply, row, selectRows, zeros, type Matrix } from "../../linalg/matrix";
import { predictedClasses } from "./classificationScores";
import { mean } from "../statistics/intervals";
import { logisticRegression } from "./logisticRegression";
import { centreRows } from "../linearity/predictionScores";
import { heldOutFigures } from "./probeScores";
import { setRows, type ProbeOptions, type ProbeOutcome } from "./probes";
import { probeSpace, splitInputs } from "./probeSpace";
import type { ProbeTask } from "./probeTasks";
import { fitRelationalMap } from "../linearity/relationalMap";
import { inOrder, ridgeFold, type RidgeData } from "../linearity/ridgeFold";
import { relationalSubspace, subspaceAngles } from "../subspaces/subspaces";

export interface ImpliedInputs {
  /** [m, d], as for `probe`. */
  readonly inputs: Matrix;
  /** The model's logits over the task's `classLabels` after each prompt, [m, classes]. */
  readonly answerLogits: Matrix;
}

/** What the trained probe gave on the same task and inputs. */
export interface TrainedProbe {
  readonly predicted: Int32Array;
  readonly lambda: number;
}

export interface ImpliedOutcome extends ProbeOutcome {
  readonly againstTrained: { readonly agreement: number; readonly cosines: readonly number[] } | null;
}

/**
 * The probe that relational linearity implies (linear-properties sections 5 and 6; [AoN]): with the least-squares map
 * A fitted on the training subjects of the same fold, the logits G_Y (A x + a) over the answers, each template with its
 * own intercept. It is fitted to what the model says and not to labels, so that it can name answers that no training
 * subject has. Its λ is that of the map, by closed-form leave-one-out.
 *
 * Beside a trained probe: the share of held-out rows for which both name the same class, and the cosines of the
 * principal angles between the row spaces of both weights, fitted on all rows in the same (whitened) coordinates;
 * each is of dimension classes − 1 at most.
 */
export function impliedProbe(
  task: ProbeTask,
  { inputs, answerLogits }: ImpliedInputs,
  trained: TrainedProbe | null,
  { standardise }: Pick<ProbeOptions, "standardise">,
): ImpliedOutcome {
  const data: RidgeData = {
    inputs: selectRows(inputs, task.rows),
    targets: centreRows(selectRows(answerLogits, task.rows)),
    subjects: task.units,
    strata: templatesInEveryFold(task),
    standardise,
  };
  const outcome = zeros(task.rows.length, task.classes);
  const lambdas: number[] = [];
  for (const rows of task.splits) {
    const fold = ridgeFold(data, rows);
    const { lambda } = fold.fit();
    lambdas.push(fold.lambdas[lambda]!);
    const logits = multiply(fold.weights(lambda), fold.targets);
    // The training mean is what was taken off the held-out targets.
    const targets = selectRows(data.targets, rows.test);
    for (let k = 0; k < logits.data.length; k++) logits.data[k]! += targets.data[k]! - fold.heldOut.data[k]!;
    setRows(outcome, rows.test, logSoftmax(logits));
  }
  const predicted = predictedClasses(outcome);
  return {
    figures: {
      estimator: "implied",
      ...heldOutFigures(task, outcome),
      control: null,
      controlUpper: null,
      controlDraws: 0,
      selectivity: null,
      // 0 where the inputs are constant.
      lambda: Math.exp(mean(lambdas.map(Math.log))),
      directionStability: null,
      identifiable: null,
    },
    warnings: [],
    predicted,
    againstTrained:
      trained === null
        ? null
        : {
            agreement: predicted.filter((c, i) => c === trained.predicted[i]).length / predicted.length,
            cosines: rowSpaceCosines(task, data, trained.lambda),
          },
  };
}

function rowSpaceCosines(task: ProbeTask, data: RidgeData, lambda: number): readonly number[] {
  const space = probeSpace(data.inputs, data.standardise);
  const { train } = splitInputs(space, inOrder(task.rows.length), []);
  const { weights } = logisticRegression({ inputs: train, labels: task.labels, classes: task.classes }, { lambda });
  const implied = fitRelationalMap(train, data.targets, { subjects: data.subjects, strata: data.strata }).map;
  if (train.cols === 0) return [];
  const [left, right] = [weights, implied].map((map) => relationalSubspace(map, task.classes - 1));
  return left!.cols === 0 || right!.cols === 0 ? [] : subspaceAngles(left!, right!).cosines;
}

/** Template of each row; one for all where a training set lacks one, whose mean would then be unknown. */
function templatesInEveryFold({ templates, splits }: ProbeTask): Int32Array {
  const present = [...new Set(templates)].sort((a, b) => a - b);
  const numbers = templates.map((template) => present.indexOf(template));
  const complete = splits.every(({ train }) => new Set(Array.from(train, (i) => numbers[i])).size === present.length);
  return complete ? numbers : numbers.fill(0);
}

function logSoftmax(logits: Matrix): Matrix {
  const out = zeros(logits.rows, logits.cols);
  for (let i = 0; i < logits.rows; i++) {
    const values = row(logits, i);
    const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = values.reduce((total, x) => total + Math.exp(x - largest), 0);
    row(out, i).set(values.map((x) => x - largest - Math.log(sum)));
  }
  return out;
}
