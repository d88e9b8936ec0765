import type { ProbeResult } from "../../src/protocol/report";

/** Probes of one task over the layers: what one curve shows. */
export interface ProbeSeries {
  /** Stable, for remembering a choice. */
  readonly key: string;
  readonly kind: ProbeResult["kind"];
  readonly context: string | null;
  readonly estimator: ProbeResult["estimator"];
  readonly pooling: ProbeResult["pooling"];
  /** Layers in rising order, "final" last. */
  readonly results: readonly ProbeResult[];
}

export type ProbeReading =
  /** The best layer's interval does not clear majority and control. */
  | { readonly kind: "noSignal"; readonly best: ProbeResult; readonly baseline: number }
  /** The embeddings do as well as the best layer: no finding about the network. */
  | { readonly kind: "inEmbedding"; readonly best: ProbeResult; readonly first: ProbeResult }
  | { readonly kind: "readable"; readonly best: ProbeResult; readonly baseline: number };

export function probeSeries(probes: readonly ProbeResult[]): readonly ProbeSeries[] {
  const groups = new Map<string, ProbeResult[]>();
  for (const probe of probes) {
    const key = [probe.kind, probe.context ?? "", probe.estimator, probe.pooling].join("|");
    const group = groups.get(key);
    if (group) group.push(probe);
    else groups.set(key, [probe]);
  }
  return [...groups].map(([key, results]) => {
    const sorted = results.toSorted((a, b) => depth(a.layer) - depth(b.layer));
    const { kind, context, estimator, pooling } = sorted[0] ?? results[0] ?? raise();
    return { key, kind, context, estimator, pooling, results: sorted };
  });
}

/** In words, what a curve says; never presents as a finding what the embeddings give already. */
export function readProbes(series: ProbeSeries): ProbeReading {
  const best = series.results.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const baseline = Math.max(best.majority, best.controlUpper);
  if (best.interval[0] <= baseline) return { kind: "noSignal", best, baseline };
  const first = series.results.find((result) => result.layer === 0);
  if (first && first.accuracy >= best.interval[0]) return { kind: "inEmbedding", best, first };
  return { kind: "readable", best, baseline };
}

const depth = (layer: ProbeResult["layer"]) => (layer === "final" ? Infinity : layer);

function raise(): never {
  throw new Error("A series has at least one probe.");
}
