import type { Comparison, DistributionDistances } from "../../../protocol/report";
import { exportTable, intervalFields, type ExportTable } from "../exportTable";

/** How far apart two models' distributions are, over general contexts and on the relation's own prompts. */
export function distanceTables({ distances, relationDistances }: Comparison): readonly ExportTable[] {
  const rows = [...rowsOf("general contexts", distances), ...rowsOf("the relation's prompts", relationDistances)];
  return [
    exportTable("compared-distances", rows, [
      ["over", ({ over }) => over],
      ["distance", ({ name }) => name],
      ["value", ({ value }) => value],
      ...intervalFields<(typeof rows)[number]>(({ interval }) => interval),
      ["n (contexts)", ({ n }) => n],
    ]),
  ];
}

function rowsOf(over: string, distances: DistributionDistances | null) {
  if (distances === null) return [];
  const { intervals, n } = distances;
  const row = (name: string, value: number | null, interval: (typeof intervals)["kl"] = null) => ({
    ...{ over, name, value, interval, n },
  });
  return [
    row("Jensen–Shannon divergence (nats)", distances.jensenShannon, intervals.jensenShannon),
    row("KL(left ‖ right) (nats)", distances.kl, intervals.kl),
    row("KL(right ‖ left) (nats)", distances.klBackward, intervals.klBackward),
    row("same top token (share of contexts)", distances.sameTopToken, intervals.sameTopToken),
    row("d_LLV", distances.logLikelihoodVariance),
  ];
}
