import type { Interval, Identifiable } from "./figures";
import type { ReportModel } from "./provenance";
import type { Section } from "./summary";
import type { Report } from "../report";

/**
 * Two models on the same relation and the same contexts (linear-properties section 9). `left` is the report's own
 * model, `right` the other. Parts that need the models are null where two saved reports are compared.
 */
export interface Comparison {
  /** The other model. */
  readonly model: ReportModel;
  /** The same relation in the other model, so that every view can show either; its own `comparison` is null. */
  readonly other: Report;
  /** Tokens whose text both vocabularies have, as a share of the smaller one; null without the models. */
  readonly vocabularyShared: number | null;
  readonly vocabulary: { readonly matched: number; readonly left: number; readonly right: number } | null;
  readonly contexts: ContextSource | null;
  readonly distances: DistributionDistances | null;
  /** The same on the relation's own prompts alone. */
  readonly relationDistances: DistributionDistances | null;
  readonly equivalence: LinearEquivalence | null;
  /** Rank of the log-ratios u over the contexts, at `complexity.tolerance`; left, right. */
  readonly effectiveComplexity: readonly [number, number] | null;
  readonly complexity: {
    /** Relative to the largest singular value. */
    readonly tolerance: number;
    readonly participationRatio: readonly [number, number];
    /** Of the centred log-ratios, as shares of the largest; longest part that is shown. */
    readonly singularValues: readonly [readonly number[], readonly number[]];
  } | null;
  readonly layerMaps: readonly LayerMap[];
  readonly unitMatching: UnitMatching | null;
  /** All or none. */
  readonly verdicts: readonly ComparedProperty[];
  /** Most important first. */
  readonly headline: readonly string[];
}

/** Where the contexts come from, of which a relation gives too few. */
export interface ContextSource {
  /** `general` for the collection that ships with the product, else the file or folder that was named. */
  readonly source: string;
  /** Passages that have contexts: the independent units. */
  readonly passages: number;
  /** Prefixes of passages that end where both tokenisers have a boundary. */
  readonly contexts: number;
  /** Passages without any: a model has tokens at their start that it was never trained on. */
  readonly leftOut: number;
}

/**
 * On the matched vocabulary, renormalised; nats. Intervals: bootstrap over passages (or subjects), of `sameTopToken`
 * Wilson's with as many trials as there are passages; null for one.
 */
export interface DistributionDistances {
  /** Mean over contexts of JS(p, p'). */
  readonly jensenShannon: number;
  /** Mean KL(left ‖ right). */
  readonly kl: number;
  /** Mean KL(right ‖ left). */
  readonly klBackward: number;
  /**
   * d_LLV of [LLV] with weight 1 for the differences of scale: the largest of two unitless terms and two in nats. Over
   * diverse tokens and contexts, a third of the contexts or fewer. Null with fewer than three contexts.
   */
  readonly logLikelihoodVariance: number | null;
  /** Share of contexts in which both models put the same matched token first. */
  readonly sameTopToken: number;
  readonly intervals: {
    readonly jensenShannon: Interval | null;
    readonly kl: Interval | null;
    readonly klBackward: Interval | null;
    readonly sameTopToken: Interval | null;
  };
  /** Contexts. */
  readonly n: number;
}

/** A figure of two sets of vectors over the same contexts. */
export interface SimilarityFigure {
  readonly value: number;
  /** Bootstrap over passages. */
  readonly interval: Interval | null;
  /** Mean when the passages of one model are permuted, and its 97.5% quantile (of d_SVD, a distance: 2.5%). */
  readonly nullMean: number | null;
  readonly nullUpper: number | null;
  readonly identifiable: Identifiable;
}

/**
 * Extended linear equivalence [AoN]: P_M f = A P_M~ f~, fitted on training passages, scored on the others. The maps have
 * no intercept, as in the theorem, and R² is against the training mean: of unrelated models it is below 0, since a λ
 * that keeps the map small shrinks the mean that it predicts, too.
 */
