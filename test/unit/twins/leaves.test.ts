import { describe, expect, it } from "vitest";
import { leavesOf } from "../../../src/engine/twins/leaves";

const paths = (figures: object) => leavesOf(figures).map(({ path, values }) => [path, ...values]);

describe("leavesOf", () => {
  it("names every number by its report path, a matrix as one figure", () => {
    const figures = {
      parallelism: { causal: { mean: 0.5, matrix: [[1, 0.2], [0.2, 1]], verdict: "parallel", identifiable: null } }, // prettier-ignore
      linearity: [
        { template: "{} is", layer: "final", estimator: "mean", r2Logit: 0, kl: null },
        { template: "{} is", layer: 3, estimator: "kl", r2Logit: 0.4, kl: 2 },
      ],
      coupling: null,
    };
    expect(paths(figures)).toEqual([
      ["parallelism.causal.mean", 0.5],
      ["parallelism.causal.matrix", 1, 0.2, 0.2, 1],
      ["linearity[0].r2Logit", 0],
      ["linearity[1].r2Logit", 0.4],
      ["linearity[1].kl", 2],
    ]);
  });

  it("gives an entry of a list the same key wherever it stands", () => {
    const a = { kind: "answer", layer: 2, accuracy: 0.7 };
    const b = { kind: "answer", layer: "final", accuracy: 0.9 };
    const [full] = leavesOf({ probes: [a, b] }).filter(({ path }) => path === "probes[1].accuracy");
    const [short] = leavesOf({ probes: [b] });
    expect(short?.path).toBe("probes[0].accuracy");
    expect(short?.key).toBe(full?.key);
    const keys = leavesOf({ probes: [a, b, a] }).map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
  });

  it("tells entries without a name apart by their place", () => {
    const keys = leavesOf({ causalityByRank: [{ rank: 1, share: 0.1 }, { rank: 2, share: 0.3 }] }).map(({ key }) => key); // prettier-ignore
    expect(new Set(keys).size).toBe(4);
  });

  it("leaves out names of tokens, and what is not a finite number", () => {
    const figures = {
      pairs: [{ from: "easy", fromId: 7, to: "easiest", toId: 9 }],
      predictions: [{ id: 4, text: "a" }],
      agreement: [true, null, false],
      p: NaN,
      verdict: "linear",
      lists: [[], [null]],
    };
    expect(paths(figures)).toEqual([]);
  });

  it("keeps the places of missing entries", () => {
    expect(leavesOf({ r2: [[1, null], [null, 2]] })[0]?.values).toEqual(Float64Array.of(1, NaN, NaN, 2)); // prettier-ignore
  });
});
