import { figure } from "../../format";
import type { steeringStrings as english } from "../steering";
import type { Translated } from "../translated";
import { plural } from "./words";

export const steeringStrings: Translated<typeof english> = {
  method: "Verfahren",
  alpha: "α",
  compareMethods: "Verfahren einer Schicht",
  compareLayers: "Schichten eines Verfahrens",
  alphaAxis: "α (1: was die Prompts der beiden Subjekte unterscheidet)",
  successTitle: "Erfolg: die Antwort des anderen Subjekts",
  successRate: "Erfolg",
  randomSuccess: "Zufallsvektor, gleiche Länge",
  controlKlTitle: "Kosten: KL auf Kontrollrelationen",
  controlKl: "Kontroll-KL (Nats)",
  controlKept: "Kontrollantworten behalten",
  noControls: "Die Relationsdatei nennt keine Kontrollrelationen; was Steering zerstört, ist daher nicht bekannt.",
  targetLogProbability: "log p(Ziel)",
  sourceLogProbability: "log p(eigene)",
  steeredPrompts: (n, controls, heldOut) =>
    `${plural(n, "gesteuerter Prompt", "gesteuerte Prompts")}, ${plural(controls, "Kontrollprompt", "Kontrollprompts")}; ${heldOut}`,
  couplingTitle: "Kopplung zwischen Richtungen",
  couplingHint: "Um wie viel eine Einheit in der Richtung der Zeile die Ablesung der Spalte verschiebt.",
  coupling: "Kopplung",
  moved: "Verschoben",
  readOff: "Abgelesen",
  examplesTitle: "Text ohne und mit Steering",
  without: "Ohne",
  with: "Mit",
  steerTo: (from, to) => `${from} → ${to}`,
  live: "Einen Prompt steuern",
  liveHint: "α ziehen: das Modell antwortet, während der Prompt verschoben wird.",
  subject: "Subjekt",
  target: "Zielantwort",
  liveTop: "Beste Antworten ohne und mit",
  liveBefore: "ohne",
  liveAfter: "mit",
  steering: "Wird gesteuert…",
  noEngine: "Steering von Hand braucht das Modell; diese Seite hat keines.",
  noEngineHint: "Die Relationsdatei in einem Editor mit Relation Lens öffnen.",
  answerChange: (token, before, after) => `${token}: ${before} → ${after}`,
  alphaValue: (alpha) => `α = ${figure(alpha)}`,
};
