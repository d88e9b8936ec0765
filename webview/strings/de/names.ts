import type * as english from "../names";
import type { Translated } from "../translated";

type Names = Translated<typeof english>;

export const tabNames: Names["tabNames"] = {
  overview: "Überblick",
  parallelism: "Parallelität",
  linearity: "Linearität",
  probes: "Proben",
  subspaces: "Unterräume",
  steering: "Steering",
  origins: "Ursprünge",
  prompts: "Prompts",
  comparison: "Vergleich",
};

export const phaseNames: Names["phaseNames"] = {
  load: "Modell laden",
  tokenize: "Tokenisieren",
  forward: "Vorwärtsläufe",
  parallelism: "Parallelität",
  linearity: "Linearität",
  probes: "Proben",
  subspaces: "Unterräume",
  steering: "Steering",
  origins: "Ursprünge",
  comparison: "Vergleich",
  twins: "Äquivalente Zwillinge",
  report: "Bericht schreiben",
  write: "Modell schreiben",
};

export const identifiableWords: Names["identifiableWords"] = (value) => {
  switch (value) {
    case "always":
      return "gilt in jedem äquivalenten Modell";
    case "underDiversity":
      return "gilt unter Diversität";
    case "never":
      return "hängt von der Basis ab";
    case null:
      return "nicht geprüft";
  }
};

export const identifiableHelp =
  "Über äquivalente Modelle, also solche mit derselben Verteilung des nächsten Tokens. Was in jedem von ihnen gilt, ist eine Eigenschaft der Verteilung; was unter Diversität gilt, ist es, wenn Einbettungen und Unembeddings ihren Raum aufspannen; was von der Basis abhängt, ist ein Zufall der Koordinaten dieses Modells.";

export const estimatorNames: Names["estimatorNames"] = {
  leastSquares: "kleinste Quadrate",
  kl: "KL",
  jacobian: "Jacobi-Matrix",
  identity: "Identität",
  translation: "Verschiebung",
  mean: "mittlere Antwort",
  shuffled: "vertauschte Antworten",
};

export const probeKindNames: Names["probeKindNames"] = {
  answer: "Antwort",
  answerAcrossTemplates: "Antwort, über Formulierungen hinweg",
  concept: "Konzept: Subjekt oder Objekt?",
  label: "Merkmal",
};

export const probeEstimatorNames: Names["probeEstimatorNames"] = {
  logistic: "logistische Probe",
  mlp: "MLP-Probe",
  implied: "Probe, die aus der linearen Abbildung folgt",
};

export const poolingNames: Names["poolingNames"] = {
  last: "letztes Token",
  mean: "Mittel",
  moments: "Momente",
};

export const methodNames: Names["methodNames"] = {
  minimumNorm: "kleinste Norm",
  differenceOfMeans: "Differenz der Mittel",
  probeNormal: "Normale der Probe",
  pseudoInverse: "Pseudoinverse W⁺",
};
