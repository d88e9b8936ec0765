import { describe, expect, test } from "vitest";
import { comparedProperties } from "../../../src/engine/comparison/comparedProperties";
import type { Identifiable, PropertyRow, TwinRanges } from "../../../src/protocol/report";

const property = (changes: Partial<PropertyRow> = {}): PropertyRow => ({
  section: "parallelism",
  path: "parallelism.distributional.mean",
  property: "parallelism, distributional",
  value: 0.7,
  interval: [0.6, 0.8],
  null: 0.4,
  nullName: "partners shuffled",
  p: 0.001,
  n: 24,
  verdict: "parallel",
  holds: true,
  layer: "final",
  caveat: null,
  identifiable: "always",
  ...changes,
});

const twins = (changeOfBasis: TwinRanges["changeOfBasis"], changeOfDimension = changeOfBasis): TwinRanges => ({
  count: 20,
  fewer: {},
  condition: 100,
  changeOfBasis,
  changeOfDimension,
});

const side = (id: string, properties: readonly PropertyRow[], ranges: TwinRanges | null = null) => ({
  model: { id },
  summary: { headline: [], properties },
  twins: ranges,
});

const one = (left: Partial<PropertyRow>, right: Partial<PropertyRow>) => {
  const [row] = comparedProperties(side("left", [property(left)]), side("right", [property(right)]));
  if (row === undefined) throw new Error("no row");
  return row;
};

describe("a property in two models", () => {
  test("both, one, none, or nothing to tell: as each model's own verdict says", () => {
    expect(one({}, {}).verdict).toBe("both");
    expect(one({}, { holds: false }).verdict).toBe("one");
    expect(one({ holds: false, interval: [0.1, 0.5] }, { holds: true }).words).toMatch(
      /^Only right has it: a difference in what the two predict/,
    );
    expect(one({ holds: false, verdict: "not parallel" }, { holds: false, verdict: "not parallel" })).toMatchObject({
      verdict: "none",
      words: "Neither model has it: not parallel.",
    });
    const unknown = one({ holds: null, verdict: "too few subjects to tell" }, {});
    expect(unknown.verdict).toBe("too few to tell");
    expect(unknown.words).toBe("No verdict: too few subjects to tell in left, parallel in right.");
  });

  test("that one of two models just misses is no difference between them where the intervals overlap", () => {
    const just = { holds: false, interval: [0.39, 0.73], verdict: "partly linear" } as const;
    const { verdict, words } = one({ verdict: "linear" }, just);
    expect(verdict).toBe("one");
    expect(words).toBe(
      "left has it and right not quite: linear in left, partly linear in right. The intervals overlap, so that the difference itself is not shown.",
    );
    expect(one({}, { ...just, interval: null }).words).toMatch(/not shown/);
  });

  test("at f that no twin test has judged is not taken for one of a hidden layer", () => {
    expect(one({ identifiable: null }, { identifiable: null }).words).toMatch(/was not tested on exact twins\.$/);
    const hidden = { identifiable: null, layer: 2 } as const;
    expect(one(hidden, hidden)).toMatchObject({ layer: 2, words: expect.stringMatching(/no theorem says/) as string });
  });

  test("keeps what its verdict cannot show", () => {
    const few = { caveat: "over 1.8 effective contexts" };
    expect(one(few, few).words).toMatch(/Note: over 1\.8 effective contexts\.$/);
    expect(one({}, few).words).toMatch(/Note, in right: over 1\.8 effective contexts\.$/);
    expect(one({}, {}).words).not.toMatch(/Note/);
  });

  test("that depends on the basis in either model has no other verdict", () => {
    expect(one({ identifiable: "never" }, {}).verdict).toBe("depends on the basis");
    expect(one({}, { identifiable: "never", holds: null }).verdict).toBe("depends on the basis");
  });

  test.each<[Identifiable, Identifiable, Identifiable]>([
    ["always", "always", "always"],
    ["always", "underDiversity", "underDiversity"],
    ["always", null, null],
    ["underDiversity", "never", "never"],
    [null, "never", "never"],
  ])("the weaker kind of %s and %s is %s", (left, right, weaker) => {
    expect(one({ identifiable: left }, { identifiable: right }).identifiable).toBe(weaker);
    expect(one({ identifiable: right }, { identifiable: left }).identifiable).toBe(weaker);
  });

  test("has values, intervals, nulls and n side by side, and the widest range of both families", () => {
    const left = side(
      "left",
      [property()],
      twins({ "parallelism.distributional.mean": [0.69, 0.7] }, { "parallelism.distributional.mean": [0.7, 0.75] }),
    );
    const right = side(
      "right",
      [property({ value: 0.2, interval: null, null: 0.1, n: 12, path: "elsewhere" })],
      twins({}),
    );
    expect(comparedProperties(left, right)).toMatchObject([
      {
        ...{ left: 0.7, right: 0.2, leftInterval: [0.6, 0.8], rightInterval: null, leftNull: 0.4, rightNull: 0.1 },
        ...{ leftRange: [0.69, 0.75], rightRange: null, n: [24, 12] },
      },
    ]);
  });

  test("that no twin moves has its own value for range, whichever entry of an array the twin test kept", () => {
    const row = property({ path: "linearityTransfer.r2RefittedIntercept", value: 0.3 });
    const still = twins({ [row.path ?? ""]: [-0.1, -0.1] }, { [row.path ?? ""]: [0.5, 0.5] });
    const moving = twins({ [row.path ?? ""]: [0.4, 0.9] });
    expect(comparedProperties(side("left", [row], still), side("right", [row], moving))).toMatchObject([
      { leftRange: [0.3, 0.3], rightRange: null },
    ]);
  });

  test("is the same one at another best layer, and only there", () => {
    const at = (layer: number, template = "a {}") =>
      property({ section: "linearity", property: `causality, best of the layers (${layer}) · ${template}` });
    const erased = (layer: number, template: string) =>
      property({ section: "subspaces", property: `answers left, lowest of the layers (${layer}) · ${template}` });
    const rows = comparedProperties(
      side("left", [at(2), erased(0, "a {}")]),
      side("right", [at(4, "b {}"), erased(1, "a {}"), erased(1, "b {}")]),
    );
    expect(rows.map((row) => row.property)).toEqual([
      "causality, best of the layers (2 / 4) · a {} / b {}",
      "answers left, lowest of the layers (0 / 1) · a {}",
      "answers left, lowest of the layers (– / 1) · b {}",
    ]);
    expect(rows[2]).toMatchObject({ left: null, verdict: "too few to tell", words: "It was computed in right alone." });
    const steering = (layer: number) =>
      property({ section: "steering", property: `steering at the best layer (${layer}), difference of means, α = 1` });
    expect(comparedProperties(side("left", [steering(1)]), side("right", [steering(3)]))).toHaveLength(1);
    const final = property({
      section: "steering",
      property: "steering at f (possible by construction), minimum norm, α = 1",
    });
    const [made] = comparedProperties(side("left", [final]), side("right", [final]));
    expect(made?.property).toBe(final.property);
    const unjudged = { ...final, holds: null, caveat: "it follows from how the vector is made, in every model" };
    const [unknown] = comparedProperties(side("left", [unjudged]), side("right", [unjudged]));
    expect(unknown?.words).toMatch(/follows from how the vector is made/);
  });
});