export interface LinearEquivalence {
  /** Held-out R² of the left model's f (section 2 coordinates) from the right one's. */
  readonly r2Forward: number;
  /** The right one's from the left one's. */
  readonly r2Backward: number;
  /** Held-out mean canonical correlation, over the dimensions in which contexts differ in both models. */
  readonly meanCanonicalCorrelation: number;
  /** Linear CKA of f in section 2 coordinates, that is of the centred log-probabilities. */
  readonly cka: number;
  /** d_SVD of [LLV] on the log-ratios of at most 64 diverse tokens; 0 for equivalent models. */
  readonly dSvd: number;
  /** Linear CKA of the raw coordinates of f: may differ between models with the same distribution. */
  readonly ckaEuclidean: number;
  /** R² from the raw coordinates of f to those of the other model, held out, left from right. */
  readonly r2Euclidean: number;
  /** With interval, null and kind, by the names above. */
  readonly figures: Readonly<Record<EquivalenceFigure, SimilarityFigure>>;
  readonly heldOut: string;
  /** Contexts. */
  readonly n: number;
  /** Tokens behind d_SVD and d_LLV. */
  readonly diverseTokens: readonly string[];
}

export type EquivalenceFigure =
  "r2Forward" | "r2Backward" | "meanCanonicalCorrelation" | "cka" | "dSvd" | "ckaEuclidean" | "r2Euclidean";

/** Entry [i][j]: layer `left[i]` of the report's model against layer `right[j]` of the other; "final" for f. */
export interface LayerMap {
  readonly measure: "cka" | "subspaceOverlap";
  /** Template of `subspaceOverlap`; null for `cka`, which is over the general contexts. */
  readonly template: string | null;
  readonly left: readonly ("final" | number)[];
  readonly right: readonly ("final" | number)[];
  readonly matrix: readonly (readonly (number | null)[])[];
  /** Mean of the same with the contexts (or answers) permuted. */
  readonly nullMatrix: readonly (readonly (number | null)[])[] | null;
  /** 95% quantile of the same over 40 permutations. */
  readonly nullUpper: readonly (readonly (number | null)[])[] | null;
  readonly n: number;
}

/**
 * Units of f matched one to one, by sparse regression and by clusters [Conv]. Units are coordinates, so all of it
 * depends on the basis.
 */
export interface UnitMatching {
  readonly layer: "final";
  /** Units that took part, ascending: all, or the 256 of the largest variance. */
  readonly leftUnits: readonly number[];
  readonly rightUnits: readonly number[];
  /** The assignment that maximises the sum of |correlation|; best match first. */
  readonly assignment: readonly { readonly left: number; readonly right: number; readonly correlation: number }[];
  readonly meanCorrelation: number;
  /** Mean |correlation| of the best assignment with the contexts of one model permuted. */
  readonly nullMean: number;
  /** Share of left units whose greedy best partner (with repetition) is their assigned one. */
  readonly mutual: number;
  /** Lasso from all right units to each left one, held out. */
  readonly sparse: {
    readonly meanR2: number;
    readonly meanUnits: number;
    /** Per unit of `leftUnits`. */
    readonly r2: readonly number[];
    readonly units: readonly number[];
  };
  /** Units of both models clustered together by |correlation|. */
  readonly clusters: readonly {
    readonly left: readonly number[];
    readonly right: readonly number[];
    readonly meanCorrelation: number;
  }[];
  /** |correlation| between left (rows) and right units, in the order of the assignment. At most 96 of each. */
  readonly matrix: readonly (readonly number[])[];
  readonly n: number;
  readonly identifiable: Identifiable;
}

/** A property of the table, in both models. */
export interface ComparedProperty {
  readonly section: Section;
  readonly property: string;
  readonly left: number | null;
  readonly right: number | null;
  readonly leftInterval: Interval | null;
  readonly rightInterval: Interval | null;
  /** Over exact twins of each model, both families; null where the twin test has not run. */
  readonly leftRange: Interval | null;
  readonly rightRange: Interval | null;
  readonly leftNull: number | null;
  readonly rightNull: number | null;
  /** Does the property hold? Null where that cannot be told. */
  readonly holds: readonly [boolean | null, boolean | null];
  readonly n: readonly [number, number];
  /** As in the summary: the theorem covers f alone. */
  readonly layer: "final" | number;
  /** The weaker of the two models' kinds. */
  readonly identifiable: Identifiable;
  readonly verdict: ComparisonVerdict;
  /** The same in a sentence. */
  readonly words: string;
}

export type ComparisonVerdict = "both" | "one" | "none" | "depends on the basis" | "too few to tell";
