import type {
  LinearityFit,
  Parallelism,
  ParallelismMap,
  ProbeResult,
  PropertyRow,
  Report,
  SubspaceAlignment,
} from "../../protocol/report";
import { finalProbes, mapsOnF, meanOf, sameProbeAt, taskWords } from "./mainFigures";
import { linearityVerdict, probeVerdict, subspaceVerdict } from "./verdicts";

/** The table of properties; nothing is computed anew. */
export function propertyRows(
  figures: Pick<Report, "parallelism" | "linearity" | "probes" | "subspaces">,
): readonly PropertyRow[] {
  return [
    ...parallelismRows(figures.parallelism),
    ...linearityRows(figures.linearity),
    ...probeRows(figures.probes),
    ...subspaceRows(figures.subspaces),
  ];
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
    const path = `linearity[${fits.indexOf(fit)}]`;
    const common = { section: "linearity", n: fit.n, verdict, identifiable: fit.identifiable } as const;
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
    path: `probes[${probes.indexOf(probe)}].accuracy`,
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
  return subspaces.flatMap((alignment, i): PropertyRow[] =>
    (alignment.between ?? "templates") === "templates" && (alignment.layers?.[0] ?? "final") === "final"
      ? [
          {
            section: "subspaces",
            path: `subspaces[${i}].overlap`,
            property: `subspace overlap · ${alignment.left} / ${alignment.right}`,
            value: alignment.overlap,
            interval: null,
            null: alignment.overlapExpected,
            nullName: "answers permuted",
            p: alignment.p,
            n: alignment.n,
            verdict: subspaceVerdict(alignment),
            identifiable: alignment.identifiable,
          },
        ]
      : [],
  );
}
