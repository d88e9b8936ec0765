import type {
  ErasureResult,
  LinearityFit,
  LinearityTransfer,
  Parallelism,
  ParallelismMap,
  ProbeResult,
  PromptResult,
  PropertyRow,
  Report,
  SteeringResult,
  SubspaceAlignment,
} from "../../protocol/report";
import {
  finalProbes,
  mainSteering,
  mapsOnF,
  constantAnswer,
  mostCausal,
  paraphrasesAtF,
  sameProbeAt,
  steeringMethodWords,
  strongestErasures,
  taskWords,
} from "./mainFigures";
import {
  causalityVerdict,
  erasureVerdict,
  linearityVerdict,
  probeVerdict,
  specificityVerdict,
  steeringVerdict,
  subspaceVerdict,
  transferKept,
  transferVerdict,
} from "./verdicts";

/** The table of properties; nothing is computed anew. */
export function propertyRows(
  figures: Pick<
    Report,
    "prompts" | "parallelism" | "linearity" | "linearityTransfer" | "probes" | "subspaces" | "erasure" | "steering"
  >,
): readonly PropertyRow[] {
  return [
    ...parallelismRows(figures.parallelism),
    ...linearityRows(figures.linearity, figures.prompts),
    ...transferRow(figures.linearityTransfer),
    ...causalityRow(figures.linearity),
    ...probeRows(figures.probes),
    ...subspaceRows(figures.subspaces),
    ...erasureRows(figures.erasure),
    ...steeringRows(figures.steering),
  ];
}

function transferRow(transfer: LinearityTransfer | null): PropertyRow[] {
  if (transfer === null || transfer.templates.length < 2) return [];
  return [
    {
      section: "linearity",
      path: "linearityTransfer.r2RefittedIntercept",
      property: "share of R² that another paraphrase's map keeps",
      value: transferKept(transfer),
      interval: null,
      null: 0,
      nullName: "mean answer",
      p: null,
      n: transfer.n,
      verdict: transferVerdict(transfer),
      holds: null,
      identifiable: transfer.identifiable,
    },
  ];
}

function causalityRow(fits: readonly LinearityFit[]): PropertyRow[] {
  const best = mostCausal(fits);
  if (best === undefined) return [];
  const place = fits.findIndex(
    ({ template, layer, estimator }) =>
      template === best.template && layer === best.layer && estimator === best.estimator,
  );
  return [
    {
      section: "linearity",
      path: `linearity[${place}].causality`,
      property: `causality, best of the layers (${best.layer}) · ${best.template}`,
      value: best.causality,
      interval: best.causalityInterval ?? null,
      null: best.causalityRandom ?? null,
      nullName: "random change",
      p: null,
      n: Math.max(0, ...(best.causalityByRank ?? []).map(({ n }) => n)),
      verdict: causalityVerdict(best),
      holds: null,
      identifiable: null,
    },
  ];
}

function erasureRows(erasure: readonly ErasureResult[]): PropertyRow[] {
  return strongestErasures(erasure).map((result) => ({
    section: "subspaces",
    path: `erasure[${erasure.indexOf(result)}].after`,
    property: `answers left after erasure, lowest of the layers (${result.layer}) · ${result.template}`,
    value: result.after,
    interval: result.interval,
    null: result.afterRandom,
    nullName: "random subspace",
    p: null,
    n: result.n,
    verdict: erasureVerdict(result),
    holds: null,
    identifiable: null,
  }));
}

function steeringRows(steering: readonly SteeringResult[]): PropertyRow[] {
  return mainSteering(steering).flatMap((result) => [
    successRow(steering, result),
    ...specificityRow(steering, result),
  ]);
}

/** What steering at f leaves alone: that it succeeds there follows from how the vector is made. */
function specificityRow(steering: readonly SteeringResult[], result: SteeringResult): PropertyRow[] {
  if (result.layer !== "final" || result.controlKept === null) return [];
  return [
    {
      section: "steering",
      path: `steering[${steering.indexOf(result)}].controlKept`,
      property: `control answers kept when steered at f, α = ${result.alpha}`,
      value: result.controlKept,
      interval: null,
      null: null,
      nullName: "",
      p: null,
      n: result.controlN,
      verdict: specificityVerdict(result.controlKept),
      holds: null,
      identifiable: result.identifiable,
    },
  ];
}

