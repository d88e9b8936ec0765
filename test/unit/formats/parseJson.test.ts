import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainValue, type LocatedNode } from "../../../src/formats/locatedNode";
import { parseJson } from "../../../src/formats/parseJson";

function judged(text: string): { ok: boolean; value: unknown } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, value: null };
  }
}

/** Texts that are nearly JSON: valid ones with a piece cut out, doubled or replaced. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(),
    fc.nat(4),
    fc.constantFrom("", ",", "}", "]", '"', ":", "\\", "1", " ", "\t", "tru", "\n"),
  )
  .map(([text, at, removed, put]) => {
    const i = at % (text.length + 1);
    return text.slice(0, i) + put + text.slice(i + removed);
  });

describe("parseJson", () => {
  it("accepts what JSON.parse accepts, with the same values, and nothing else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json({ maxDepth: 4 }), nearlyJson), (text) => {
        const expected = judged(text);
        const { root, problems } = parseJson(text);
        if (text.trim() === "") return;
        expect(root !== null).toBe(expected.ok);
        expect(problems.length).toBe(expected.ok ? 0 : 1);
        // Repeated keys and __proto__ are compared through JSON's own last-wins rule.
        if (root !== null) expect(JSON.stringify(plainValue(root))).toBe(JSON.stringify(expected.value));
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("gives every value the place at which it is written", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 1, 2), (compact, indent) => {
        const text = JSON.stringify(JSON.parse(compact), null, indent);
        const check = (node: LocatedNode): void => {
          const source = text.slice(node.start, node.end);
          expect(JSON.stringify(JSON.parse(source))).toBe(JSON.stringify(plainValue(node)));
          if (node.kind === "sequence") node.items.forEach(check);
          if (node.kind === "mapping") {
            for (const { key, keySpan, value } of node.entries) {
              expect(JSON.parse(text.slice(keySpan.start, keySpan.end))).toBe(key);
              check(value);
            }
          }
        };
        const { root } = parseJson(text);
        expect(root).not.toBeNull();
        check(root!);
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it.each([
    ['{"a": 1,}', 7, "comma"],
    ["{a: 1}", 1, "double quotes"],
    ["[1 2]", 3, "comma"],
    ['{"a" 1}', 5, "colon"],
    ['["x\ny"]', 3, "line break"],
    ['["abc', 1, "never closed"],
    ['["\\q"]', 1, "escape"],
    ["[] x", 3, "after the end"],
    ["[tru]", 1, "value"],
    ["[1, // x\n2]", 4, "value"],
  ])("points at the mistake in %j", (text, start, word) => {
    const { root, problems } = parseJson(text);
    expect(root).toBeNull();
    expect(problems).toHaveLength(1);
    expect(problems[0]!.start).toBe(start);
    expect(problems[0]!.message).toContain(word);
    expect(problems[0]!.remedy).not.toBe("");
  });

  it("refuses nesting that is too deep instead of overflowing the stack", () => {
    const { root, problems } = parseJson("[".repeat(200_000));
    expect(root).toBeNull();
    expect(problems[0]!.message).toContain("nested too deeply");
  });
});
