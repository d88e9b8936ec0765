import type { subspaceStrings as english } from "../subspaces";
import type { Translated } from "../translated";
import { plural } from "./words";

export const subspaceStrings: Translated<typeof english> = {
  overlapTitle: "Überlappung der Unterräume der Formulierungen",
  overlapLegend: {
    dot: "Überlappung",
    diamond: "erwartet bei permutierten Antworten",
    band: "erwartet bis zum 95-%-Quantil",
  },
  cosinesTitle: "Kosinus der Hauptwinkel",
  cosinesLegend: { bar: "Kosinus", expected: "erwartet (Wurzel der Überlappung)", band: "bis zum 95-%-Quantil" },
  cosinesExpected: (mean, upper) => `erwartet ${mean} bis ${upper} (Wurzel der Überlappung)`,
  overlapMapTitle: "Überlappung zwischen Formulierungen",
  overlap: "Überlappung",
  overlapExpected: "erwartet",
  overlapUpper: "erwartet, 95 %",
  grassmann: "Grassmann-Abstand (rad)",
  ranks: "Ränge",
  left: "Links",
  right: "Rechts",
  draws: (n) => plural(n, "Permutation", "Permutationen"),
  templates: "Formulierungen",

  betweenLayers: "Überlappung zwischen Schichten",
  notCompared: "Diese beiden wurden nicht verglichen.",
  betweenRelations: "Überlappung mit anderen Relationen",
  atLayerOf: "Überlappung bei",
  conceptsTitle: "Konzeptrichtungen",
  conceptsHint:
    "Mittel von g(nach) − g(von) über die Paare jeder Relation. Unabhängige Konzepte sollten in der kausalen Geometrie orthogonal sein.",
  mahalanobis: "Mahalanobis",
  concept: "Konzept",
  pairsBehind: (n) => plural(n, "Paar", "Paare"),
  erasureTitle: "Antworten, die ohne den Unterraum bleiben",
  erasureHint: (rank, n) =>
    `Der Unterraum der Relation (Rang ${rank}) wird nach einer Schicht aus dem Residualstrom entfernt, ab dem letzten Token des Subjekts; ${plural(n, "Subjekt", "Subjekte")}.`,
  erasureControls: "Kontrollrelationen, dieselbe Entfernung",
  erased: "Unterraum entfernt",
  untouched: "unverändert",
  randomRemoved: (draws) => `zufälliger Unterraum entfernt (Mittel von ${draws})`,
  answersKept: "Anteil richtiger erster Antworten",
  before: "vorher",
  after: "nachher",
  afterRandom: "nachher, zufällig",
  klOwn: "KL (Nats)",
  relation: "Relation",
};
