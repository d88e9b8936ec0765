import type { ErasureResult, Report, SubspaceAlignment } from "../../../protocol/report";
import { exportTable, intervalFields, listed, type ExportTable, type Field } from "../exportTable";
import { pairsOf } from "./pairsOf";

/** Subspaces, what is left without them, and the directions of concepts. */
export function subspaceTables({ subspaces, erasure, conceptDirections }: Report): readonly ExportTable[] {
  const alignment: readonly Field<SubspaceAlignment>[] = [
    ["between", ({ between }) => between],
    ["left", ({ left }) => left],
    ["right", ({ right }) => right],
    ["left layer", ({ layers }) => layers?.[0] ?? "final"],
    ["right layer", ({ layers }) => layers?.[1] ?? "final"],
    ["left rank", ({ ranks }) => ranks[0]],
    ["right rank", ({ ranks }) => ranks[1]],
    ["overlap", ({ overlap }) => overlap],
    ["overlap with answers permuted, mean", ({ overlapExpected }) => overlapExpected],
    ["overlap with answers permuted, 95% quantile", ({ overlapUpper }) => overlapUpper],
    ["permutations", ({ draws }) => draws],
    ["p", ({ p }) => p],
    ["Grassmann distance (radians)", ({ grassmann }) => grassmann],
    ["cosines of the principal angles", ({ cosines }) => listed(cosines)],
    ["n (subjects)", ({ n }) => n],
    ["identifiable", ({ identifiable }) => identifiable],
  ];
  return [
    exportTable("subspaces", subspaces, alignment),
    ...erasureTables(erasure),
    ...(conceptDirections === null ? [] : [directionTable(conceptDirections)]),
  ];
}

function erasureTables(erasure: readonly ErasureResult[]): readonly ExportTable[] {
  const at: readonly Field<ErasureResult>[] = [
    ["template", ({ template }) => template],
    ["layer", ({ layer }) => layer],
    ["rank", ({ rank }) => rank],
  ];
  const controls = erasure.flatMap((result) => result.controls.map((control) => ({ result, ...control })));
  return [
    exportTable("erasure", erasure, [
      ...at,
      ["n (subjects)", ({ n }) => n],
      ["answers right before", ({ before }) => before],
      ["answers right after", ({ after }) => after],
      ...intervalFields<ErasureResult>(({ interval }) => interval, "95% interval of after"),
      ["after a random subspace", ({ afterRandom }) => afterRandom],
      ["random subspaces", ({ randomDraws }) => randomDraws],
      ["KL (nats)", ({ kl }) => kl],
    ]),
    exportTable("erasure-controls", controls, [
      ...at.map(([header, value]): Field<(typeof controls)[number]> => [header, ({ result }) => value(result)]),
      ["control relation", ({ relation }) => relation],
      ["n (prompts)", ({ n }) => n],
      ["answers right before", ({ before }) => before],
      ["answers right after", ({ after }) => after],
      ["KL (nats)", ({ kl }) => kl],
    ]),
  ];
}

function directionTable(directions: NonNullable<Report["conceptDirections"]>): ExportTable {
  return exportTable("concept-directions", pairsOf(directions.names), [
    ["concept", ({ left }) => left],
    ["other concept", ({ right }) => right],
    ["n (pairs)", ({ i }) => directions.n[i]],
    ["n of the other (pairs)", ({ j }) => directions.n[j]],
    ["cosine, distributional", ({ i, j }) => directions.distributional?.matrix[i]?.[j]],
    ["cosine, causal", ({ i, j }) => directions.causal?.matrix[i]?.[j]],
    ["cosine, Euclidean", ({ i, j }) => directions.euclidean?.matrix[i]?.[j]],
    ["cosine, Mahalanobis", ({ i, j }) => directions.mahalanobis?.matrix[i]?.[j]],
  ]);
}
