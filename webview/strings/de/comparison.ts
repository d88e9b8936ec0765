import type * as englishModule from "../comparison";
import type { Translated } from "../translated";
import { count, plural } from "./words";

type English = Translated<typeof englishModule>;

export const verdictWords: English["verdictWords"] = {
  both: "beide",
  one: "eines",
  none: "keines",
  "depends on the basis": "hängt von der Basis ab",
  "too few to tell": "zu wenige für ein Urteil",
};

export const equivalenceNames: English["equivalenceNames"] = {
  r2Forward: "R², links aus rechts",
  r2Backward: "R², rechts aus links",
  meanCanonicalCorrelation: "mittlere kanonische Korrelation",
  cka: "CKA",
  dSvd: "d_SVD",
  ckaEuclidean: "CKA, unveränderte Koordinaten",
  r2Euclidean: "R², unveränderte Koordinaten",
};

const holdsOrNot = (holds: boolean | null) => (holds === null ? "nicht zu entscheiden" : holds ? "gilt" : "gilt nicht");

export const comparisonStrings: English["comparisonStrings"] = {
  shownModel: "Modell",
  compareModels: "Mit einem anderen Modell vergleichen…",
  notCompared1: "Dieser Bericht handelt von einem Modell.",
  notComparedHint:
    "Mit einem zweiten zeigt dieser Tab, wie weit ihre Vorhersagen auseinanderliegen und welche Eigenschaften in beiden gelten, in einem oder in keinem.",
  notComparedSaved: "Modelle vergleicht die Erweiterung Relation Lens; diese Seite zeigt, was berechnet wurde.",
  steerOther: "Steering von Hand arbeitet mit dem Modell des Berichts. Es lässt sich oben wählen.",

  allOrNone: "Alle oder keines: jede Eigenschaft in beiden Modellen",
  allOrNoneCaption:
    "Eigenschaften in beiden Modellen mit Intervallen und Spannen über Zwillinge. Eine Zeile öffnet ihren Tab.",
  comparedLegend: { twins: "Spanne über seine Zwillinge", null: "Null" },
  leftModel: "Linkes Modell",
  holdsWords: (name, holds) => `${name}: ${holdsOrNot(holds)}`,
  holdsColumn: "Gilt",
  yes: "ja",
  no: "nein",
  unknown: "nicht zu entscheiden",
  inWords: "In Worten",
  twinsLow: "Zwillinge, kleinster Wert",
  twinsHigh: "Zwillinge, größter Wert",
  filterVerdict: "Zeigen",
  allVerdicts: "alle",
  sortRows: "Reihenfolge",
  sortReport: "wie im Bericht",
  sortVerdict: "nach Urteil",
  sortDifference: "nach Differenz",
  dependsExplained:
    "„Hängt von der Basis ab“ steht bei einer Zahl, die sich zwischen Modellen mit genau denselben Vorhersagen bewegt (die Balken): sie beschreibt die Koordinaten eines Modells und nicht, was es vorhersagt; auf ihr kann kein Urteil über zwei Modelle beruhen.",

  leftAndRight: (left, right) => `Links: ${left}; rechts: ${right}.`,
  contextsFrom: (contexts, passages, source) =>
    `${plural(contexts, "Kontext", "Kontexte")} aus ${plural(passages, "Textstelle", "Textstellen")} (${source}).`,
  general: "allgemeine Sammlung",
  leftOut: (n) =>
    `${plural(n, "Textstelle", "Textstellen")} ausgelassen: Tokens, mit denen ein Modell nie trainiert wurde.`,
  vocabularyShared: (share, matched, left, right) =>
    `Gleicher Text in beiden Vokabularen (${count(left)} und ${count(right)}): ${plural(matched, "Token", "Tokens")}, ${share} des kleineren.`,
  withoutModels: "Aus zwei gespeicherten Berichten: was die Modelle selbst braucht, fehlt.",

  distancesTitle: "Wie weit die Vorhersagen auseinanderliegen",
  distancesLegend: { dot: "Mittel, 95-%-Intervall" },
  generalContexts: (n) => `Allgemeine Kontexte (${n})`,
  ownPrompts: (n) => `Die eigenen Prompts der Relation (${n})`,
  nats: "Nats",
  jensenShannon: "Jensen–Shannon",
  klForward: "KL(links ‖ rechts)",
  klBackward: "KL(rechts ‖ links)",
  sameTop: "gleiches erstes Token",
  logLikelihoodVariance: "d_LLV",
  unitless: "0 bei Modellen mit gleichen Vorhersagen",
  figureColumn: "Zahl",
  contextsColumn: "Kontexte",

  equivalenceTitle: "Lineare Äquivalenz von f",
  equivalenceLegend: {
    dot: "Wert, 95-%-Intervall",
    diamond: "Kontexte permutiert, Mittel",
    band: "bis zum 97.5-%-Quantil",
  },
  sameInEquivalent: "Gleich in allen Modellen mit denselben Vorhersagen",
  ofBasis: "Hängt von der Basis ab",
  nullMean: "Null, Mittel",
  nullUpper: "Null, 97.5 %",
  equivalenceNote: (n, heldOut) => `${plural(n, "Kontext", "Kontexte")}; ${heldOut}.`,

  complexityTitle: "Singulärwerte der Log-Verhältnisse",
  complexityAxis: "Singulärwert, der Größe nach",
  relativeToLargest: "relativ zum größten",
  complexityWords: (left, right, tolerance) => `Effektive Komplexität (Rang bei ${tolerance}): ${left} und ${right}.`,
  participation: (left, right) => `Partizipationsverhältnis: ${left} und ${right}.`,
  index: "Index",

  layerMapsTitle: "Schicht für Schicht",
  cka: "CKA",
  subspaceOverlap: "Überlappung der Unterräume",
  measureChoice: "Maß",
  layerMapNull: (mean, upper) =>
    upper === null ? `permutiert: ${mean}` : `permutiert: Mittel ${mean}, 95 % unter ${upper}`,
  layerMapRows: (left, right) => `Zeilen: Schichten von ${left}; Spalten: Schichten von ${right}.`,
  layerMapBelow: (n, quantile) =>
    `n ${n}. ◇ nicht über ${quantile ? "dem 95-%-Quantil" : "dem Mittel"} bei permutierten Kontexten (oder Antworten).`,

  unitsTitle: "Einheiten von f, einander zugeordnet",
  unitsHint:
    "Einheiten sind Koordinaten: zwei Modelle mit gleichen Vorhersagen müssen keine einzige Einheit gemeinsam haben; alles hier hängt daher von der Basis ab.",
  unitsWords: (mean, nullMean, mutual) =>
    `Beste Eins-zu-eins-Zuordnung: mittlere |Korrelation| ${mean}, bei permutierten Kontexten ${nullMean}; ${mutual} der linken Einheiten ziehen den zugeordneten Partner vor.`,
  sparseWords: (r2, units) =>
    `Aus einer dünnen Kombination rechter Einheiten, zurückgehalten: mittleres R² ${r2} mit je ${units} Einheiten.`,
  unitsMap: "|Korrelation| zwischen Einheiten, in der Reihenfolge der Zuordnung",
  correlation: "|Korrelation|",
  unit: (i) => `Einheit ${i}`,
  unitsCurve: "Einheiten, beste zuerst",
  assigned: "zugeordneter Partner, |Korrelation|",
  permutedMean: "Kontexte permutiert, Mittel",
  sparse: "dünne Kombination, R²",
  signedCorrelation: "Korrelation",
  unitsShort: "Einheiten",
  sparseUnits: "Einheiten der Kombination",
  unitsAxis: "linke Einheit, beste zuerst",
  clustersTitle: "Cluster von Einheiten",
  leftUnits: "Linke Einheiten",
  rightUnits: "Rechte Einheiten",
  meanCorrelation: "Mittlere |Korrelation|",
  noClusters: "Keine zwei Einheiten sind einander ähnlich genug für ein Cluster.",
};
