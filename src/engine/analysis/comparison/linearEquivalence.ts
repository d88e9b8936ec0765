import { columnMeans, subtractFromRows, type Matrix } from "../../linalg/matrix";
import { describeFolds } from "../statistics/folds";
import { meanCanonicalCorrelation } from "./canonicalCorrelation";
import { ckaFigure } from "./cka";
import { complexity } from "./complexity";
import { contextCoordinates } from "./contextCoordinates";
import { dSvdFigure } from "./dSvd";
import { heldOutMap } from "./heldOutMap";
import { groupByPassage, passageFolds } from "./passages";
import type { Similarity } from "./similarity";

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
}

/**
 * Extended linear equivalence of two models over the same contexts [AoN], and how like their representations are
 * otherwise (linear-properties section 9). With fewer training contexts than the rank of f even equivalent models stay
 * below R² = 1: `complexity` says so.
 * @returns null with fewer than two passages, or where the contexts do not differ in a model
 */
export function linearEquivalence(input: EquivalenceInput): EquivalenceFigures | null {
  const { xL, xR, fL, fR, uL, uR, passageOf, seed } = input;
  const passages = groupByPassage(passageOf);
  if (passages.count < 2) return null;
  const cka = ckaFigure(xL, xR, passages, seed, "always");
  const ckaEuclidean = ckaFigure(fL, fR, passages, seed, "never");
  const dSvd = dSvdFigure(uL, uR, passages, seed);
  if (cka === null || ckaEuclidean === null || dSvd === null) return null;

  const folds = passageFolds(passages, seed);
  const [left, right] = [contextCoordinates(xL), contextCoordinates(xR)];
  const forward = heldOutMap(right, left, passages, folds, { seed, identifiable: "always" });
  const backward = heldOutMap(left, right, passages, folds, { seed, identifiable: "always" });
  const canonical = meanCanonicalCorrelation(left, right, passages, folds, {
    components: Math.min(centredRank(xL), centredRank(xR)),
    penalties: [backward.lambdas, forward.lambdas],
    seed,
  });
  const euclidean = heldOutMap(contextCoordinates(fR), contextCoordinates(fL), passages, folds, {
    seed,
    identifiable: "never",
  });
  return {
    figures: {
      r2Forward: forward.figure,
      r2Backward: backward.figure,
      meanCanonicalCorrelation: canonical.figure,
      cka,
      dSvd,
      ckaEuclidean,
      r2Euclidean: euclidean.figure,
    },
    heldOut: describeFolds(folds, "passage"),
    n: xL.rows,
    components: canonical.components,
  };
}

/** Dimensions in which contexts differ: a layer norm before the head leaves f on a plane, one fewer than u has. */
function centredRank(x: Matrix): number {
  return complexity(subtractFromRows(x, columnMeans(x))).rank;
}