function successRow(steering: readonly SteeringResult[], result: SteeringResult): PropertyRow {
  return {
    section: "steering",
    path: `steering[${steering.indexOf(result)}].successRate`,
    property: `steering ${result.layer === "final" ? "at f (possible by construction)" : `at the best layer (${result.layer})`}, ${steeringMethodWords[result.method]}, α = ${result.alpha}`,
    value: result.successRate,
    interval: result.interval,
    null: result.randomSuccessRate,
    nullName: "random vector",
    p: null,
    n: result.n,
    verdict: steeringVerdict(result),
    holds: null,
    identifiable: result.identifiable,
  };
}

function parallelismRows(parallelism: Parallelism | null): PropertyRow[] {
  if (parallelism === null) return [];
  const maps: [string, string, ParallelismMap | null | undefined][] = [
    ["parallelism, distributional", "distributional", parallelism.distributional],
    ["parallelism, causal", "causal", parallelism.causal],
    ["parallelism, Euclidean", "euclidean", parallelism.euclidean],
    ["parallelism of embeddings, causal", "embeddings.causal", parallelism.embeddings?.causal],
    ["parallelism of embeddings, Euclidean", "embeddings.euclidean", parallelism.embeddings?.euclidean],
  ];
  return maps.flatMap(([property, path, map]): PropertyRow[] =>
    map
      ? [
          {
            section: "parallelism",
            path: `parallelism.${path}.mean`,
            property,
            value: map.mean,
            interval: map.interval,
            null: map.shuffledMean,
            nullName: "partners shuffled",
            p: map.p,
            n: map.n,
            verdict: map.verdict,
            holds: null,
            identifiable: map.identifiable,
          },
        ]
      : [],
  );
}

function linearityRows(fits: readonly LinearityFit[], prompts: readonly PromptResult[]): PropertyRow[] {
  return mapsOnF(fits).flatMap((fit): PropertyRow[] => {
    const constant = constantAnswer(fits, fit, prompts);
    const shuffled = fits.find(
      (other) => other.estimator === "shuffled" && other.template === fit.template && other.layer === fit.layer,
    );
    const verdict = linearityVerdict(fit, constant?.share ?? 0);
    const path = `linearity[${fits.indexOf(fit)}]`;
    const common = { section: "linearity", n: fit.n, verdict, holds: null, identifiable: fit.identifiable } as const;
    return [
      {
        ...common,
        path: `${path}.r2Logit`,
        property: `held-out R² of log-ratios · ${fit.template}`,
        value: fit.r2Logit,
        interval: fit.interval,
        null: shuffled?.r2Logit ?? null,
        nullName: "answers shuffled",
        p: fit.p,
      },
      {
        ...common,
        path: `${path}.faithfulness`,
        property: `faithfulness, held out · ${fit.template}`,
        value: fit.faithfulness,
        interval: fit.faithfulnessInterval,
        null: constant?.share ?? null,
        nullName: constant?.name ?? "",
        p: null,
      },
    ];
  });
}

function probeRows(probes: readonly ProbeResult[]): PropertyRow[] {
  return finalProbes(probes).map((probe) => ({
    section: "probes",
    path: `probes[${probes.indexOf(probe)}].accuracy`,
    property: `probe accuracy at f · ${taskWords(probe)}`,
    value: probe.accuracy,
    interval: probe.interval,
    null: probe.control,
    nullName: "control labels",
    p: null,
    n: probe.n,
    verdict: probeVerdict(probe, sameProbeAt(probes, probe, 0)),
    holds: null,
    identifiable: probe.identifiable,
  }));
}

function subspaceRows(subspaces: readonly SubspaceAlignment[]): PropertyRow[] {
  return paraphrasesAtF(subspaces).map((alignment) => ({
    section: "subspaces",
    path: `subspaces[${subspaces.indexOf(alignment)}].overlap`,
    property: `subspace overlap · ${alignment.left} / ${alignment.right}`,
    value: alignment.overlap,
    interval: null,
    null: alignment.overlapExpected,
    nullName: "answers permuted",
    p: alignment.p,
    n: alignment.n,
    verdict: subspaceVerdict(alignment),
    holds: null,
    identifiable: alignment.identifiable,
  }));
}
