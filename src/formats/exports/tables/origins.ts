import type { Report } from "../../../protocol/report";
import { exportTable, intervalFields, type ExportTable } from "../exportTable";
import { pairsOf } from "./pairsOf";

/** Log-odds over contexts, and how embeddings align with unembeddings. */
export function originTables({ origins }: Report): readonly ExportTable[] {
  const { logOddsMatching: odds, alignment } = origins ?? {};
  return [
    ...(odds
      ? [
          exportTable(
            "log-odds",
            [odds],
            [
              ["spread (nats)", ({ spread }) => spread],
              ...intervalFields<typeof odds>(({ interval }) => interval, "95% interval of the spread"),
              ["spread of random pairs (nats)", ({ randomSpread }) => randomSpread],
              ["spread of random pairs, 5% quantile (nats)", ({ randomSpreadLower }) => randomSpreadLower],
              ["log-odds of the concept (nats)", ({ concept }) => concept],
              ["mean distance of a context (nats)", ({ distance }) => distance],
              ["the same of random pairs (nats)", ({ randomDistance }) => randomDistance],
              ["n (pairs)", ({ n }) => n],
              ["contexts", ({ contexts }) => contexts],
              ["contexts left out", ({ contextsLeftOut }) => contextsLeftOut],
              ["identifiable", ({ identifiable }) => identifiable],
            ],
          ),
          exportTable("log-odds-pairs", odds.pairs, [
            ["from", ({ from }) => from],
            ["to", ({ to }) => to],
            ["mean log-odds (nats)", ({ mean }) => mean],
            ["standard deviation over contexts (nats)", ({ spread }) => spread],
          ]),
        ]
      : []),
    ...(alignment
      ? [
          exportTable(
            "alignment",
            [alignment],
            [
              ["cosine with itself, causal", ({ own }) => own],
              ...intervalFields<typeof alignment>(({ interval }) => interval),
              ["with words swapped, mean", ({ swappedMean }) => swappedMean],
              ["with words swapped, 95% quantile", ({ swappedUpper }) => swappedUpper],
              ["p", ({ p }) => p],
              ["n (pairs)", ({ n }) => n[0]],
              ["identifiable", ({ identifiable }) => identifiable],
            ],
          ),
          exportTable("alignment-cosines", pairsOf(alignment.names), [
            ["embeddings of", ({ left }) => left],
            ["unembeddings of", ({ right }) => right],
            ["n (pairs)", ({ i }) => alignment.n[i]],
            ["cosine, causal", ({ i, j }) => alignment.causal?.matrix[i]?.[j]],
            ["cosine, Euclidean", ({ i, j }) => alignment.euclidean?.matrix[i]?.[j]],
          ]),
        ]
      : []),
  ];
}
