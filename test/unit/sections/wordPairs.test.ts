import { describe, expect, it } from "vitest";
import { maximumPairs, wordPairs } from "../../../src/engine/sections/wordPairs";
import type { Relation } from "../../../src/protocol/relation";

const relation = (changes: Partial<Relation>): Relation => ({
  name: "r",
  templates: ["{} is"],
  samples: [],
  ...changes,
});

function pairsOf(changes: Partial<Relation>, seed = 0) {
  const warnings: string[] = [];
  const pairs = wordPairs({ relation: relation(changes), seed, warn: (code) => warnings.push(code) });
  return { pairs, warnings };
}

describe("word pairs", () => {
  it("are subject and object of the samples that have one", () => {
    const samples = [{ subject: "a", object: "b" }, { subject: "c" }, { subject: "d", object: "e" }];
    expect(pairsOf({ samples }).pairs).toEqual([
      { from: "a", to: "b" },
      { from: "d", to: "e" },
    ]);
  });

  it("are the file's own where it gives them, each once", () => {
    const pairs = [
      { from: "x", to: "y" },
      { from: "x", to: "y" },
      { from: "y", to: "x" },
    ];
    expect(pairsOf({ pairs, samples: [{ subject: "a", object: "b" }] }).pairs).toEqual([pairs[0], pairs[2]]);
  });

  it("are a random part under the seed, in the file's order and with a warning, where there are too many", () => {
    const pairs = Array.from({ length: 3 * maximumPairs }, (_, i) => ({ from: `a${i}`, to: `b${i}` }));
    const { pairs: drawn, warnings } = pairsOf({ pairs }, 7);
    expect(drawn).toHaveLength(maximumPairs);
    expect(warnings).toEqual(["pairs-sampled"]);
    const places = drawn.map((pair) => pairs.findIndex(({ from }) => from === pair.from));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    expect(pairsOf({ pairs }, 7).pairs).toEqual(drawn);
    expect(pairsOf({ pairs }, 8).pairs).not.toEqual(drawn);
    expect(pairsOf({ pairs: pairs.slice(0, maximumPairs) }).warnings).toEqual([]);
  });
});
