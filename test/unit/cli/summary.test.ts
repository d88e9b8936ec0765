import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PropertyRow } from "../../../src/protocol/report";
import { reportText } from "../../../src/cli/reportText";
import { wantsColour } from "../../../src/cli/style";
import { renderSummary } from "../../../src/cli/summary";
import { report } from "./support";

const row = report.summary.properties[0]!;

function withRows(properties: readonly PropertyRow[]) {
  return { ...report, summary: { ...report.summary, properties } };
}

describe("the summary", () => {
  it("shows headline, figures, warnings and time", () => {
    expect(renderSummary(report, false)).toMatchInlineSnapshot(`
      "superlative · embedded-small · 0 samples × 1 template · seed 0
      A small teaching model.

      The model gives the object first in 2 of 2 prompts.
      Parallel: mean cosine 0.71 [0.66, 0.77].

          value  95% interval  null       p  n  equivalent models  null is
      parallelism, distributional: parallel
           0.71  [0.66, 0.77]  0.44  <0.001  2  same               partners shuffled

      same: in every model with the same next-token distribution.

      1 warning
        - The prompts span few contexts. (parallelism) [few-contexts]

      1.0 s: model 0.5, forward 0.2 (42 tokens), analyses 0.3
      "
    `);
  });

  it("puts the figures of all properties in the same columns", () => {
    const other = {
      ...row,
      property: "another",
      value: -0.05,
      interval: null,
      null: null,
      p: null,
      n: 1000,
      identifiable: null,
    };
    const lines = renderSummary(withRows([row, other]), false).split("\n");
    const title = lines.find((line) => line.includes("95% interval"))!;
    const first = lines.find((line) => line.includes("0.71 ") && line.includes("<0.001"))!;
    const second = lines.find((line) => line.includes("-0.05"))!;
    for (const [name, a, b] of [
      ["value", "0.71", "-0.05"],
      ["null", "0.44", "–"],
      ["n", "2", "1000"],
    ] as const) {
      const end = ` ${name} `.length - 2 + title.indexOf(` ${name} `) + 1;
      expect(first.slice(0, end).endsWith(a)).toBe(true);
      expect(second.slice(0, end).endsWith(b)).toBe(true);
    }
    expect(second.slice(title.indexOf("equivalent models")).startsWith("untested")).toBe(true);
  });

  it("gives the range over exact twins where a figure depends on the basis", () => {
    const path = "parallelism.euclidean.mean";
    const never = { ...row, property: "Euclidean", identifiable: "never", path } as const;
    const twins = {
      count: 20,
      fewer: {},
      condition: 100,
      changeOfBasis: { [path]: [-0.118, 0.871] },
      changeOfDimension: {},
    } as const;
    const made = renderSummary({ ...withRows([never]), twins }, false);
    expect(made).toContain("2  -0.12 to 0.87      partners shuffled");
    expect(made).toContain("over 20 exact twins of the model");
    const diverse = { ...row, identifiable: "underDiversity" } as const;
    expect(renderSummary(withRows([diverse]), false)).toContain("2  same, if diverse  ");
  });

  it("says one warning of each kind, and how many there are", () => {
    const one = (code: string, message: string) => ({ code, message, where: "linearity" });
    const warnings = [one("a", "First."), one("b", "Another."), one("a", "Second."), one("a", "Third.")];
    const made = renderSummary({ ...report, warnings }, false);
    expect(made).toContain(
      "4 warnings\n  - First. (linearity) [a] and 2 more of this kind\n  - Another. (linearity) [b]\n",
    );
    expect(made).not.toContain("Second.");
  });

  it("fits 100 columns without colour, whatever the relation is called", () => {
    const words = fc.array(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 150 }), {
      minLength: 1,
      maxLength: 30,
    });
    const text = words.map((list) => list.join(" "));
    const number = fc.oneof(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.constant(null));
    fc.assert(
      fc.property(text, number, number, fc.nat(1000), (property, value, p, n) => {
        const made = renderSummary(withRows([{ ...row, property, value, p, n }, row]), false);
        for (const line of made.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
        expect(made).not.toContain("\u001b");
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  it("is coloured on a terminal only, and not where NO_COLOR is set", () => {
    expect(renderSummary(report, true)).toContain("\u001b[1m");
    expect(wantsColour(true, {})).toBe(true);
    expect(wantsColour(true, { NO_COLOR: "" })).toBe(true);
    expect(wantsColour(true, { NO_COLOR: "1" })).toBe(false);
    expect(wantsColour(true, { TERM: "dumb" })).toBe(false);
    expect(wantsColour(false, {})).toBe(false);
  });
});

describe("the report's text", () => {
  it("is the same value, with rows of numbers in one line", () => {
    const value = fc.jsonValue();
    fc.assert(
      fc.property(value, (made) => {
        expect(JSON.parse(reportText(made))).toEqual(JSON.parse(JSON.stringify(made)));
      }),
      { numRuns: 500, seed: 7 },
    );
    expect(reportText({ a: [[1, -2.5e-7, null], [3]], b: ["1,\n 2"] })).toBe(
      '{\n  "a": [\n    [1, -2.5e-7, null],\n    [3]\n  ],\n  "b": [\n    "1,\\n 2"\n  ]\n}\n',
    );
  });
});
