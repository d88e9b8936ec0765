import { describe, expect, it } from "vitest";
import { moves, withIdentifiable } from "../../../src/engine/report/identifiable";
import { noFigures, type SectionFigures } from "../../../src/engine/sections/sectionFigures";
import type { Interval, ProbeTransfer, TwinRanges } from "../../../src/protocol/report";

const transfer: ProbeTransfer = {
  kind: "answer",
  layer: "final",
  templates: ["a", "b"],
  n: 4,
  classes: 2,
  heldOut: "",
  accuracy: [[1]],
  majority: 0.5,
  cosines: { euclidean: { matrix: [[1]], identifiable: null }, causal: null, mahalanobis: null },
  identifiable: null,
};
const figures: SectionFigures = {
  ...noFigures,
  probeTransfer: [transfer, { ...transfer, layer: 1 }],
  conceptDirections: {
    names: ["a", "b"],
    n: [3, 3],
    distributional: { matrix: [[1]], identifiable: null },
    causal: { matrix: [[1]], identifiable: null },
    euclidean: { matrix: [[1]], identifiable: null },
    mahalanobis: null,
  },
};

function twins(
  changeOfBasis: Record<string, Interval>,
  changeOfDimension: Record<string, Interval> = changeOfBasis,
): TwinRanges {
  return { count: 20, fewer: {}, condition: 100, changeOfBasis, changeOfDimension };
}

const verdicts = (ranges: TwinRanges) => {
  const { probeTransfer, conceptDirections } = withIdentifiable(figures, ranges);
  return {
    transfer: probeTransfer.map(({ identifiable }) => identifiable),
    distributional: conceptDirections?.distributional?.identifiable,
    causal: conceptDirections?.causal?.identifiable,
    euclidean: conceptDirections?.euclidean?.identifiable,
  };
};

describe("withIdentifiable", () => {
  it("follows from the ranges: both families, one, or neither", () => {
    const still: Interval = [0.5, 0.5 + 1e-9];
    const ranges = twins(
      { "conceptDirections.distributional.matrix": still, "conceptDirections.causal.matrix": still, "conceptDirections.euclidean.matrix": [0.1, 0.2] }, // prettier-ignore
      { "conceptDirections.distributional.matrix": still, "conceptDirections.causal.matrix": [0.1, 0.4], "conceptDirections.euclidean.matrix": still }, // prettier-ignore
    );
    expect(verdicts(ranges)).toEqual({
      transfer: [null, null],
      distributional: "always",
      causal: "underDiversity",
      euclidean: "never",
    });
  });

  it("takes the figures of an object together, and no others'", () => {
    const moved = twins({ "probeTransfer[0].majority": [0.5, 0.5], "probeTransfer[0].accuracy": [0.2, 0.9] });
    expect(verdicts(moved).transfer).toEqual(["never", null]);
    // Euclidean cosines beside an accuracy have a range of their own.
    const nested = twins({
      "probeTransfer[0].accuracy": [1, 1],
      "probeTransfer[0].cosines.euclidean.matrix": [0.2, 0.9],
    });
    expect(verdicts(nested).transfer).toEqual(["always", null]);
    expect(withIdentifiable(figures, nested).probeTransfer[0]?.cosines.euclidean?.identifiable).toBe("never");
    expect(verdicts(twins({ "probeTransfer[1].accuracy": [1, 1], "probeTransfer[10].n": [1, 2] })).transfer).toEqual([
      null,
      "always",
    ]);
  });

  it("changes nothing else", () => {
    const marked = withIdentifiable(figures, twins({ "probeTransfer[0].n": [4, 4] }));
    expect(marked).toEqual({ ...figures, probeTransfer: [{ ...transfer, identifiable: "always" }, figures.probeTransfer[1]] }); // prettier-ignore
    expect(figures.probeTransfer[0]?.identifiable).toBeNull();
  });
});

describe("moves", () => {
  it("allows a share of 1e-6 and what is next to nothing", () => {
    expect(moves([100, 100.00009])).toBe(false);
    expect(moves([100, 100.0002])).toBe(true);
    expect(moves([-1e-8, 1e-8])).toBe(false);
    expect(moves([0, 1e-6])).toBe(true);
    expect(moves(undefined)).toBe(false);
  });
});
