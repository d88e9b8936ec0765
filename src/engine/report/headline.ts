import type {
  ErasureResult,
  LinearityFit,
  Parallelism,
  ProbeResult,
  PromptResult,
  Report,
  SteeringResult,
  SubspaceAlignment,
} from "../../protocol/report";
import {
  finalProbes,
  mainSteering,
  mapsOnF,
  constantAnswer,
  paraphrasesAtF,
  sameProbeAt,
  steeringMethodWords,
  strongestErasures,
  taskWords,
} from "./mainFigures";
import {
  fewContexts,
  linearityVerdict,
  parallelismSentence,
  probeVerdict,
  subspaceVerdict,
  type LinearityVerdict,
} from "./verdicts";

/** Sentences about a report's figures; most important first, the first says what the model itself does. */
export function headline(
  figures: Pick<Report, "prompts" | "parallelism" | "linearity" | "probes" | "subspaces" | "erasure" | "steering">,
): readonly string[] {
  return [
    modelSentence(figures.prompts),
    ...linearitySentence(figures.linearity, figures.prompts),
    ...parallelismHeadline(figures.parallelism),
    ...probeSentence(figures.probes),
    ...subspaceSentence(figures.subspaces),
    ...erasureSentence(figures.erasure),
    ...steeringSentence(figures.steering),
  ];
}

function modelSentence(prompts: readonly PromptResult[]): string {
  const asked = prompts.filter(({ object }) => object !== null);
  if (asked.length === 0) return "No objects given: the model's own top answers are the labels.";
  const first = asked.filter(({ rank }) => rank === 1).length;
  const own = first < asked.length ? "; what follows describes its own predictions" : "";
  return `The model gives the object first in ${first} of ${asked.length} prompts${own}.`;
}

const linearityWords: Record<LinearityVerdict, string> = {
  linear: "Linear",
  "partly linear": "Partly linear",
  "not linear": "Not linear",
  "too few subjects to tell": "Too few subjects to tell whether it is linear",
  "carries no information": "The model gives one and the same answer to all subjects, so a map carries no information",
  "not computed": "Linearity was not computed",
};

/** From most to least linear: a headline speaks of the weakest template. */
const linearityOrder: readonly LinearityVerdict[] = [
  "linear",
  "partly linear",
  "too few subjects to tell",
  "not linear",
  "carries no information",
  "not computed",
];

export interface JudgedMap {
  readonly fit: LinearityFit;
  /** Faithfulness of one answer for all. */
  readonly baseline: number | null;
  readonly verdict: LinearityVerdict;
}

/** The maps on f of all templates, the most linear first. */
export function judgedMaps(fits: readonly LinearityFit[], prompts: readonly PromptResult[]): readonly JudgedMap[] {
  const judged = mapsOnF(fits).map((fit) => {
    const baseline = constantAnswer(fits, fit, prompts)?.share ?? null;
    return { fit, baseline, verdict: linearityVerdict(fit, baseline ?? 0) };
  });
  return judged.sort((a, b) => linearityOrder.indexOf(a.verdict) - linearityOrder.indexOf(b.verdict));
}

function linearitySentence(fits: readonly LinearityFit[], prompts: readonly PromptResult[]): string[] {
  const judged = judgedMaps(fits, prompts);
  const weakest = judged[judged.length - 1];
  const strongest = judged[0];
  if (weakest === undefined || strongest === undefined) return [];
  const verdict =
    weakest.verdict === strongest.verdict
      ? linearityWords[weakest.verdict]
      : `${linearityWords[strongest.verdict]} in the best template, ${linearityWords[weakest.verdict].toLowerCase()} in the weakest`;
  const shares = judged.flatMap(({ fit }) => (fit.faithfulness === null ? [] : [fit.faithfulness]));
  const baselines = judged.flatMap(({ baseline }) => baseline ?? []);
  if (shares.length === 0 || strongest.verdict === "not computed") return [`${verdict}.`];
  const others = baselines.length === 0 ? "" : ` (one answer for all: ${percentRange(baselines)})`;
  return [
    `${verdict}. A map fitted on the other subjects finds the model's answer for a held-out one in ${percentRange(shares)} of cases${others}.`,
  ];
}

