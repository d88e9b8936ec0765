import { dot, multiply, row, selectRows, transpose, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { majorityShare, predictedClasses } from "./classificationScores";
import { mean } from "../statistics/intervals";
import { logisticRegression, logProbabilities } from "./logisticRegression";
import { chooseProbeLambda, pick, probeLambdas } from "./probeFitting";
import type { ProbeOptions } from "./probes";
import { probeSpace, shrunkCovariance, splitInputs } from "./probeSpace";
import { stratumMeans, subtractMeans } from "../geometry/rowSpace";
import type { ProbeKind, ProbeTask } from "./probeTasks";

export interface CosineMatrix {
  readonly matrix: number[][];
  readonly identifiable: null;
}

export interface TransferFigures {
  readonly kind: ProbeKind;
  readonly n: number;
  readonly classes: number;
  readonly heldOut: string;
  /** Row i: trained on the i-th template; column j: tested on the j-th. */
  readonly accuracy: number[][];
  readonly majority: number;
  readonly cosines: {
    readonly euclidean: CosineMatrix | null;
    readonly causal: CosineMatrix | null;
    readonly mahalanobis: CosineMatrix | null;
  };
  readonly identifiable: null;
}

/**
 * Is it the same classifier in every paraphrase? Probes as in `probe`, each fitted on one template's rows alone and
 * tested on the held-out subjects' rows of every template.
 *
 * The cosines are between the normals of the probes that are fitted on all rows of a template: for two classes the
 * cosine of the two normals; for more, the mean over the classes of the cosine of the two weight vectors of a class,
 * taken after subtracting the mean over the classes. A normal w is a linear read-out, wᵀx, and so are inner products of
 * read-outs:
 *
 * - Mahalanobis: wᵀ Σ w', their covariance over the rows, Σ the Ledoit–Wolf covariance of all the task's rows
 *   around the mean of their template, since how far templates lie apart is not what two probes read;
 * - causal: of read-outs of f, the causal one [Geo], which in x = Cᵀf is the plain inner product; null without `factor`;
 * - Euclidean: in the coordinates of the model itself: w for hidden states, C w for f.
 *
 * @param task `isTransferable`
 * @param factor C, [hidden size, r], where the inputs are Cᵀf; null for hidden states
 */
export function probeTransfer(
  task: ProbeTask,
  inputs: Matrix,
  factor: Matrix | null,
  { seed, where, standardise }: Pick<ProbeOptions, "seed" | "where" | "standardise">,
): TransferFigures {
  const space = probeSpace(selectRows(inputs, task.rows), standardise);
  const templates = [...new Set(task.templates)].sort((a, b) => a - b);
  const ofTemplate = (positions: ArrayLike<number>, template: number) =>
    Int32Array.from(Array.from(positions).filter((p) => task.templates[p] === template));
  const all = Array.from(task.labels.keys());
  const accuracy: number[][] = [];
  const normals: Matrix[] = [];

  for (const template of templates) {
    const right = templates.map(() => 0);
    const logLambdas: number[] = [];
    task.splits.forEach((split, s) => {
      const train = ofTemplate(split.train, template);
      const z = splitInputs(space, train, split.test);
      const draws = random(seed, `${where} ${task.kind} transfer ${template} ${s}`);
      const { index, start } = chooseProbeLambda(task, train, z.train, draws);
      const lambda = probeLambdas[index]!;
      logLambdas.push(Math.log(lambda));
      const problem = { inputs: z.train, labels: pick(task.labels, train), classes: task.classes };
      const found = predictedClasses(logProbabilities(logisticRegression(problem, { lambda, start }), z.test));
      split.test.forEach((p, i) => {
        if (found[i] === task.labels[p]) right[templates.indexOf(task.templates[p]!)]!++;
      });
    });
    accuracy.push(right.map((count, j) => count / ofTemplate(all, templates[j]!).length));
    const own = ofTemplate(all, template);
    const z = splitInputs(space, own, []);
    const problem = { inputs: z.train, labels: pick(task.labels, own), classes: task.classes };
    normals.push(z.inSpace(logisticRegression(problem, { lambda: Math.exp(mean(logLambdas)) }).weights));
  }

  const centred = subtractMeans(space.rows, stratumMeans(space.rows, task.templates), task.templates);
  // Of f only the part in which the rows differ counts: how many coordinates
  // Cᵀf has is another number in a twin of another dimension.
  const covariance = shrunkCovariance(centred, factor === null ? space.axes.cols : space.rows.cols);
  const inModel = factor === null ? null : multiply(space.axes, transpose(factor));
  const { kind, n, classes, heldOut } = task;
  return {
    kind,
    n,
    classes,
    heldOut,
    accuracy,
    majority: majorityShare(task.labels, task.classes),
    cosines: {
      euclidean: cosinesOf(inModel === null ? normals : normals.map((w) => multiply(w, inModel))),
      causal: factor === null ? null : cosinesOf(normals),
      mahalanobis: cosinesOf(normals, covariance),
    },
    identifiable: null,
  };
}

/** Whether there are two templates or more, and every training set has rows of every class in each. */
export function isTransferable({ templates, labels, classes, splits }: ProbeTask): boolean {
  const present = new Set(templates);
  return (
    present.size > 1 &&
    splits.every(({ train }) => {
      const cells = new Set(Array.from(train, (p) => templates[p]! * classes + labels[p]!));
      return cells.size === present.size * classes;
    })
  );
}

/** Mean over the classes of the cosine in the metric; null where a probe has no direction. */
function cosinesOf(normals: readonly Matrix[], metric?: Matrix): CosineMatrix | null {
  const applied = metric === undefined ? normals : normals.map((w) => multiply(w, metric));
  const lengths = normals.map((w, i) => Float64Array.from({ length: w.rows }, (_, c) => dot(row(w, c), row(applied[i]!, c)))); // prettier-ignore
  if (lengths.some((squares) => squares.some((x) => !(x > 0)))) return null;
  const matrix = normals.map((w, i) =>
    applied.map((other, j) =>
      mean(lengths[i]!.map((square, c) => dot(row(w, c), row(other, c)) / Math.sqrt(square * lengths[j]![c]!))),
    ),
  );
  return { matrix, identifiable: null };
}
