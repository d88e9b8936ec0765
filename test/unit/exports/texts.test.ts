import { describe, expect, it } from "vitest";
import { reportLatex } from "../../../src/formats/exports/latex";
import { escapeLatex } from "../../../src/formats/exports/latexEscape";
import { escapeMarkdown, reportMarkdown } from "../../../src/formats/exports/markdown";
import { hull, twinRange } from "../../../src/formats/exports/twinRange";
import type { PropertyRow, Report } from "../../../src/protocol/report";
import { exampleCompared, exampleReport } from "../../fixtures/reports/example";

const report = exampleReport();
const { properties } = report.summary;

/** A figure as it must be written, worked out anew. */
const two = (value: number | null | undefined) => (value == null ? "–" : value.toFixed(2).replace(/^-(0\.00)$/, "$1"));
const ends = (interval: readonly number[] | null | undefined) => (interval ? `[${interval.map(two).join(", ")}]` : "–");
const chance = (p: number | null) => (p === null ? "–" : p < 0.001 ? "<0.001" : p.toFixed(3));
const range = (row: PropertyRow, { twins }: Report) => {
  const found = twinRange(row, twins);
  return row.identifiable === "always" ? "same" : ends(found && hull(found));
};

describe("a report as Markdown", () => {
  const unescaped = (text: string) => text.replace(/\\(.)/g, "$1");
  const rowsOf = (text: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .map((line) =>
        line
          .slice(2, -2)
          .split(/ (?<!\\)\| /)
          .map(unescaped),
      );

  it("has every property with the report's figures to the digits shown", () => {
    const [, , ...rows] = rowsOf(reportMarkdown(report));
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.map(([name]) => name)).toEqual(properties.map(({ property }) => property));
    expect(rows.map((row) => row.slice(1, 6))).toEqual(
      properties.map((row) => [
        two(row.value),
        ends(row.interval),
        row.null === null ? "–" : `${two(row.null)} (${row.nullName})`,
        chance(row.p),
        String(row.n),
      ]),
    );
    expect(rows.map((row) => row[7])).toEqual(properties.map((row) => range(row, report)));
  });

  it("has the sentences of the summary, and those of a comparison", () => {
    const text = unescaped(reportMarkdown(exampleCompared()));
    const { summary, comparison, model } = exampleCompared();
    for (const sentence of [...summary.headline, ...(comparison?.headline ?? [])])
      expect(text).toContain(`- ${sentence}`);
    expect(text).toContain(`Compared with **${comparison?.model.id}**`);
    expect(text).toContain(model.note);
  });

  it("keeps a table of as many columns and no markup, whatever a file says", () => {
    const hostile = "a|b\\|c `x` <img src=x> [l](u) *b* _i_ #\r\nnext";
    const [first] = properties;
    if (first === undefined) throw new Error("no properties");
    const text = reportMarkdown({
      ...report,
      relation: { ...report.relation, name: hostile },
      summary: { headline: [`- ${hostile}`], properties: [{ ...first, property: hostile, verdict: hostile }] },
    });
    const lines = text.split("\n").filter((line) => line.startsWith("| "));
    expect(new Set(lines.map((line) => line.match(/(?<!\\)\|/g)?.length))).toEqual(new Set([9]));
    expect(text).not.toMatch(/(?<!\\)(?:[`<]|\]\()/);
    expect(rowsOf(text)[2]?.[0]).toBe(hostile.replace("\r\n", " "));
  });

  it.each([
    ["- item", "\\- item"],
    ["1. first", "1\\. first"],
    ["100% of 2.5", "100% of 2.5"],
  ])("shows %s as it is", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe("a report as LaTeX", () => {
  const rowsOf = (text: string) =>
    text
      .split("\n")
      .filter((line) => line.endsWith("\\\\"))
      .map((line) => line.slice(0, -2).trim().split(" & "));
  const plain = (cell = "") =>
    cell
      .replaceAll("$", "")
      .replaceAll("{[}", "[")
      .replace(/\\textsuperscript\{.\}/, "")
      .replace(/^--$/, "–");

  it("has every property with the report's figures to the digits shown", () => {
    const [, ...rows] = rowsOf(reportLatex(report));
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.map((row) => row.slice(1).map(plain))).toEqual(
      properties.map((row) => [
        two(row.value),
        ends(row.interval),
        two(row.null),
        chance(row.p),
        String(row.n),
        range(row, report),
      ]),
    );
    expect(rows.map(([name]) => name)).toEqual(properties.map(({ property }) => escapeLatex(property)));
  });

  it("says in the caption what the figures are of, and which null is whose", () => {
    const text = reportLatex(report);
    const caption = /\\caption\{(.*)\}/.exec(text)?.[1] ?? "";
    expect(caption).toContain(`\\emph{${report.relation.name}} in ${report.model.id}`);
    for (const row of properties.filter((one) => one.null !== null)) {
      const line = text.split("\n").find((each) => each.includes(escapeLatex(row.property))) ?? "";
      const mark = /\\textsuperscript\{(.)\}/.exec(line)?.[1];
      expect(caption).toContain(`\\textsuperscript{${mark}}~${escapeLatex(row.nullName)}`);
    }
    expect(caption).toContain(`${report.twins?.count} exact twins`);
  });

  it("closes every brace and environment, whatever a file says", () => {
    const hostile = "50% of $x_1 & {y} \\end{table} #1 ~ ^ [z] “R² → 1”\n≥ λ";
    const text = reportLatex({ ...report, relation: { ...report.relation, name: hostile } });
    const bare = text.replace(/\\[\\{}$&#%_]/g, "");
    expect(bare.split("{").length).toBe(bare.split("}").length);
    expect(bare.match(/\\begin\{\w+\}|\\end\{\w+\}/g)).toEqual([
      ...["\\begin{table}", "\\begin{tabular}", "\\end{tabular}", "\\end{table}"],
    ]);
    expect(bare.split("$").length % 2).toBe(1);
    // One comment, the first line.
    expect(bare.split("\n").filter((line) => line.includes("%"))).toHaveLength(1);
    expect(text).toMatch(/\\label\{tab:[a-z0-9-]+\}/);
  });

  it.each([
    ["a_b & 5% #1 {x} $y$", "a\\_b \\& 5\\% \\#1 \\{x\\} \\$y\\$"],
    ["~^\\", "\\textasciitilde{}\\textasciicircum{}\\textbackslash{}"],
    ["“R²” → ≥ −1 – λ", "``R$^2$'' $\\rightarrow$ $\\geq$ $-$1 -- $\\lambda$"],
    ["größte 最大", "größte 最大"],
    ["a\r\nb\tc", "a b c"],
  ])("writes %s", (text, escaped) => {
    expect(escapeLatex(text)).toBe(escaped);
  });
});
