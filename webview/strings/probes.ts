import { share } from "../format";
import { plural } from "./words";

export const probeStrings = {
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
  atLayer: (layer: number | "final") =>
    layer === "final" ? "the final state f" : layer === 0 ? "the embeddings" : `layer ${layer}`,

  pooling: "Pooling",
  comparePoolings: "compare",
  bestAccuracy: (accuracy: number, layer: string, final: number | null) =>
    final === null
      ? `Best accuracy ${share(accuracy)}, at ${layer}.`
      : `Accuracy ${share(final)} at f; best ${share(accuracy)}, at ${layer}.`,
  nonLinearGap: (gap: number, layer: string, mlp: number, linear: number) =>
    gap <= 0
      ? "Non-linear gap: none; the MLP probe reads no layer better than the logistic one."
      : `Non-linear gap: at most ${Math.round(100 * gap)} points, at ${layer} (MLP ${share(mlp)}, logistic ${share(linear)}).`,
  impliedAgreement: (agreement: number, layer: string, cosines: string) =>
    `The probe implied by the linear map predicts the trained probe's class for ${share(agreement)} of held-out rows at ${layer}; cosines between the two: ${cosines}.`,
  implied: { agreement: "agrees with trained", cosines: "cosines to trained" },
  transferTitle: "Probes across phrasings",
  transferHint: "Trained on the row's phrasing, tested on the column's, subjects held out.",
  transferCosineHint: "Between the normals of the probes of the two phrasings.",
  transferShows: "Shows",
  transferChoices: {
    accuracy: "Accuracy",
    euclidean: "Cosine, Euclidean",
    causal: "Cosine, causal",
    mahalanobis: "Cosine, Mahalanobis",
  },
  trainedOn: "Trained on",
  testedOn: "Tested on",
} as const;
