import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { movedSpan, type Place } from "../../../../src/extension/inText/places";

const placeAt = (text: string, offset: number): Place => {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
};

const offsetAt = (text: string, { line, character }: Place) =>
  text
    .split("\n")
    .slice(0, line)
    .reduce((sum, { length }) => sum + length + 1, 0) + character;

const text = fc.array(fc.constantFrom("a", "b", "{", "\n"), { maxLength: 40 }).map((parts) => parts.join(""));

describe("where an edit leaves a span", () => {
  it("is where the same words stand in the edited text; nowhere exactly where the edit reaches into them", () => {
    fc.assert(
      fc.property(text, text, fc.array(fc.nat(40), { minLength: 4, maxLength: 4 }), (before, inserted, offsets) => {
        const [start = 0, end = 0, from = 0, to = 0] = [
          ...offsets.slice(0, 2).sort((a, b) => a - b),
          ...offsets.slice(2).sort((a, b) => a - b),
        ].map((offset) => Math.min(offset, before.length));
        const range = { start: placeAt(before, from), end: placeAt(before, to) };
        const after = before.slice(0, from) + inserted + before.slice(to);
        const span = { start: placeAt(before, start), end: placeAt(before, end) };
        const moved = movedSpan(span, { range, text: inserted });
        expect(moved === null).toBe(from < end && start < to);
        if (moved === null) return;
        expect(after.slice(offsetAt(after, moved.start), offsetAt(after, moved.end))).toBe(before.slice(start, end));
        if (to <= start && from < end) expect(offsetAt(after, moved.start)).toBe(start - (to - from) + inserted.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("counts lines however they end", () => {
    const span = { start: { line: 3, character: 2 }, end: { line: 3, character: 9 } };
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
    expect(movedSpan(span, { range, text: "a\r\nb\rc\n" })?.start).toEqual({ line: 6, character: 2 });
  });
});
