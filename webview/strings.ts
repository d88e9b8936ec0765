/** Every text of the panel that does not come from the report, in one place for localisation. */
import type { Phase } from "../src/protocol/engine";
import type { Identifiable, LinearityEstimator, ProbeKind, Section } from "../src/protocol/report";
import type { FitReading } from "./figures/linearityRows";
import { figure, share } from "./format";

export type TabId = "overview" | "parallelism" | "linearity" | "probes" | "subspaces" | "prompts";

export const tabIds: readonly TabId[] = ["overview", "parallelism", "linearity", "probes", "subspaces", "prompts"];

export const tabNames: Readonly<Record<TabId, string>> = {
  overview: "Overview",
  parallelism: "Parallelism",
  linearity: "Linearity",
  probes: "Probes",
  subspaces: "Subspaces",
  prompts: "Prompts",
};

export const phaseNames: Readonly<Record<Phase, string>> = {
  load: "Loading the model",
  tokenize: "Tokenising",
  forward: "Forward passes",
  parallelism: "Parallelism",
  linearity: "Linearity",
  probes: "Probes",
  subspaces: "Subspaces",
  report: "Writing the report",
};

/** "Over equivalent models": those with the same next-token distribution. */
export function identifiableWords(value: Identifiable): string {
  switch (value) {
    case "always":
      return "same in every equivalent model";
    case "underDiversity":
      return "same in every equivalent model, if diverse";
    case "never":
      return "depends on the basis";
    case null:
      return "not tested yet";
  }
}

export const identifiableHelp =
  "Over equivalent models, those with the same next-token distribution: a figure that is the same in all of them is a property of the distribution; one that depends on the basis is an accident of this model's coordinates.";

export const estimatorNames: Readonly<Record<LinearityEstimator, string>> = {
  leastSquares: "least squares",
  kl: "KL",
  jacobian: "Jacobian",
  identity: "identity",
  translation: "translation",
  mean: "mean answer",
  shuffled: "shuffled answers",
};

export const probeKindNames: Readonly<Record<ProbeKind, string>> = {
  answer: "answer",
  answerAcrossTemplates: "answer, across templates",
  concept: "concept: subject or object?",
  label: "label",
};

export const fitReadings: Readonly<Record<FitReading, string>> = {
  baseline: "baseline",
  notComputed: "not computed",
  noInformation: "carries no information: one distinct top answer",
  tooFew: "too few subjects to tell",
  better: "better than the mean answer",
  untested: "above the mean answer; not tested against shuffles",
  worse: "worse than the mean answer",
  unclear: "no better than the mean answer",
};

const plural = (n: number, one: string, many: string) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