function parallelismHeadline(parallelism: Parallelism | null): string[] {
  const map = parallelism?.distributional ?? parallelism?.causal;
  if (!map) return [];
  const random = map.randomPairsUpper === null ? "" : `, random pairs up to ${decimal(map.randomPairsUpper)}`;
  const contexts = parallelism?.effectiveContexts ?? null;
  const few =
    map === parallelism?.distributional && contexts !== null && contexts < fewContexts
      ? ` With ${contexts.toFixed(1)} effective contexts it reads little more than the average log-ratio.`
      : "";
  return [
    `${parallelismSentence(map)}: mean cosine ${decimal(map.mean)}${bracket(map.interval)}; with partners shuffled ${decimal(map.shuffledMean)}${random}.${few}`,
  ];
}

function probeSentence(probes: readonly ProbeResult[]): string[] {
  const probe = finalProbes(probes)[0];
  if (probe === undefined) return [];
  const embedding = sameProbeAt(probes, probe, 0);
  const share = `${percent(probe.accuracy)}${percentBracket(probe.interval)}${probe.control === null ? "" : ` against ${percent(probe.control)} with control labels`}`;
  switch (probeVerdict(probe, embedding)) {
    case "already in the embedding":
      return [
        `A probe reads ${taskWords(probe)} at the last layer in ${share}, but the embeddings alone give ${percent(embedding?.accuracy ?? 0)}: it is already in the embedding.`,
      ];
    case "readable":
      return [`A probe reads ${taskWords(probe)} at the last layer in ${share}.`];
    case "no better than the control":
      return [`A probe reads ${taskWords(probe)} no better than control labels: ${share}.`];
    case "too few to tell":
      return [`Too few to tell whether a probe reads ${taskWords(probe)}: ${share}, n ${probe.n}.`];
    case "no signal":
      return [`No signal for a probe of ${taskWords(probe)}: ${share}.`];
  }
}

function subspaceSentence(subspaces: readonly SubspaceAlignment[]): string[] {
  const compared = paraphrasesAtF(subspaces);
  if (compared.length === 0) return [];
  const aligned = compared.filter((alignment) => subspaceVerdict(alignment) === "aligned").length;
  return [
    `The paraphrases' subspaces overlap more than chance in ${aligned} of ${compared.length} ${compared.length === 1 ? "pair" : "pairs"}.`,
  ];
}

function erasureSentence(erasure: readonly ErasureResult[]): string[] {
  const [strongest] = strongestErasures(erasure).sort((a, b) => a.after - b.after);
  if (strongest === undefined) return [];
  const { layer, before, after, afterRandom } = strongest;
  const shares = `${percent(after)} of the answers, of ${percent(before)} before (a random subspace: ${percent(afterRandom)})`;
  return [`Removing the relation's subspace after layer ${layer} leaves ${shares}.`];
}

function steeringSentence(steering: readonly SteeringResult[]): string[] {
  const main = mainSteering(steering);
  return [
    ...main.filter(({ layer }) => layer === "final").map(steeringAtFSentence),
    ...layerSteeringSentence(main.filter(({ layer }) => layer !== "final")),
  ];
}

/** A vector that raises one answer over another exists at f for every relation; what it costs elsewhere tells something. */
function steeringAtFSentence({ successRate, controlKept }: SteeringResult): string {
  const cost = controlKept === null ? "" : `; ${percent(controlKept)} of the control prompts keep theirs`;
  return `A vector at f, which exists by construction, turns ${percent(successRate)} of the prompts to another subject's answer${cost}.`;
}

function layerSteeringSentence(atLayers: readonly SteeringResult[]): string[] {
  if (atLayers.length === 0) return [];
  const parts = atLayers.map(
    ({ layer, method, successRate }) => `${percent(successRate)} by ${steeringMethodWords[method]} (layer ${layer})`,
  );
  return [`At the layer where each method does best, it turns ${parts.join(", ")}.`];
}

function percentRange(shares: readonly number[]): string {
  const low = Math.min(...shares);
  const high = Math.max(...shares);
  return percent(low) === percent(high) ? percent(low) : `${Math.round(100 * low)} to ${percent(high)}`;
}

const percent = (share: number) => `${Math.round(100 * share)}%`;
const decimal = (value: number) => value.toFixed(2).replace("-", "−");
const bracket = (interval: readonly [number, number] | null) =>
  interval === null ? "" : ` [${decimal(interval[0])} ${decimal(interval[1])}]`;
const percentBracket = (interval: readonly [number, number]) =>
  ` [${Math.round(100 * interval[0])} ${Math.round(100 * interval[1])}]`;
