import type { Parallelism, ParallelismMap } from "../../src/protocol/report";
import { figure, pairLabel, significant } from "../format";
import { cell } from "./table";
import type { TableModel } from "./table";

export type Geometry =
  "distributional" | "general" | "causal" | "euclidean" | "embeddingsCausal" | "embeddingsEuclidean";

export interface NamedMap {
  readonly geometry: Geometry;
  readonly map: ParallelismMap;
}

/** Those that were computed, the one that depends on the distribution alone first. */
export function maps(parallelism: Parallelism): readonly NamedMap[] {
  const { distributional, general, causal, euclidean, embeddings } = parallelism;
  const all: readonly (readonly [Geometry, ParallelismMap | null | undefined])[] = [
    ["distributional", distributional],
    ["general", general],
    ["causal", causal],
    ["euclidean", euclidean],
    ["embeddingsCausal", embeddings?.causal],
    ["embeddingsEuclidean", embeddings?.euclidean],
  ];
  return all.flatMap(([geometry, map]) => (map ? [{ geometry, map }] : []));
}

/** The k×k cosines with the pairs as row and column names, in the given order. */
export function matrixTable(
  pairs: Parallelism["pairs"],
  matrix: readonly (readonly number[])[],
  order: readonly number[],
  corner: string,
): TableModel {
  const label = (i: number) => {
    const pair = pairs[i];
    return pair ? pairLabel(pair) : String(i);
  };
  return {
    columns: [{ label: corner }, ...order.map((i) => ({ label: label(i), numeric: true }))],
    rows: order.map((i) => [
      cell(label(i)),
      ...order.map((j) => {
        const value = matrix[i]?.[j] ?? null;
        return cell(figure(value), value);
      }),
    ]),
  };
}

/** One row per geometry: the mean with its interval and both nulls. */
export function meansTable(
  named: readonly NamedMap[],
  names: Readonly<Record<Geometry, string>>,
  labels: {
    readonly geometry: string;
    readonly mean: string;
    readonly lower: string;
    readonly upper: string;
    readonly shuffled: string;
    readonly p: string;
    readonly random: string;
    readonly randomUpper: string;
    readonly n: string;
    readonly verdict: string;
  },
): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null) => cell(significant(value), value);
  return {
    columns: [
      { label: labels.geometry },
      numeric(labels.mean),
      numeric(labels.lower),
      numeric(labels.upper),
      numeric(labels.shuffled),
      numeric(labels.p),
      numeric(labels.random),
      numeric(labels.randomUpper),
      numeric(labels.n),
      { label: labels.verdict, wide: true },
    ],
    rows: named.map(({ geometry, map }) => [
      cell(names[geometry], geometry),
      number(map.mean),
      number(map.interval?.[0] ?? null),
      number(map.interval?.[1] ?? null),
      number(map.shuffledMean),
      number(map.p),
      number(map.randomPairsMean),
      number(map.randomPairsUpper),
      cell(String(map.n), map.n),
      cell(map.verdict),
    ]),
  };
}
