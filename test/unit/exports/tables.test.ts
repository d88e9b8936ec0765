import { describe, expect, it } from "vitest";
import { csvText } from "../../../src/formats/exports/csv";
import { reportTables } from "../../../src/formats/exports/reportTables";
import type { Report } from "../../../src/protocol/report";
import { exampleCompared, exampleReport } from "../../fixtures/reports/example";
import { csvRows } from "./csvRows";

const report = exampleReport();
const tables = new Map(reportTables(report).map((table) => [table.name, csvRows(csvText(table))]));
const body = (name: string) => tables.get(name)?.slice(1) ?? [];

/** All figures of an entry but those in `apart`, which have tables of their own. */
function figuresIn(value: unknown, apart: readonly string[]): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (apart.includes(key) ? [] : figuresIn(inner, apart)));
}

const numbersOf = (row: readonly string[] = []) =>
  row.flatMap((cell) => cell.split(" ")).filter((text) => text !== "" && !Number.isNaN(Number(text)));

describe("the tables of a report", () => {
  it.each<[string, keyof Report, readonly string[]]>([
    ["linearity", "linearity", ["agreement", "predictions", "causalityByRank"]],
    ["probes", "probes", []],
    ["subspaces", "subspaces", []],
    ["erasure", "erasure", ["controls"]],
    ["steering", "steering", []],
    ["prompts", "prompts", []],
    ["parallelism-pairs", "parallelism", ["matrix"]],
  ])("%s has every figure of every entry, in full precision", (name, field, apart) => {
    const entries = field === "parallelism" ? report.parallelism?.pairs : report[field];
    if (!Array.isArray(entries)) throw new Error(`${field} is no list`);
    expect(entries.length).toBeGreaterThan(1);
    const rows = body(name);
    expect(rows).toHaveLength(entries.length);
    entries.forEach((entry: unknown, i) => {
      const written = new Set(numbersOf(rows[i]).map(Number));
      expect(figuresIn(entry, apart).filter((figure) => !written.has(figure))).toEqual([]);
    });
  });

  it("has the properties with their intervals and n", () => {
    const [header = []] = tables.get("properties") ?? [];
    const column = (label: string) => body("properties").map((row) => row[header.indexOf(label)]);
    const text = (value: number | null | undefined) => String(value ?? "");
    const { properties } = report.summary;
    expect(properties.length).toBeGreaterThan(3);
    expect(column("value")).toEqual(properties.map(({ value }) => text(value)));
    expect(column("95% interval, lower")).toEqual(properties.map(({ interval }) => text(interval?.[0])));
    expect(column("95% interval, upper")).toEqual(properties.map(({ interval }) => text(interval?.[1])));
    expect(column("null")).toEqual(properties.map((row) => text(row.null)));
    expect(column("n")).toEqual(properties.map(({ n }) => text(n)));
  });

  it("has the cosines of each geometry under the names of the pairs", () => {
    const { parallelism } = report;
    if (parallelism === null) throw new Error("no pairs");
    const [header = [], ...rows] = tables.get("parallelism-cosines-distributional") ?? [];
    expect(header.slice(1)).toEqual(parallelism.pairs.map(({ from, to }) => `${from.trim()} → ${to.trim()}`));
    expect(rows.map(([name]) => name)).toEqual(header.slice(1));
    expect(rows.map((row) => row.slice(1).map(Number))).toEqual(parallelism.distributional?.matrix);
  });

  it("has a row a subject for each fit that predicted it", () => {
    const predicted = report.linearity.flatMap(({ predictions }) => predictions ?? []);
    expect(predicted.length).toBeGreaterThan(0);
    const [header = []] = tables.get("linearity-subjects") ?? [];
    const tokens = body("linearity-subjects").map((row) => row[header.indexOf("held-out prediction")]);
    expect(tokens.filter((text) => text !== "")).toEqual(predicted.map(({ text }) => text));
  });

  it("gives each table another name, a header for every column, and leaves out what is empty", () => {
    const all = reportTables(exampleCompared());
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, header, rows } of all) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      expect(rows.length).toBeGreaterThan(0);
      expect(header.filter((label) => label === "")).toEqual([]);
      for (const row of rows) expect(row).toHaveLength(header.length);
    }
    const bare = reportTables({ ...report, linearity: [], parallelism: null }).map(({ name }) => name);
    expect(bare.filter((name) => /linearity$|parallelism/.test(name))).toEqual([]);
  });

  it("has the second model's tables and what the two share", () => {
    const compared = exampleCompared();
    const { comparison } = compared;
    if (comparison === null) throw new Error("not compared");
    const named = new Map(reportTables(compared).map((table) => [table.name, table]));
    expect(named.get("other-properties")?.rows).toHaveLength(comparison.other.summary.properties.length);
    expect(named.get("compared-properties")?.rows).toHaveLength(comparison.verdicts.length);
    const distances = named.get("compared-distances")?.rows.map((row) => row[2]);
    expect(distances).toContain(comparison.distances?.jensenShannon);
    const cells = comparison.layerMaps.flatMap(({ matrix }) => matrix.flat());
    expect(cells.length).toBeGreaterThan(0);
    expect(named.get("compared-layers")?.rows.map((row) => row[4])).toEqual(cells);
  });
});

describe("CSV", () => {
  it.each([
    ["a comma, a quote and a line break", 'He said: "one, two"\nthree\r\nfour'],
    ["another script and signs", "größte → наибольший, 最大 𝔁"],
    ["spaces around and a formula", "  = 1 + 1 "],
    ["nothing", ""],
  ])("gives back %s", (_, text) => {
    const written = csvText({ header: ["a,b", "c"], rows: [[text, 0.1 + 0.2]] });
    expect(csvRows(written)).toEqual([
      ["a,b", "c"],
      [text, "0.30000000000000004"],
    ]);
  });

  it("tells nothing from zero and false", () => {
    expect(csvText({ header: ["x"], rows: [[null], [0], [false], [-0.5]] })).toBe("x\r\n\r\n0\r\nfalse\r\n-0.5\r\n");
  });
});
