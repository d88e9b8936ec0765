import { share } from "../../format";
import type { probeStrings as english } from "../probes";
import type { Translated } from "../translated";
import { plural } from "./words";

export const probeStrings: Translated<typeof english> = {
  task: "Aufgabe",
  layer: "Schicht",
  layerName: (layer) => `${layer}`,
  layerAxis: "Schicht (0: Einbettungen; final: f)",
  accuracy: "Genauigkeit",
  accuracyTitle: "Genauigkeit der Proben über die Schichten",
  band: "95-%-Intervall (Wilson)",
  majority: "häufigste Klasse",
  control: "Kontrollaufgabe, Mittel",
  controlUpper: "Kontrollaufgabe, 95 %",
  selectivity: "Selektivität",
  macroF1: "Makro-F1",
  logLoss: "Log-Verlust (Nats)",
  auroc: "AUROC",
  lambda: "λ",
  stability: "Stabilität der Richtung",
  units: (n, classes, heldOut) =>
    `${plural(n, "unabhängige Einheit", "unabhängige Einheiten")}, ${plural(classes, "Klasse", "Klassen")}; ${heldOut}`,
  atLayer: (layer) => (layer === "final" ? "Endzustand f" : layer === 0 ? "Einbettungen" : `Schicht ${layer}`),

  pooling: "Pooling",
  comparePoolings: "vergleichen",
  bestAccuracy: (accuracy, layer, final) =>
    final === null
      ? `Beste Genauigkeit ${share(accuracy)} (${layer}).`
      : `Genauigkeit ${share(final)} bei f; beste ${share(accuracy)} (${layer}).`,
  nonLinearGap: (gap, layer, mlp, linear) =>
    gap <= 0
      ? "Nichtlineare Lücke: keine; die MLP-Probe liest keine Schicht besser als die logistische."
      : `Nichtlineare Lücke: höchstens ${Math.round(100 * gap)} Prozentpunkte (${layer}; MLP ${share(mlp)}, logistisch ${share(linear)}).`,
  impliedAgreement: (agreement, layer, cosines) =>
    `Die Probe, die aus der linearen Abbildung folgt, sagt für ${share(agreement)} der zurückgehaltenen Zeilen die Klasse der trainierten Probe voraus (${layer}); Kosinus zwischen beiden: ${cosines}.`,
  implied: { agreement: "wie die trainierte", cosines: "Kosinus zur trainierten" },
  transferTitle: "Proben über Formulierungen hinweg",
  transferHint: "Trainiert an der Formulierung der Zeile, geprüft an der der Spalte, mit zurückgehaltenen Subjekten.",
  transferCosineHint: "Zwischen den Normalen der Proben der beiden Formulierungen.",
  transferShows: "Zeigt",
  transferChoices: {
    accuracy: "Genauigkeit",
    euclidean: "Kosinus, euklidisch",
    causal: "Kosinus, kausal",
    mahalanobis: "Kosinus, Mahalanobis",
  },
  trainedOn: "Trainiert an",
  testedOn: "Geprüft an",
};
