import type { originStrings as english } from "../origins";
import type { Translated } from "../translated";
import { plural } from "./words";

export const originStrings: Translated<typeof english> = {
  logOddsTitle: "Log-Odds jedes Paares über Kontexte, die nicht davon handeln",
  logOddsLegend: { dot: "Mittel über Kontexte, Striche: ± 1 Standardabweichung" },
  logOddsHint:
    "log p(Objekt | x) − log p(Subjekt | x), in Nats, über allgemeine Kontexte x. Sind Aussage des Kontexts und Konzept getrennt, behält jedes Paar seinen Wert, wo immer der Kontext nicht davon handelt.",
  logOddsContexts: (contexts, leftOut) =>
    `${plural(contexts, "Kontext", "Kontexte")}${leftOut > 0 ? `; ${leftOut} ausgelassen, weil ein Wort der Paare darin vorkommt` : ""}.`,
  spreadTitle: "Gegen zufällige Wortpaare",
  spreadLegend: {
    dot: "diese Relation, 95-%-Intervall",
    diamond: "zufällige Wortpaare, Mittel",
    band: "ab ihrem 5-%-Quantil",
  },
  spread: "Streuung über Kontexte",
  distance: "Abstand vom Mittel",
  spreadColumn: "Standardabweichung",
  meanColumn: "Mittel",
  random: "zufällige Wortpaare",
  randomLower: "zufällige Wortpaare, 5 %",
  ownLogOdds: "eigene Log-Odds des Konzepts",
  alignmentTitle: "Einbettungs- gegen Unembedding-Differenzen",
  alignmentHint:
    "Kosinus des mittleren f(Objekt) − f(Subjekt) eines Konzepts mit dem mittleren g(Objekt) − g(Subjekt) eines anderen: ausgerichtete Konzepte treten auf der Diagonale hervor.",
  embedding: "Einbettungen von",
  unembedding: "Unembeddings von",
  ownAlignment: (own, interval, swapped, p) =>
    `Diese Relation mit sich selbst: ${own} ${interval}; Wörter der Paare zufällig vertauscht: ${swapped} (p ${p}).`,
  shownPairs: (shown, all) => `${shown} von ${all} Paaren, gleichmäßig über die Datei; die Tabelle hat alle.`,
};
