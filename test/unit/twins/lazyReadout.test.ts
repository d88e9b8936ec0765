import { describe, expect, it, vi } from "vitest";
import { readOut } from "../../../src/engine/prompts/readout";
import { lazyReadout } from "../../../src/engine/twins/lazyReadout";

describe("lazyReadout", () => {
  const logits = Float64Array.of(0.5, 3, -1, 3, 2, 0, 7, -4);

  it.each([null, 4])("gives what readOut gives (answer %s)", (given) => {
    const expected = readOut(logits, given);
    const found = lazyReadout(given, () => logits);
    expect({ ...found, top: found.top.map((entry) => ({ ...entry })) }).toEqual(expected);
  });

  it("needs no logits for the sample's own answer", () => {
    const asked = vi.fn(() => logits);
    expect(lazyReadout(4, asked).answer).toBe(4);
    expect(asked).not.toHaveBeenCalled();
  });
});
