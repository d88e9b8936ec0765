import { describe, expect, it } from "vitest";
import { originsRows } from "../../../src/engine/report/originsRows";
import type { EmbeddingAlignment, LogOddsMatching } from "../../../src/protocol/report";

const matching: LogOddsMatching = {
  pairs: [],
  spread: 2,
  interval: [1.8, 2.2],
  randomSpread: 4,
  randomSpreadLower: 3.6,
  concept: -1,
  distance: 0.5,
  randomDistance: 0.4,
  n: 20,
  contexts: 180,
  contextsLeftOut: 20,
  identifiable: "always",
};
const alignment: EmbeddingAlignment = {
  names: ["a", "b"],
  n: [20, 24],
  causal: null,
  euclidean: null,
  own: 0.4,
  interval: [0.2, 0.6],
  swappedMean: 0.1,
  swappedUpper: 0.3,
  p: 0.01,
  identifiable: "underDiversity",
};

const told = (change: Partial<LogOddsMatching>) =>
  originsRows({ logOddsMatching: { ...matching, ...change }, alignment: null }).map((row) => [row.verdict, row.holds]);
const aligned = (change: Partial<EmbeddingAlignment>) =>
  originsRows({ logOddsMatching: null, alignment: { ...alignment, ...change } }).map((row) => [row.verdict, row.holds]);

describe("rows of origins", () => {
  it("say how steady the log-odds are beside random pairs", () => {
    expect(told({})).toEqual([["steadier than random pairs", false]]);
    expect(told({ interval: [0.1, 0.39] })).toEqual([["the same in all contexts", true]]);
    expect(told({ interval: [3.3, 3.7] })).toEqual([["as unsteady as random pairs", false]]);
    expect(told({ interval: null })).toEqual([["too few pairs to tell", null]]);
  });

  it("say whether embeddings go with unembeddings beyond swapped words", () => {
    expect(aligned({})).toEqual([["embeddings aligned", true]]);
    expect(aligned({ p: 0.06 })).toEqual([["embeddings not aligned", false]]);
    expect(aligned({ interval: [-0.1, 0.6] })).toEqual([["embeddings not aligned", false]]);
    expect(aligned({ n: [5, 24] })).toEqual([["too few pairs to tell", null]]);
    expect(aligned({ own: null })).toEqual([]);
  });

  it("name the figure's place in the report, its null and its n", () => {
    const rows = originsRows({ logOddsMatching: matching, alignment });
    expect(rows.map(({ path, value, null: expected, n }) => [path, value, expected, n])).toEqual([
      ["origins.logOddsMatching.spread", 2, 4, 20],
      ["origins.alignment.own", 0.4, 0.1, 20],
    ]);
    expect(originsRows(null)).toEqual([]);
  });
});
