import type {
  LinearityFit,
  LinearityTransfer,
  Parallelism,
  ParallelismMap,
  ProbeResult,
  PromptResult,
  PropertyRow,
  Report,
  SubspaceAlignment,
} from "../../protocol/report";
import { holds } from "./holds";
import { erasureRows, steeringRows } from "./interventionRows";
import {
  finalProbes,
  mapsOnF,
  constantAnswer,
  mostCausal,
  paraphrasesAtF,
  sameProbeAt,
  taskWords,
} from "./mainFigures";
import { originsRows } from "./originsRows";
import {
  causalityVerdict,
  fewContexts,
  linearityVerdict,
  probeVerdict,
  subspaceVerdict,
  transferKept,
  transferVerdict,
} from "./verdicts";

/** The table of properties; nothing is computed anew. */
export function propertyRows(
  figures: Pick<
    Report,
    | "prompts"
    | "parallelism"
    | "linearity"
    | "linearityTransfer"
    | "probes"
    | "subspaces"
    | "erasure"
    | "steering"
    | "origins"
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
    ...originsRows(figures.origins),
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
      holds: holds(transferVerdict(transfer)),
      layer: "final",
      caveat: null,
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
      holds: holds(causalityVerdict(best)),
      layer: best.layer,
      caveat: null,
      identifiable: null,
    },
  ];
}

function parallelismRows(parallelism: Parallelism | null): PropertyRow[] {
  if (parallelism === null) return [];
  const { effectiveContexts, generalEffectiveContexts } = parallelism;
  const maps: [string, string, ParallelismMap | null | undefined, contexts?: number | null][] = [
    ["parallelism, distributional", "distributional", parallelism.distributional, effectiveContexts],
    [
      "parallelism, distributional over general contexts",
      "general",
      parallelism.general,
      generalEffectiveContexts ?? null,
    ],
    ["parallelism, causal", "causal", parallelism.causal],
    ["parallelism, Euclidean", "euclidean", parallelism.euclidean],
    ["parallelism of embeddings, causal", "embeddings.causal", parallelism.embeddings?.causal],
    ["parallelism of embeddings, Euclidean", "embeddings.euclidean", parallelism.embeddings?.euclidean],
  ];
  return maps.flatMap(([property, path, map, contexts = null]): PropertyRow[] =>
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
            holds: holds(map.verdict),
            layer: "final",
            caveat: contextsCaveat(contexts),
            identifiable: map.identifiable,
          },
        ]
      : [],
  );
}

function contextsCaveat(effective: number | null): string | null {
  if (effective === null || effective >= fewContexts) return null;
  return `over ${effective.toFixed(1)} effective contexts, so that it reads little more than the average log-ratio`;
}

function linearityRows(fits: readonly LinearityFit[], prompts: readonly PromptResult[]): PropertyRow[] {
  return mapsOnF(fits).flatMap((fit): PropertyRow[] => {
    const constant = constantAnswer(fits, fit, prompts);
    const shuffled = fits.find(
      (other) => other.estimator === "shuffled" && other.template === fit.template && other.layer === fit.layer,
    );
    const verdict = linearityVerdict(fit, constant?.share ?? 0);
    const path = `linearity[${fits.indexOf(fit)}]`;
    const common = {
      section: "linearity",
      n: fit.n,
      verdict,
      holds: holds(verdict),
      layer: "final",
      caveat: null,
      identifiable: fit.identifiable,
    } as const;
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
        // R² alone makes a relation partly linear.
        holds: verdict === "partly linear" ? false : common.holds,
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
  return finalProbes(probes).map((probe) => {
    const verdict = probeVerdict(probe, sameProbeAt(probes, probe, 0));
    return {
      section: "probes",
      path: `probes[${probes.indexOf(probe)}].accuracy`,
      property: `probe accuracy at f · ${taskWords(probe)}`,
      value: probe.accuracy,
      interval: probe.interval,
      null: probe.control,
      nullName: "control labels",
      p: null,
      n: probe.n,
      verdict,
      holds: holds(verdict),
      layer: "final",
      caveat: verdict === "already in the embedding" ? "the embeddings of the words alone give it away" : null,
      identifiable: probe.identifiable,
    };
  });
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
    holds: holds(subspaceVerdict(alignment)),
    layer: "final",
    caveat: null,
    identifiable: alignment.identifiable,
  }));
}
