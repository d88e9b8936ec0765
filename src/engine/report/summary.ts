import type {
  LinearityFit,
  Parallelism,
  ParallelismMap,
  ProbeResult,
  PromptResult,
  PropertyRow,
  SubspaceAlignment,
  Summary,
} from "../../protocol/report";
import {
  fewContexts,
  linearityVerdict,
  parallelismSentence,
  probeVerdict,
  subspaceVerdict,
  type LinearityVerdict,
} from "./verdicts";

interface Figures {
  readonly prompts: readonly PromptResult[];
  readonly parallelism: Parallelism | null;
  readonly linearity: readonly LinearityFit[];
  readonly probes: readonly ProbeResult[];
  readonly subspaces: readonly SubspaceAlignment[];
}

/** Sentences and a table of properties from the figures of a report; nothing is computed anew. */
export function summarize(figures: Figures): Summary {
  return {
    headline: [
      modelSentence(figures.prompts),
      ...linearitySentence(figures.linearity),
      ...parallelismHeadline(figures.parallelism),
      ...probeSentence(figures.probes),
      ...subspaceSentence(figures.subspaces),
    ],
    properties: [
      ...parallelismRows(figures.parallelism),
      ...linearityRows(figures.linearity),
      ...probeRows(figures.probes),
      ...subspaceRows(figures.subspaces),
    ],
  };
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

function linearitySentence(fits: readonly LinearityFit[]): string[] {
  const judged = mapsOnF(fits).map((fit) => ({ fit, verdict: linearityVerdict(fit, meanOf(fits, fit)) }));
  const ranked = [...judged].sort((a, b) => linearityOrder.indexOf(a.verdict) - linearityOrder.indexOf(b.verdict));
  const weakest = ranked[ranked.length - 1];
  const strongest = ranked[0];
  if (weakest === undefined || strongest === undefined) return [];
  const verdict =
    weakest.verdict === strongest.verdict
      ? linearityWords[weakest.verdict]
      : `${linearityWords[strongest.verdict]} in the best template, ${linearityWords[weakest.verdict].toLowerCase()} in the weakest`;
  const shares = judged.flatMap(({ fit }) => (fit.faithfulness === null ? [] : [fit.faithfulness]));
  const baselines = judged.flatMap(({ fit }) => meanOf(fits, fit)?.faithfulness ?? []);
  if (shares.length === 0 || strongest.verdict === "not computed") return [`${verdict}.`];
  const others = baselines.length === 0 ? "" : ` (mean answer: ${percentRange(baselines)})`;
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
  const share = `${percent(probe.accuracy)}${percentBracket(probe.interval)} against ${percent(probe.control)} with control labels`;
  switch (probeVerdict(probe, embedding)) {
    case "already in the embedding":
      return [
        `A probe reads ${taskWords(probe)} at the last layer in ${share}, but the embeddings alone give ${percent(embedding?.accuracy ?? 0)}: it is already in the embedding.`,
      ];
    case "readable":
      return [`A probe reads ${taskWords(probe)} at the last layer in ${share}.`];
    case "no better than the control":
      return [`A probe reads ${taskWords(probe)} no better than control labels: ${share}.`];
    case "no signal":
      return [`No signal for a probe of ${taskWords(probe)}: ${share}.`];
  }
}

function subspaceSentence(subspaces: readonly SubspaceAlignment[]): string[] {
  if (subspaces.length === 0) return [];
  const aligned = subspaces.filter((alignment) => subspaceVerdict(alignment) === "aligned").length;
  return [
    `The paraphrases' subspaces overlap more than chance in ${aligned} of ${subspaces.length} ${subspaces.length === 1 ? "pair" : "pairs"}.`,
  ];
}

function parallelismRows(parallelism: Parallelism | null): PropertyRow[] {
  if (parallelism === null) return [];
  const maps: [string, ParallelismMap | null | undefined][] = [
    ["parallelism, distributional", parallelism.distributional],
    ["parallelism, causal", parallelism.causal],
    ["parallelism, Euclidean", parallelism.euclidean],
    ["parallelism of embeddings, causal", parallelism.embeddings?.causal],
    ["parallelism of embeddings, Euclidean", parallelism.embeddings?.euclidean],
  ];
  return maps.flatMap(([property, map]): PropertyRow[] =>
    map
      ? [
          {
            section: "parallelism",
            property,
            value: map.mean,
            interval: map.interval,
            null: map.shuffledMean,
            nullName: "partners shuffled",
            p: map.p,
            n: map.n,
            verdict: map.verdict,
            identifiable: map.identifiable,
          },
        ]
      : [],
  );
}

function linearityRows(fits: readonly LinearityFit[]): PropertyRow[] {
  return mapsOnF(fits).flatMap((fit): PropertyRow[] => {
    const mean = meanOf(fits, fit);
    const shuffled = fits.find(
      (other) => other.estimator === "shuffled" && other.template === fit.template && other.layer === fit.layer,
    );
    const verdict = linearityVerdict(fit, mean);
    const common = { section: "linearity", n: fit.n, verdict, identifiable: fit.identifiable } as const;
    return [
      {
        ...common,
        property: `held-out R² of log-ratios · ${fit.template}`,
        value: fit.r2Logit,
        interval: fit.interval,
        null: shuffled?.r2Logit ?? null,
        nullName: "answers shuffled",
        p: fit.p,
      },
      {
        ...common,
        property: `faithfulness, held out · ${fit.template}`,
        value: fit.faithfulness,
        interval: fit.faithfulnessInterval,
        null: mean?.faithfulness ?? null,
        nullName: "mean answer",
        p: null,
      },
    ];
  });
}

function probeRows(probes: readonly ProbeResult[]): PropertyRow[] {
  return finalProbes(probes).map((probe) => ({
    section: "probes",
    property: `probe accuracy at f · ${taskWords(probe)}`,
    value: probe.accuracy,
    interval: probe.interval,
    null: probe.control,
    nullName: "control labels",
    p: null,
    n: probe.n,
    verdict: probeVerdict(probe, sameProbeAt(probes, probe, 0)),
    identifiable: probe.identifiable,
  }));
}

function subspaceRows(subspaces: readonly SubspaceAlignment[]): PropertyRow[] {
  return subspaces.map((alignment) => ({
    section: "subspaces",
    property: `subspace overlap · ${alignment.left} / ${alignment.right}`,
    value: alignment.overlap,
    interval: null,
    null: alignment.overlapExpected,
    nullName: "answers permuted",
    p: alignment.p,
    n: alignment.n,
    verdict: subspaceVerdict(alignment),
    identifiable: alignment.identifiable,
  }));
}

/** The fits that a verdict is about: least squares from f, one per template. */
function mapsOnF(fits: readonly LinearityFit[]): LinearityFit[] {
  return fits.filter(
    ({ estimator, layer, template }) => estimator === "leastSquares" && layer === "final" && template !== "*",
  );
}

function meanOf(fits: readonly LinearityFit[], fit: LinearityFit): LinearityFit | undefined {
  return fits.find(
    (other) => other.estimator === "mean" && other.template === fit.template && other.layer === fit.layer,
  );
}

function finalProbes(probes: readonly ProbeResult[]): ProbeResult[] {
  return probes.filter(({ layer, estimator }) => layer === "final" && estimator === "logistic");
}

function sameProbeAt(probes: readonly ProbeResult[], probe: ProbeResult, layer: number): ProbeResult | undefined {
  return probes.find(
    (other) =>
      other.layer === layer &&
      other.kind === probe.kind &&
      other.context === probe.context &&
      other.estimator === probe.estimator &&
      other.pooling === probe.pooling,
  );
}

function taskWords(probe: ProbeResult): string {
  switch (probe.kind) {
    case "answer":
      return "the answer";
    case "answerAcrossTemplates":
      return "the answer across templates";
    case "label":
      return "the label";
    case "concept":
      return `subject or object form (${probe.context ?? "bare word"})`;
  }
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
