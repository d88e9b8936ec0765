import type { ParallelismMap, Report } from "../../../protocol/report";
import { exportTable, intervalFields, matrixTable, type ExportTable, type Field } from "../exportTable";

type Named = readonly [name: string, map: ParallelismMap];

/** A row a geometry, and the cosines of each behind it. */
export function parallelismTables({ parallelism }: Report): readonly ExportTable[] {
  if (parallelism === null) return [];
  const { pairs, distributional, general, causal, euclidean, embeddings, slopes } = parallelism;
  const maps: readonly Named[] = [
    ...named("distributional", distributional),
    ...named("general", general),
    ...named("causal", causal),
    ...named("euclidean", euclidean),
    ...named("embeddings-causal", embeddings?.causal),
    ...named("embeddings-euclidean", embeddings?.euclidean),
  ];
  const fields: readonly Field<Named>[] = [
    ["geometry", ([name]) => name],
    ["mean cosine", ([, { mean }]) => mean],
    ...intervalFields<Named>(([, { interval }]) => interval),
    ["mean with partners shuffled", ([, { shuffledMean }]) => shuffledMean],
    ["p", ([, { p }]) => p],
    ["mean of random pairs", ([, { randomPairsMean }]) => randomPairsMean],
    ["97.5% quantile of random pairs", ([, { randomPairsUpper }]) => randomPairsUpper],
    ["n (pairs)", ([, { n }]) => n],
    ["verdict", ([, { verdict }]) => verdict],
    ["identifiable", ([, { identifiable }]) => identifiable],
  ];
  const rows = pairs.map(({ from, to }) => `${from.trim()} → ${to.trim()}`);
  return [
    exportTable("parallelism", maps, fields),
    exportTable("parallelism-pairs", pairs, [
      ["from", ({ from }) => from],
      ["from, token id", ({ fromId }) => fromId],
      ["to", ({ to }) => to],
      ["to, token id", ({ toId }) => toId],
    ]),
    ...maps.map(([name, { matrix }]) => matrixTable(`parallelism-cosines-${name}`, "cosine", { rows }, matrix)),
    matrixTable("parallelism-slopes", "slope β", { rows }, slopes),
  ];
}

const named = (name: string, map: ParallelismMap | null | undefined): readonly Named[] => (map ? [[name, map]] : []);
