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

/** What is read: one kind of class in one context, by several probes. */
export interface ProbeTask {
  readonly key: string;
  readonly kind: ProbeResult["kind"];
  readonly context: string | null;
  readonly series: readonly ProbeSeries[];
}

export function probeTasks(probes: readonly ProbeResult[]): readonly ProbeTask[] {
  const tasks = new Map<string, ProbeSeries[]>();
  for (const series of probeSeries(probes)) {
    const key = [series.kind, series.context ?? ""].join("|");
    tasks.set(key, [...(tasks.get(key) ?? []), series]);
  }
  return [...tasks].map(([key, series]) => {
    const { kind, context } = series[0] ?? raise();
    return { key, kind, context, series };
  });
}

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

export function bestOf({ results }: ProbeSeries): ProbeResult {
  return results.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
}

/** Where the MLP reads most more than the logistic probe of the same layer; null without a common layer. */
export function nonLinearGap(
  logistic: ProbeSeries,
  mlp: ProbeSeries,
): {
  readonly gap: number;
  readonly layer: ProbeResult["layer"];
  readonly mlp: number;
  readonly linear: number;
} | null {
  const gaps = mlp.results.flatMap(({ layer, accuracy }) => {
    const linear = logistic.results.find((result) => result.layer === layer)?.accuracy;
    return linear === undefined ? [] : [{ gap: accuracy - linear, layer, mlp: accuracy, linear }];
  });
  return gaps.length === 0 ? null : gaps.reduce((a, b) => (b.gap > a.gap ? b : a));
}

const depth = (layer: ProbeResult["layer"]) => (layer === "final" ? Infinity : layer);

function raise(): never {
  throw new Error("A series has at least one probe.");
}
