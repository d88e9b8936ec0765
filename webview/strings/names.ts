import type { Phase } from "../../src/protocol/engine";
import type {
  Identifiable,
  LinearityEstimator,
  ProbeKind,
  ProbeResult,
  SteeringMethod,
} from "../../src/protocol/report";

import type { TabId } from "./tabs";

/** The field's names for what the report's codes stand for. */
export const tabNames: Readonly<Record<TabId, string>> = {
  overview: "Overview",
  parallelism: "Parallelism",
  linearity: "Linearity",
  probes: "Probes",
  subspaces: "Subspaces",
  steering: "Steering",
  origins: "Origins",
  prompts: "Prompts",
  comparison: "Compare",
};

export const phaseNames: Readonly<Record<Phase, string>> = {
  load: "Loading the model",
  tokenize: "Tokenising",
  forward: "Forward passes",
  parallelism: "Parallelism",
  linearity: "Linearity",
  probes: "Probes",
  subspaces: "Subspaces",
  steering: "Steering",
  origins: "Origins",
  comparison: "Comparison",
  twins: "Equivalent twins",
  report: "Writing the report",
  write: "Writing the model",
};

/** "Over equivalent models": those with the same next-token distribution. */
export function identifiableWords(value: Identifiable): string {
  switch (value) {
    case "always":
      return "holds in every equivalent model";
    case "underDiversity":
      return "holds under diversity";
    case "never":
      return "depends on the basis";
    case null:
      return "not tested";
  }
}

export const identifiableHelp =
  "Over equivalent models, those with the same next-token distribution. What holds in every one of them is a property of the distribution; what holds under diversity is one if embeddings and unembeddings span their space; what depends on the basis is an accident of this model's coordinates.";

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

export const probeEstimatorNames: Readonly<Record<ProbeResult["estimator"], string>> = {
  logistic: "logistic probe",
  mlp: "MLP probe",
  implied: "probe implied by the linear map",
};

export const poolingNames: Readonly<Record<ProbeResult["pooling"], string>> = {
  last: "last token",
  mean: "mean",
  moments: "moments",
};

export const methodNames: Readonly<Record<SteeringMethod, string>> = {
  minimumNorm: "minimum norm",
  differenceOfMeans: "difference of means",
  probeNormal: "probe normal",
  pseudoInverse: "pseudo-inverse W⁺",
};
