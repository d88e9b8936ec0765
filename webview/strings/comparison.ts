import type { ComparisonVerdict, EquivalenceFigure } from "../../src/protocol/report";
import { count, plural } from "./words";

export const verdictWords: Readonly<Record<ComparisonVerdict, string>> = {
  both: "both",
  one: "one",
  none: "none",
  "depends on the basis": "depends on the basis",
  "too few to tell": "too few to tell",
};

export const equivalenceNames: Readonly<Record<EquivalenceFigure, string>> = {
  r2Forward: "R², left from right",
  r2Backward: "R², right from left",
  meanCanonicalCorrelation: "mean canonical correlation",
  cka: "CKA",
  dSvd: "d_SVD",
  ckaEuclidean: "CKA, raw coordinates",
  r2Euclidean: "R², raw coordinates",
};

export const comparisonStrings = {
  shownModel: "Model",
  compareModels: "Compare with another model…",
  notCompared1: "This report is of one model.",
  notComparedHint:
    "With a second one, this tab shows how far their predictions lie apart, and which properties hold in both, in one or in neither.",
  notComparedSaved: "The Relation Lens extension compares models; this page shows what was computed.",
  steerOther: "Steering by hand works on the report's own model. Choose it above.",

  allOrNone: "All or none: each property in both models",
  allOrNoneCaption: "Properties in both models with intervals and ranges over twins. A row opens its tab.",
  comparedLegend: { twins: "range over its twins", null: "null" },
  leftModel: "Left model",
  holdsWords: (name: string, holds: boolean | null) =>
    `${name}: ${holds === null ? "cannot be told" : holds ? "holds" : "does not hold"}`,
  holdsColumn: "Holds",
  yes: "yes",
  no: "no",
  unknown: "cannot be told",
  inWords: "In words",
  twinsLow: "twins, smallest",
  twinsHigh: "twins, largest",
  filterVerdict: "Show",
  allVerdicts: "all",
  sortRows: "Order",
  sortReport: "as in the report",
  sortVerdict: "by verdict",
  sortDifference: "by difference",
  dependsExplained:
    "“Depends on the basis” marks a figure that moves among models which predict exactly the same (the bars): it describes a model's coordinates, not what it predicts, so that no verdict over two models can rest on it.",

  leftAndRight: (left: string, right: string) => `Left: ${left}; right: ${right}.`,
  contextsFrom: (contexts: number, passages: number, source: string) =>
    `${plural(contexts, "context", "contexts")} from ${plural(passages, "passage", "passages")} (${source}).`,
  general: "general collection",
  leftOut: (n: number) => `${plural(n, "passage", "passages")} left out: tokens that a model was never trained on.`,
  vocabularyShared: (share: string, matched: number, left: number, right: number) =>
    `${plural(matched, "token", "tokens")} have the same text in both vocabularies (${count(left)} and ${count(right)}): ${share} of the smaller one.`,
  withoutModels: "Made from two saved reports: what needs the models themselves is left out.",

  distancesTitle: "How far the predictions lie apart",
  distancesLegend: { dot: "mean, 95% interval" },
  generalContexts: (n: number) => `General contexts (${n})`,
  ownPrompts: (n: number) => `The relation's own prompts (${n})`,
  nats: "nats",
  jensenShannon: "Jensen–Shannon",
  klForward: "KL(left ‖ right)",
  klBackward: "KL(right ‖ left)",
  sameTop: "same first token",
  logLikelihoodVariance: "d_LLV",
  unitless: "0 for models that predict the same",
  figureColumn: "Figure",
  contextsColumn: "Contexts",

  equivalenceTitle: "Linear equivalence of f",
  equivalenceLegend: { dot: "value, 95% interval", diamond: "contexts permuted, mean", band: "to its 97.5% quantile" },
  sameInEquivalent: "Same in all models that predict the same",
  ofBasis: "Depends on the basis",
  nullMean: "null, mean",
  nullUpper: "null, 97.5%",
  equivalenceNote: (n: number, heldOut: string) => `${plural(n, "context", "contexts")}; ${heldOut}.`,

  complexityTitle: "Singular values of the log-ratios",
  complexityAxis: "singular value, in order",
  relativeToLargest: "relative to the largest",
  complexityWords: (left: string, right: string, tolerance: string) =>
    `Effective complexity (rank at ${tolerance}): ${left} and ${right}.`,
  participation: (left: string, right: string) => `Participation ratio: ${left} and ${right}.`,
  index: "Index",

  layerMapsTitle: "Layer by layer",
  cka: "CKA",
  subspaceOverlap: "subspace overlap",
  measureChoice: "Measure",
  layerMapNull: (mean: string, upper: string | null) =>
    upper === null ? `permuted: ${mean}` : `permuted: mean ${mean}, 95% below ${upper}`,
  layerMapRows: (left: string, right: string) => `Rows: layers of ${left}; columns: layers of ${right}.`,
  layerMapBelow: (n: number, quantile: boolean) =>
    `n ${n}. ◇ not above ${quantile ? "the 95% quantile" : "its mean"} with the contexts (or answers) permuted.`,

  unitsTitle: "Units of f matched",
  unitsHint:
    "Units are coordinates: two models that predict the same need not have a single unit in common, so all of this depends on the basis.",
  unitsWords: (mean: string, nullMean: string, mutual: string) =>
    `Best one-to-one assignment: mean |correlation| ${mean}, with contexts permuted ${nullMean}; ${mutual} of the left units prefer their assigned partner.`,
  sparseWords: (r2: string, units: string) =>
    `From a sparse combination of right units, held out: mean R² ${r2} with ${units} units each.`,
  unitsMap: "|Correlation| between units, in the order of the assignment",
  correlation: "|correlation|",
  unit: (i: number) => `unit ${i}`,
  unitsCurve: "Units, best first",
  assigned: "assigned partner, |correlation|",
  permutedMean: "contexts permuted, mean",
  sparse: "sparse combination, R²",
  signedCorrelation: "correlation",
  unitsShort: "units",
  sparseUnits: "units in the combination",
  unitsAxis: "left unit, best first",
  clustersTitle: "Clusters of units",
  leftUnits: "Left units",
  rightUnits: "Right units",
  meanCorrelation: "Mean |correlation|",
  noClusters: "No two units are alike enough to cluster.",
} as const;
