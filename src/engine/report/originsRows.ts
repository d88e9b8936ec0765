import type { EmbeddingAlignment, LogOddsMatching, Origins, PropertyRow } from "../../protocol/report";
import { holds } from "./holds";
import { alignmentVerdict, logOddsVerdict } from "./verdicts";

export function originsRows(origins: Origins | null): PropertyRow[] {
  if (origins === null) return [];
  const { logOddsMatching, alignment } = origins;
  return [
    ...(logOddsMatching === null ? [] : [logOddsRow(logOddsMatching)]),
    ...(alignment?.own == null ? [] : [alignmentRow(alignment)]),
  ];
}

function logOddsRow(matching: LogOddsMatching): PropertyRow {
  const verdict = logOddsVerdict(matching);
  return {
    section: "origins",
    path: "origins.logOddsMatching.spread",
    property: "spread of the log-odds over general contexts, nats",
    value: matching.spread,
    interval: matching.interval,
    null: matching.randomSpread,
    nullName: "random word pairs",
    p: null,
    n: matching.n,
    verdict,
    holds: holds(verdict),
    layer: "final",
    caveat: null,
    identifiable: matching.identifiable,
  };
}

function alignmentRow(alignment: EmbeddingAlignment): PropertyRow {
  const verdict = alignmentVerdict(alignment);
  return {
    section: "origins",
    path: "origins.alignment.own",
    property: "alignment of embeddings with unembeddings, causal",
    value: alignment.own,
    interval: alignment.interval,
    null: alignment.swappedMean,
    nullName: "words swapped",
    p: alignment.p,
    n: alignment.n[0] ?? 0,
    verdict,
    holds: holds(verdict),
    layer: "final",
    caveat: null,
    identifiable: alignment.identifiable,
  };
}
