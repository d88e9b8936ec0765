import type { Section } from "../../protocol/report";

/** A field of the report, and what can be expected of it. */
export interface ReportField {
  readonly root: string;
  /** The section of the analysis that gives it; null for what every report has. */
  readonly section: Section | null;
  readonly numbers: readonly string[];
  readonly words: readonly string[];
  /** What an entry of a list is chosen by. */
  readonly selectors: readonly string[];
  /** Lists of numbers, of which one is named by its place. */
  readonly lists: readonly string[];
}

const below = (parents: readonly string[], fields: readonly string[]) =>
  parents.flatMap((parent) => fields.map((field) => `${parent}.${field}`));

const maps = ["distributional", "causal", "euclidean", "general", "embeddings.causal", "embeddings.euclidean"];
const mapNumbers = ["mean", "shuffledMean", "p", "n"];
const withRandomPairs = ["distributional", "causal", "euclidean", "general"];

const field = (
  root: string,
  section: Section | null,
  parts: Partial<Omit<ReportField, "root" | "section">>,
): ReportField => ({
  root,
  section,
  numbers: [],
  words: [],
  selectors: [],
  lists: [],
  ...parts,
});

/** Fields of the report by their first name, the main figures first. `verdict` is that of the summary's table. */
export const reportFields: readonly ReportField[] = [
  field("prompts", null, {
    numbers: ["accuracy", "rank", "logProbability", "answerLogProbability"],
    words: ["predictedToken.text", "answerToken.text"],
    selectors: ["template", "subject", "object"],
  }),
  field("parallelism", "parallelism", {
    numbers: [
      ...below(maps, mapNumbers),
      ...below(withRandomPairs, ["randomPairsMean", "randomPairsUpper"]),
      "effectiveContexts",
      "generalEffectiveContexts",
      "generalContexts",
    ],
    words: below(maps, ["verdict", "identifiable"]),
    lists: [...below(maps, ["interval", "matrix"]), "slopes"],
  }),
  field("linearity", "linearity", {
    numbers: [
      "faithfulness",
      "r2Logit",
      "p",
      "causality",
      "causalityRandom",
      "faithfulnessInAnswers",
      "kl",
      "klInAnswers",
      "rank",
      "lambda",
      "distinctTopAnswers",
      "n",
    ],
    words: ["verdict", "identifiable"],
    selectors: ["template", "layer", "estimator"],
    lists: ["interval", "faithfulnessInterval", "causalityInterval", "singularValues", "agreement"],
  }),
  field("linearityTransfer", "linearity", {
    numbers: ["r2RefittedIntercept", "n"],
    words: ["verdict", "identifiable"],
    lists: ["r2RefittedIntercept", "r2OwnIntercept", "faithfulnessInAnswers"],
  }),
  field("probes", "probes", {
    numbers: ["accuracy", "control", "controlUpper", "selectivity", "majority", "macroF1", "logLoss", "auroc", "n", "classes", "lambda", "directionStability"], // prettier-ignore
    words: ["verdict", "identifiable"],
    selectors: ["kind", "layer", "estimator", "pooling", "context"],
    lists: ["interval", "againstTrained"],
  }),
  field("probeTransfer", "probes", { selectors: ["kind", "layer"], lists: ["accuracy", "cosines", "majority", "n", "classes"] }), // prettier-ignore
  field("subspaces", "subspaces", {
    numbers: ["overlap", "overlapExpected", "overlapUpper", "p", "grassmann", "n"],
    words: ["verdict", "identifiable"],
    selectors: ["between", "layers", "left", "right"],
    lists: ["ranks", "cosines"],
  }),
  field("conceptDirections", "subspaces", { lists: ["n", ...below(["distributional", "causal", "euclidean", "mahalanobis"], ["matrix", "identifiable"])] }), // prettier-ignore
  field("erasure", "subspaces", {
    numbers: ["after", "before", "afterRandom", "kl", "rank", "n"],
    words: ["verdict"],
    selectors: ["template", "layer"],
    lists: ["interval", "controls"],
  }),
  field("steering", "steering", {
    numbers: ["successRate", "randomSuccessRate", "controlKept", "controlKl", "controlN", "targetLogProbability", "sourceLogProbability", "n"], // prettier-ignore
    words: ["verdict"],
    selectors: ["layer", "method", "alpha"],
    // Known of steering at f only.
    lists: ["interval", "identifiable"],
  }),
  field("coupling", "steering", { lists: ["matrix", "identifiable"] }),
  field("origins", "origins", {
    numbers: [
      ...below(["logOddsMatching"], ["spread", "randomSpread", "randomSpreadLower", "distance", "randomDistance", "n"]),
      ...below(["alignment"], ["own", "swappedMean", "swappedUpper", "p"]),
    ],
    words: below(["logOddsMatching", "alignment"], ["verdict", "identifiable"]),
    lists: [...below(["logOddsMatching"], ["interval", "concept", "contexts", "contextsLeftOut"]), ...below(["alignment"], ["interval", "n", "causal.matrix", "euclidean.matrix"])], // prettier-ignore
  }),
  field("model", null, { numbers: ["layers", "hiddenSize", "vocabularySize"], words: ["id", "dtype"] }),
];

/** Fields with figures that are not listed one by one. */
export const otherRoots: readonly string[] = ["twins", "comparison", "summary", "settings", "timing"];
