import { describe, expect, it, vi } from "vitest";
import { readOut } from "../../../src/engine/prompts/readout";
import { LazyReadout } from "../../../src/engine/twins/lazyReadout";

describe("LazyReadout", () => {
  const logits = Float64Array.of(0.5, 3, -1, 3, 2, 0, 7, -4);

  it.each([null, 4])("gives what readOut gives (answer %s)", (given) => {
    const expected = readOut(logits, given);
    const { answer, logProbability, rank, top, logZ } = new LazyReadout(given, () => logits);
    const entries = top.map(({ id, logProbability: own }) => ({ id, logProbability: own }));
    expect({ answer, logProbability, rank, top: entries, logZ }).toEqual(expected);
  });

  it("needs no logits for the sample's own answer", () => {
    const asked = vi.fn(() => logits);
    expect(new LazyReadout(4, asked).answer).toBe(4);
    expect(asked).not.toHaveBeenCalled();
  });
});
