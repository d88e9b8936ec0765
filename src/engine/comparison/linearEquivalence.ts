import type { ReportWarning } from "../../protocol/report";
import type { Complexity } from "../analysis/comparison/complexity";
import type { HeldOutMap } from "../analysis/comparison/heldOutMap";
import { groupByPassage, passageFolds, type Passages } from "../analysis/comparison/passages";
import type { Similarity } from "../analysis/comparison/similarity";
import { describeFolds, splitByFold, type Folds } from "../analysis/statistics/folds";
import type { Compute } from "../compute/tasks";
import type { Matrix } from "../linalg/matrix";

export interface EquivalenceInput {
  /** Cᵀ f over the matched vocabulary, [n, d]; right [n, d']. */
  readonly xL: Matrix;
  readonly xR: Matrix;
  /** f as the model has it. */
  readonly fL: Matrix;
  readonly fR: Matrix;
  /** Log-ratios of diverse tokens, [n, k]. */
  readonly uL: Matrix;
  readonly uR: Matrix;
  /** Of xL and xR. */
  readonly complexities: Promise<readonly [Complexity, Complexity]>;
  /** Passage of each context. */
  readonly passageOf: Int32Array;
  readonly seed: number;
}

export interface EquivalenceFigures {
  readonly figures: {
    readonly r2Forward: Similarity;
    readonly r2Backward: Similarity;
    readonly meanCanonicalCorrelation: Similarity;
    readonly cka: Similarity;
    readonly dSvd: Similarity;
    readonly ckaEuclidean: Similarity;
    readonly r2Euclidean: Similarity;
  };
  /** Such as `5 folds by passage`. */
  readonly heldOut: string;
  readonly n: number;
  /** Canonical correlations behind their mean. */
  readonly components: number;
  readonly warnings: readonly ReportWarning[];
}

/** Says when a task is done. */
export type Step = <T>(task: Promise<T>) => Promise<T>;

/** What `linearEquivalence` reports to `Step`. */
export const equivalenceSteps = 7;

/** Above this R² a map is exact, and the smallest λ is the right one. */
const exact = 0.9999;

/**
 * Extended linear equivalence of two models over the same contexts [AoN], and how like their representations are
 * otherwise (linear-properties section 9). With fewer training contexts than dimensions of the log-ratios even
 * equivalent models stay below R² = 1, which is a warning.
 * @returns null with fewer than two passages, or where the contexts do not differ in a model
 * @throws Cancelled
 */
export async function linearEquivalence(
  { xL, xR, fL, fR, uL, uR, complexities, passageOf, seed }: EquivalenceInput,
  compute: Compute,
  step: Step,
): Promise<EquivalenceFigures | null> {
  const passages = groupByPassage(passageOf);
  if (passages.count < 2) return null;
  const folds = passageFolds(passages, seed);
  const coordinatesOf = (rows: Matrix) => compute.run("contextCoordinates", rows);
  const whitened = Promise.all([coordinatesOf(xL), coordinatesOf(xR)]);
  const raw = Promise.all([coordinatesOf(fL), coordinatesOf(fR)]);
  const map = (inputs: Matrix, targets: Matrix, identifiable: "always" | "never") =>
    compute.run("heldOutMap", inputs, targets, passages, folds, { seed, identifiable });
  const forward = whitened.then(([left, right]) => map(right, left, "always"));
  const backward = whitened.then(([left, right]) => map(left, right, "always"));
  const canonical = async () => {
    const [[left, right], ranks, own, other] = await Promise.all([whitened, complexities, backward, forward]);
    return compute.run("meanCanonicalCorrelation", left, right, passages, folds, {
      components: Math.min(...ranks.map(({ centredRank }) => centredRank)),
      penalties: [own.lambdas, other.lambdas],
      seed,
    });
  };
  const [there, back, euclidean, cka, ckaEuclidean, dSvd, correlation, ranks] = await Promise.all([
    step(forward),
    step(backward),
    step(raw.then(([left, right]) => map(right, left, "never"))),
    step(compute.run("ckaFigure", xL, xR, passages, seed, "always")),
    step(compute.run("ckaFigure", fL, fR, passages, seed, "never")),
    step(compute.run("dSvdFigure", uL, uR, passages, seed)),
    step(canonical()),
    complexities,
  ]);
  if (cka === null || ckaEuclidean === null || dSvd === null) return null;
  return {
    figures: {
      r2Forward: there.figure,
      r2Backward: back.figure,
      meanCanonicalCorrelation: correlation.figure,
      cka,
      dSvd,
      ckaEuclidean,
      r2Euclidean: euclidean.figure,
    },
    heldOut: describeFolds(folds, "passage"),
    n: xL.rows,
    components: correlation.components,
    warnings: [
      ...tooFewContexts(passages, folds, ranks),
      ...atEdges("to the left model", there),
      ...atEdges("to the right model", back),
      ...atEdges("between raw coordinates", euclidean),
    ],
  };
}

const where = "comparison.equivalence";

function tooFewContexts(
  passages: Passages,
  folds: Folds,
  [left, right]: readonly [Complexity, Complexity],
): ReportWarning[] {
  const sizes = Array.from({ length: folds.count }, (_, fold) => splitByFold(passages.of, folds, fold).train.length);
  const fewest = Math.min(...sizes);
  const rank = Math.max(left.rank, right.rank);
  if (fewest >= rank) return [];
  const message = `Maps are fitted on ${fewest} contexts, fewer than the ${rank} dimensions of the log-ratios: even models that predict the same stay below R² = 1.`;
  return [{ code: "few-contexts-for-equivalence", message, where }];
}

function atEdges(which: string, { figure, smallest, largest, lambdas }: HeldOutMap): ReportWarning[] {
  const warn = (folds: number, message: string) =>
    folds === 0
      ? []
      : [{ code: "lambda-edge", message: `Map ${which}: ${message} in ${folds} of ${lambdas.length} folds.`, where }];
  return figure.value > exact
    ? []
    : [
        ...warn(smallest, "the smallest λ of the grid was chosen, so that a smaller one might fit better,"),
        ...warn(largest, "the largest λ of the grid was chosen, at which hardly a map is left,"),
      ];
}
