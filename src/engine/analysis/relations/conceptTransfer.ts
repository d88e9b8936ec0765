import { dot, row, scale, selectRows, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { rowSpace } from "../geometry/rowSpace";
import { predictedClasses } from "../probes/classificationScores";
import { logisticRegression, logProbabilities } from "../probes/logisticRegression";
import { paddedRows } from "../probes/paddedRows";
import { chooseProbeLambda, controlTolerance, pick, probeLambdas } from "../probes/probeFitting";
import { drawControl, type ProbeTask } from "../probes/probeTasks";
import { randomFolds } from "../statistics/folds";
import { mean, quantile, wilsonInterval, type Interval } from "../statistics/intervals";

/** The words of one relation's pairs. */
export interface ConceptWords {
  /** Rows of the inputs. */
  readonly rows: Int32Array;
  /** 0: first word of a pair; 1: second. */
  readonly forms: Int32Array;
  /** Words that share a pair, directly or through others, in any relation, are one group; 0 … groups − 1. */
  readonly groups: Int32Array;
}

export interface ConceptTransfer {
  /**
   * Balanced accuracy, the mean over the two forms of the share that is right: ½ for a guess, however many words of each
   * there are. Trained on the words of relation i (row), tested on those of j (column); null where too few are tested.
   */
  readonly accuracy: (number | null)[][];
  /** 95% quantile when the labels of i are swapped at random within each group; null without draws. */
  readonly upper: (number | null)[][] | null;
  /** Wilson's for that share, with groups as n. */
  readonly intervals: (Interval | null)[][];
  /** Groups behind the smallest entry. */
  readonly n: number;
}

export interface ConceptTransferOptions {
  readonly seed: number;
  /** Name of the random draws, such as the layer. */
  readonly where: string;
  /** Inputs without a metric of their own: Ledoit–Wolf covariance of the training rows. */
  readonly standardise: boolean;
  readonly controlDraws: number;
}

const foldCount = 5;
/** Fewer tell nothing; also what a probe is trained on. */
const fewestGroups = 3;

/**
 * Does the direction that tells the two forms of one relation apart tell those of another? For every relation and fold,
 * a logistic probe as in section 6 is trained on the relation's words outside the fold and tested on the words of
 * every relation inside it. Folds hold out groups of words that share a pair in any relation; so no word is tested that
 * was trained on, all entries are trained on as much, and a relation beside a copy of itself has the accuracy of its
 * own diagonal.
 *
 * @param groups their number
 * @param inputs [words, d]: Cᵀf or h_l
 */
export function conceptTransfer(
  relations: readonly ConceptWords[],
  groups: number,
  inputs: Matrix,
  options: ConceptTransferOptions,
): ConceptTransfer {
  const { seed, where, standardise, controlDraws } = options;
  const folds = randomFolds(groups, foldCount, random(seed, "concept transfer folds"));
  const counts = (draws: number) => relations.map(() => relations.map(() => zeros(2, draws)));
  // [form, draw]; the first draw is the probe itself.
  const right = counts(1 + controlDraws);
  const tested = counts(1);
  const testedGroups = relations.map(() => relations.map(() => new Set<number>()));

  relations.forEach((relation, i) => {
    const task = taskOf(relation);
    // The same draws for every relation, so that a copy of one has its figures.
    const draws = random(seed, `${where} concept transfer control`);
    const labels = [task.labels, ...Array.from({ length: controlDraws }, () => drawControl(task, draws))];
    for (let fold = 0; fold < folds.count; fold++) {
      const train = positions(relation, (group) => folds.foldOf[group] !== fold);
      if (!trainable(relation, train)) continue;
      const { rows, project } = trainingSpace(selectRows(inputs, pick(relation.rows, train)), standardise);
      const inner = random(seed, `${where} concept transfer ${fold}`);
      const { index, start } = chooseProbeLambda(task, train, rows, inner);
      const lambda = probeLambdas[index]!;
      const common = { inputs: rows, padded: paddedRows(rows), classes: 2 };
      const models = labels.map((own, draw) =>
        logisticRegression(
          { ...common, labels: pick(own, train) },
          draw === 0 ? { lambda, start } : { lambda, tolerance: controlTolerance },
        ),
      );
      relations.forEach((other, j) => {
        const test = positions(other, (group) => folds.foldOf[group] === fold);
        if (test.length === 0) return;
        const held = project(selectRows(inputs, pick(other.rows, test)));
        models.forEach((model, draw) => {
          const found = predictedClasses(logProbabilities(model, held));
          test.forEach((p, k) => (row(right[i]![j]!, other.forms[p]!)[draw]! += found[k] === other.forms[p] ? 1 : 0));
        });
        test.forEach((p) => {
          tested[i]![j]!.data[other.forms[p]!]!++;
          testedGroups[i]![j]!.add(other.groups[p]!);
        });
      });
    }
  });

  const entries = <T>(entry: (i: number, j: number) => T): (T | null)[][] =>
    relations.map((_, i) => relations.map((__, j) => (isTested(i, j) ? entry(i, j) : null)));
  const isTested = (i: number, j: number) =>
    testedGroups[i]![j]!.size >= fewestGroups && tested[i]![j]!.data.every((n) => n > 0);
  const share = (i: number, j: number, draw: number) =>
    mean([0, 1].map((form) => row(right[i]![j]!, form)[draw]! / tested[i]![j]!.data[form]!));
  const enough = testedGroups.flatMap((sets) => sets.map(({ size }) => size).filter((size) => size >= fewestGroups));
  return {
    accuracy: entries((i, j) => share(i, j, 0)),
    upper:
      controlDraws === 0
        ? null
        : entries((i, j) =>
            quantile(
              Float64Array.from({ length: controlDraws }, (_, d) => share(i, j, d + 1)),
              0.95,
            ),
          ),
    intervals: entries((i, j) => {
      const n = testedGroups[i]![j]!.size;
      return wilsonInterval(share(i, j, 0) * n, n);
    }),
    n: enough.length === 0 ? 0 : Math.min(...enough),
  };
}

/** The relation's words as a task; its splits are made here. */
function taskOf({ rows, forms, groups }: ConceptWords): ProbeTask {
  const present = [...new Set(groups)];
  return {
    kind: "concept",
    rows,
    labels: forms,
    classes: 2,
    classLabels: Int32Array.of(0, 1),
    templates: new Int32Array(rows.length),
    units: groups.map((group) => present.indexOf(group)),
    n: present.length,
    unitClasses: null,
    splits: [],
    heldOut: "",
  };
}

function positions({ groups }: ConceptWords, chosen: (group: number) => boolean): Int32Array {
  return Int32Array.from(groups.keys()).filter((p) => chosen(groups[p]!));
}

function trainable({ groups, forms }: ConceptWords, train: Int32Array): boolean {
  return new Set(pick(groups, train)).size >= fewestGroups && new Set(pick(forms, train)).size === 2;
}

/**
 * Training rows in their principal axes, with one common scale that makes the mean squared norm 1. The probe's weights
 * lie in the span of the (standardised) training rows, so other rows count through their projection alone.
 */
function trainingSpace(rows: Matrix, standardise: boolean): { rows: Matrix; project: (others: Matrix) => Matrix } {
  const space = rowSpace(rows, { standardise });
  const { coordinates } = space;
  const squares = dot(coordinates.data, coordinates.data);
  const size = squares > 0 ? Math.sqrt(coordinates.rows / squares) : 0;
  return { rows: scale(coordinates, size), project: (others) => scale(space.project(others), size) };
}
