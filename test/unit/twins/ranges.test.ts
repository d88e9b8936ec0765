import { describe, expect, it } from "vitest";
import { leavesOf } from "../../../src/engine/twins/leaves";
import { rangesOf, type Member } from "../../../src/engine/twins/ranges";

const leaves = leavesOf({ linearity: [{ estimator: "kl", r2Logit: 0.5, kl: 2 }] });
const keyOf = (path: string) => leaves.find((leaf) => leaf.path === path)?.key ?? "";

function member(family: Member["family"], complete: boolean, r2Logit: number, kl?: number): Member {
  const values = new Map([[keyOf("linearity[0].r2Logit"), Float64Array.of(r2Logit)]]);
  if (kl !== undefined) values.set(keyOf("linearity[0].kl"), Float64Array.of(kl));
  return { family, complete, values, incomplete: [], failures: [] };
}

const options = { count: 20, wholeVocabulary: true };

describe("rangesOf", () => {
  it("has the range over the model itself and the twins of each family, by report path", () => {
    const { changeOfBasis, changeOfDimension, fewer } = rangesOf(
      leaves,
      [
        member(null, false, 0.5),
        member("changeOfBasis", false, 0.4),
        member("changeOfBasis", false, 0.7),
        member("changeOfDimension", false, 0.9),
      ],
      options,
    );
    expect(changeOfBasis).toEqual({ "linearity[0].r2Logit": [0.4, 0.7] });
    expect(changeOfDimension).toEqual({ "linearity[0].r2Logit": [0.5, 0.9] });
    expect(fewer).toEqual({ "linearity[0].r2Logit": 1 });
  });

  it("takes a figure over the whole vocabulary from the twins that know it, and the others from all", () => {
    const { changeOfBasis, fewer, untested } = rangesOf(
      leaves,
      [
        // Over a part of the vocabulary, KL is another figure.
        member(null, false, 0.5, 1.1),
        member("changeOfBasis", false, 0.51, 1.2),
        member("changeOfBasis", false, 0.52, 1.3),
        member(null, true, 0.5, 2),
        member("changeOfBasis", true, 0.53, 2.1),
      ],
      options,
    );
    expect(changeOfBasis).toEqual({ "linearity[0].r2Logit": [0.5, 0.52], "linearity[0].kl": [2, 2.1] });
    expect(fewer).toEqual({ "linearity[0].r2Logit": 2, "linearity[0].kl": 1 });
    expect(untested).toBe(0);
  });

  it("leaves out and counts figures that need a vocabulary which is too large", () => {
    const members = [member(null, false, 0.5, 1.1), member("changeOfBasis", false, 0.5, 1.1)];
    const { changeOfBasis, untested } = rangesOf(leaves, members, { count: 1, wholeVocabulary: false });
    expect(changeOfBasis).toEqual({ "linearity[0].r2Logit": [0.5, 0.5] });
    expect(untested).toBe(1);
  });

  it("has no range for what no twin has", () => {
    const { changeOfBasis } = rangesOf(leaves, [member(null, false, 0.5, 2), member("changeOfBasis", false, 0.5)], options); // prettier-ignore
    expect(Object.keys(changeOfBasis)).toEqual(["linearity[0].r2Logit"]);
  });
});