export const strings = {
  size: (samples: number, templates: number) =>
    `${plural(samples, "sample", "samples")} × ${plural(templates, "phrasing", "phrasings")}`,
  modelShape: (hiddenSize: number, layers: number, vocabulary: number) =>
    `hidden size ${hiddenSize}, ${plural(layers, "layer", "layers")}, ${plural(vocabulary, "token", "tokens")}`,
  analyzing: (file: string) => `Analyzing ${file}`,
  nothingYet: "No analysis yet",
  nothingYetHint: "Right-click a relation file and choose Analyze Relation, or run it from the command palette.",
  analyzeAgain: "Analyze again",
  saveReport: "Save report…",
  cancel: "Cancel",
  cancelled: "Cancelled. What had been computed is shown.",
  cancelledBefore: "Cancelled. The last complete report is shown.",
  stale: "The file has changed since this analysis.",
  previous: "The last report that could be made is shown below.",
  problems: "Problems",
  errorLabel: "Error",
  warningLabel: "Warning",
  showLog: "Show log",
  openLocation: (location: string) => `Open ${location}`,
  progressLabel: "Progress of the analysis",
  regionHeader: "Relation and model",
  tabs: "Views of the report",

  pending: (section: string) => `${section}: being computed…`,
  notAsked: (section: string) => `${section} was not part of this analysis.`,
  noFigures: (section: string) => `${section} could not be computed.`,

  summary: "Summary",
  properties: "Properties",
  property: "Property",
  value: "Value",
  nullColumn: "Null ◇",
  p: "p",
  n: "n",
  verdict: "Verdict",
  equivalent: "Over equivalent models",
  interval: "95% interval",
  nullName: "Null is",
  propertiesCaption: "Properties with their intervals and nulls. A row opens its tab.",
  openTab: (tab: string) => `Open ${tab}`,
  warnings: (n: number) => plural(n, "warning", "warnings"),
  where: "Where",
  details: "How this was computed",
  facts: {
    model: "Model",
    rank: "Rank of Cov(g)",
    rankOf: (rank: number, size: number) => `${rank} of ${size}`,
    excluded: "Tokens left out of Cov(g)",
    seed: "Seed",
    sections: "Sections",
    layers: "Layers",
    bos: "BOS token",
    version: "Version",
    file: "File",
    time: "Time",
    steps: (load: string, tokenize: string, forward: string, analyse: string) =>
      `load ${load}, tokenise ${tokenize}, forward ${forward}, analyse ${analyse}`,
    tokens: (n: number) => plural(n, "token", "tokens"),
  },
  check: "Check",
  tolerance: "tolerance",
  passed: "passed",
  failed: "failed",

  table: "Table",
  chart: "Chart",
  copy: "Copy",
  copyLabel: (title: string) => `Copy ${title} as tab-separated values`,
  csv: "CSV",
  csvLabel: (title: string) => `Save ${title} as CSV`,
  png: "PNG",
  pngLabel: (title: string) => `Save ${title} as PNG`,
  tableLabel: (title: string) => `Show ${title} as a table`,
  copied: "Copied",
  showAll: (n: number) => `Show all ${n.toLocaleString("en")} rows`,
  sortBy: (column: string) => `Sort by ${column}`,

  heatmapKeys: "Arrow keys move between cells, Enter shows both pairs.",
  geometry: "Geometry",
  order: "Order",
  orderFile: "As in the file",
  orderClustered: "Clustered",
  geometries: {
    distributional: "Distributional",
    causal: "Causal",
    euclidean: "Euclidean",
    embeddingsCausal: "Embeddings, causal",
    embeddingsEuclidean: "Embeddings, Euclidean",
  },
  geometryHelp: {
    distributional: "Cosines of the log-ratio vectors over the relation's prompts: needs the distribution alone.",
    causal: "Cosines of unembedding differences in the causal inner product, Cov(g)⁻¹.",
    euclidean: "Cosines of raw unembedding differences.",
    embeddingsCausal: "Cosines of embedding differences f(object) − f(subject), whitened by Cov(g).",
    embeddingsEuclidean: "Cosines of raw embedding differences f(object) − f(subject).",
  },
  pairsTitle: "Cosines between word pairs",
  meansTitle: "Mean cosine against two nulls",
  meanLegend: { dot: "mean, 95% interval", diamond: "partners shuffled", band: "random pairs, mean to 97.5%" },
  cosine: "cosine",
  slope: "slope β",
  pairA: "Pair",
  pairB: "Other pair",
  cellHint: "Choose a cell to see the prompts of its two pairs and what the model answers.",
  samePair: "The diagonal compares a pair with itself.",
  noPromptOfPair: "No prompt of the file asks for this pair.",
  truncatedPairs: (shown: number, all: number) => `The first ${shown} of ${all} pairs; the table has all of them.`,
  untested: "not yet tested over equivalent models",
  effectiveContexts: (n: number) => `Effective number of contexts: ${figure(n, 1)}`,
  meanOff: "mean",
  shuffledMean: "shuffled partners, mean",
  randomMean: "random pairs, mean",
  randomUpper: "random pairs, 97.5%",
  unanimous: (verdict: string, n: number) => `${capitalised(verdict)}, by ${n === 2 ? "both" : `all ${n}`} figures.`,
  sentenceParallel: (verdict: string, mean: string, shuffled: string) =>
    `${capitalised(verdict)}: mean cosine ${mean}, with partners shuffled ${shuffled}.`,

  task: "Task",
  layer: "Layer",
  layerName: (layer: number | "final") => `${layer}`,
  layerAxis: "Layer (0: embeddings; final: f)",
  accuracy: "accuracy",
  accuracyTitle: "Probe accuracy over layers",
  band: "95% interval (Wilson)",
  majority: "majority class",
  control: "control task, mean",
  controlUpper: "control task, 95%",
  selectivity: "selectivity",
  macroF1: "macro-F1",
  logLoss: "log-loss (nats)",
  auroc: "AUROC",
  lambda: "λ",
  stability: "direction stability",
  units: (n: number, classes: number, heldOut: string) =>
    `${plural(n, "independent unit", "independent units")}, ${plural(classes, "class", "classes")}; ${heldOut}`,
  noSignal: (accuracy: number, layer: string, baseline: number) =>
    `No signal: the best accuracy, ${share(accuracy)} at ${layer}, does not clear its baselines (${share(baseline)}).`,
  inEmbedding: (first: number, best: number, layer: string) =>
    first >= best
      ? `Already in the embedding: layer 0 reads it best, with ${share(first)}. No finding about the layers above.`
      : `Already in the embedding: layer 0 reads it with ${share(first)}, within the interval of the best layer (${layer}, ${share(best)}). No finding about the layers above.`,
  readable: (accuracy: number, layer: string, baseline: number) =>
    `Readable: ${share(accuracy)} at ${layer}, above majority and control (${share(baseline)}).`,
  probeShort: { noSignal: "no signal", inEmbedding: "already in the embedding", readable: "readable" },
  atLayer: (layer: number | "final") =>
    layer === "final" ? "the final state f" : layer === 0 ? "the embeddings" : `layer ${layer}`,

  overlapTitle: "Overlap of the phrasings' subspaces",
  overlapLegend: { dot: "overlap", diamond: "expected with answers permuted", band: "expected to its 95% quantile" },
  cosinesTitle: "Cosines of the principal angles",
  cosinesLegend: { bar: "cosine", expected: "expected (root of the overlap)", band: "to its 95% quantile" },
  overlapMapTitle: "Overlap between phrasings",
  overlap: "overlap",
  overlapExpected: "expected",
  overlapUpper: "expected, 95%",
  grassmann: "Grassmann distance (rad)",
  ranks: "ranks",
  left: "Left",
  right: "Right",
  draws: (n: number) => plural(n, "permutation", "permutations"),
  aligned: (over: number, all: number) =>
    over === all
      ? `All ${all} overlaps are larger than with permuted answers (p < 0.05): the phrasings share a subspace.`
      : over === 0
        ? "No overlap is larger than with permuted answers (p < 0.05)."
        : `${over} of ${all} overlaps are larger than with permuted answers (p < 0.05).`,
  templates: "Phrasings",

  r2Title: "Held-out R² of the logits over the answers",
  r2: "R² (logits)",
  faithfulnessTitle: "Faithfulness: held-out subjects whose top answer is the model's own",
  faithfulness: "Faithfulness",
  faithfulnessInAnswers: "among answers",
  linearityLegend: { dot: "fit or baseline, 95% interval", diamond: "mean answer" },
  linearityTable: "Fits and baselines",
  shuffledShort: "answers shuffled",
  layersTitle: "Held-out R² over layers",
  template: "Phrasing",
  allTemplates: "all phrasings, pooled",
  pooled: "all",
  estimator: "Estimator",
  kl: "KL (nats)",
  klInAnswers: "KL among answers",
  rank: "rank",
  distinct: "distinct answers",
  reading: "Reading",
  agreementTitle: "Held-out agreement by subject",
  agreementHint: "Does the map fitted without a subject give the model's own answer for it?",
  agreementOf: (right: number, all: number) => `${right} of ${all}`,
  rightLabel: "agrees",
  wrongLabel: "differs",
  subject: "Subject",
  answer: "Answer",
  modelSays: "Model says",
  mapSays: "Map says",

  promptsTitle: "Prompts",
  prompt: "Prompt",
  promptRank: "Rank",
  probability: "Probability",
  topTokens: "Top tokens",
  object: "Object",
  allPhrasings: "All phrasings",
  filter: "Filter prompts",
  wrongOnly: "Model's top answer differs",
  wholeAnswer: "Whole answer",
  firstAnswer: (first: number, all: number) =>
    `The model gives the object first in ${first} of ${all} prompts; the other tabs describe its own predictions.`,
} as const;

export const sectionTab: Readonly<Record<Section, TabId>> = {
  parallelism: "parallelism",
  linearity: "linearity",
  probes: "probes",
  subspaces: "subspaces",
};
