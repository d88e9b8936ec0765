import type { relationStrings as english } from "../relations";
import type { Translated } from "../translated";
import { plural } from "./words";

export const relationStrings: Translated<typeof english> = {
  comparedRelations: (n) => plural(n, "Relation", "Relationen"),
  relationsTitle: "Relationen nebeneinander",
  comparingRelations: (n) => `${plural(n, "Relation wird", "Relationen werden")} verglichen…`,
  noRelations: "Noch kein Vergleich",
  noRelationsHint: "Mehrere Relationsdateien im Explorer auswählen und „Relationen vergleichen“ wählen.",
  runAgain: "Erneut vergleichen",
  relationsRegion: "Relationen und Modell",
  relationsPrevious: "Darunter steht der letzte Vergleich, der erstellt werden konnte.",
  relationsTable: "Relationen",
  samplesColumn: "Beispiele",
  pairsColumn: "Wortpaare",
  correctColumn: "Objekt zuerst",
  rankColumn: "Rang",
  orderChoice: "Reihenfolge",
  clusteredOrder: "Geclustert",
  givenOrder: "Wie ausgewählt",
  subspacesOf: "Überlappung der Unterräume",
  parallelismOf: "Parallelität zwischen Relationen",
  probesOf: "Übertragung der Proben",
  directionsOf: "Konzeptrichtungen",
  meanCosine: "mittlerer Kosinus",
  withinNull: "◇ nicht über dem 95-%-Quantil des eigenen Nullmodells.",
  nullLine: (value) => `Null, 95 %: ${value}`,
  subspacesHelp:
    "Mittlerer quadrierter Kosinus der Hauptwinkel zwischen den Unterräumen der Abbildungen der Relationen bei f.",
  parallelismHelp: "Zwischen Paaren zweier Relationen; auf der Diagonale zwischen verschiedenen Paaren einer Relation.",
  probesHelp: (majority) =>
    `Proben für Subjekt oder Objekt, trainiert an den Wörtern der Zeile und geprüft an denen der Spalte; die größere Klasse allein gibt ${majority}.`,
  directionsHelp: "Mittlere Differenzen g(Objekt) − g(Subjekt). Unabhängige Konzepte sollten orthogonal sein.",
  offDiagonal: (mean, interval, random, upper) =>
    `Mittlerer |Kosinus| neben der Diagonale, kausal: ${mean} ${interval}; zufällige Wortpaare ${random}, 95 % unter ${upper}.`,
  cancelledEmpty: "Abgebrochen.",
  sampleCount: (n) => plural(n, "Beispiel", "Beispiele"),
  openFileOf: (name) => `${name} öffnen`,
  noneOf: (title) => `${title}: konnte nicht berechnet werden.`,
};
