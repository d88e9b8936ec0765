import { describe, expect, it } from "vitest";
import type { ComparedProperty } from "../../../src/protocol/report";
import {
  chosenRows,
  comparedRange,
  comparedTable,
  lanes,
  repeatedWords,
  verdictCounts,
} from "../../../webview/figures/comparedRows";
import { distancePlot, distanceTable, equivalencePlot, equivalenceTable } from "../../../webview/figures/distanceRows";
import type { Mark, Scene } from "../../../webview/figures/scene";
import { place } from "../../../webview/figures/scene";
import { bySide } from "../../../webview/figures/sides";
import { stacked } from "../../../webview/figures/stack";
import { withinNull } from "../../../webview/figures/withinNull";
import { slim } from "../../../webview/state";
import { modelNames } from "../../../webview/views/modelNames";
import { exampleCompared, exampleReport } from "../../fixtures/reports/example";

const report = exampleCompared();
const comparison = report.comparison!;
const names = ["a", "b"] as const;
const measure = (text: string) => text.length * 6;
const of = <K extends Mark["kind"]>(scene: Scene, kind: K) =>
  scene.marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);

describe("all or none", () => {
  it("counts every verdict that occurs", () => {
    const counts = verdictCounts(comparison.verdicts);
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(comparison.verdicts.length);
    for (const [verdict, count] of counts) {
      expect(chosenRows(comparison.verdicts, verdict, "report")).toHaveLength(count);
    }
    expect(counts.map(([verdict]) => verdict)).toContain("depends on the basis");
  });
  it("orders by difference, what has no difference last", () => {
    const missing: ComparedProperty = { ...comparison.verdicts[0]!, left: null };
    const rows = chosenRows([missing, ...comparison.verdicts], "all", "difference");
    const differences = rows.map(({ left, right }) => (left === null || right === null ? -1 : Math.abs(left - right)));
    expect(differences).toEqual(differences.toSorted((a, b) => b - a));
    expect(rows.at(-1)).toBe(missing);
  });
  it("orders by verdict, and keeps the report's order among equals", () => {
    const rows = chosenRows(comparison.verdicts, "all", "verdict");
    const both = comparison.verdicts.filter(({ verdict }) => verdict === "both");
    expect(rows.slice(0, both.length)).toEqual(both);
    expect(rows).toHaveLength(comparison.verdicts.length);
  });
  it("draws both models on one scale, in colours and shapes of their own", () => {
    const row = comparison.verdicts.find(({ leftRange, leftInterval }) => leftRange && leftInterval)!;
    const range = comparedRange(comparison.verdicts);
    const scene = lanes(row, names, range, 168);
    expect(of(scene, "dot").map(({ x, ink }) => [x, ink])).toEqual([[place(row.left!, range, 8, 160), "accent"]]);
    expect(of(scene, "triangle").map(({ x, ink }) => [x, ink])).toEqual([[place(row.right!, range, 8, 160), "third"]]);
    const twins = of(scene, "rect").filter(({ ink }) => ink === "fourth");
    expect(twins).toHaveLength(2);
    const wide = comparison.verdicts.find(({ identifiable }) => identifiable === "never")!;
    const [bar] = of(lanes(wide, names, range, 168), "rect");
    const ends = wide.leftRange!.map((end) => place(end, range, 8, 160));
    expect([bar!.x, bar!.x + bar!.width]).toEqual([expect.closeTo(ends[0]!), expect.closeTo(ends[1]!)]);
  });
  it("says that a value lies beyond the axis", () => {
    const row = { ...comparison.verdicts[0]!, left: 7, right: 0.5 };
    const scene = lanes(row, names, { lower: 0, upper: 1 }, 168);
    expect(of(scene, "text").map(({ text }) => text)).toEqual(["›"]);
  });
  it("has every figure of both models in its table", () => {
    const { columns, rows } = comparedTable(comparison.verdicts, names);
    const at = (row: number, label: string) => rows[row]![columns.findIndex((column) => column.label === label)]!.value;
    comparison.verdicts.forEach((property, i) => {
      expect([at(i, "a: Value"), at(i, "b: Value")]).toEqual([property.left, property.right]);
      expect(at(i, "b: 95% interval, upper")).toBe(property.rightInterval?.[1] ?? null);
      expect(at(i, "a: twins, largest")).toBe(property.leftRange?.[1] ?? null);
      expect([at(i, "a: Holds"), at(i, "b: Holds")]).toEqual([...property.holds]);
      expect(at(i, "Verdict")).toBe(property.verdict);
    });
  });
  it("takes out words only where more than two rows have them", () => {
    const row = (words: string): ComparedProperty => ({ ...comparison.verdicts[0]!, words });
    const rows = ["x", "x", "x", "y", "y", "z"].map(row);
    expect([...repeatedWords(rows).keys()]).toEqual(["x"]);
  });
});

describe("distances and equivalence", () => {
  const sets = [
    { name: "general", distances: comparison.distances! },
    { name: "own", distances: comparison.relationDistances! },
  ];
  it("keeps every unit on an axis of its own, to scale", () => {
    const scene = distancePlot(sets, 500, measure);
    const xs = of(scene, "dot").map(({ x }) => x);
    // JS, KL, KL of both sets, then two shares, then the one d_LLV.
    expect(xs).toHaveLength(9);
    const { jensenShannon, kl, klBackward } = sets[0]!.distances;
    expect((xs[1]! - xs[0]!) / (xs[2]! - xs[0]!)).toBeCloseTo((kl - jensenShannon) / (klBackward - jensenShannon));
    expect(of(scene, "dot").every(({ y }) => y < scene.height)).toBe(true);
  });
  it("writes all figures in full precision", () => {
    const values = distanceTable(sets).rows.map((row) => row[2]!.value);
    expect(values).toEqual(
      sets.flatMap(({ distances: d }) => [
        d.jensenShannon,
        d.kl,
        d.klBackward,
        d.sameTopToken,
        d.logLikelihoodVariance,
      ]),
    );
    const { figures } = comparison.equivalence!;
    const rows = equivalenceTable(comparison.equivalence!).rows;
    expect(rows.map((row) => row[1]!.value).toSorted()).toEqual(
      Object.values(figures)
        .map(({ value }) => value)
        .toSorted(),
    );
  });
  it("sets what depends on the basis apart", () => {
    const texts = of(equivalencePlot(comparison.equivalence!, 500, measure), "text").map(({ text }) => text);
    const heading = texts.indexOf("Depends on the basis");
    expect(texts.indexOf("CKA")).toBeLessThan(heading);
    expect(texts.indexOf("CKA, raw coordinates")).toBeGreaterThan(heading);
  });
  it("moves every kind of mark when scenes are stacked", () => {
    const scene: Scene = {
      width: 10,
      height: 20,
      marks: [
        { kind: "line", x1: 0, y1: 1, x2: 5, y2: 2, ink: "line" },
        {
          kind: "polyline",
          points: [
            [0, 1],
            [1, 2],
          ],
          ink: "line",
        },
        { kind: "dot", x: 0, y: 3, radius: 1, ink: "accent" },
      ],
    };
    const both = stacked([scene, scene], 4);
    expect(both.height).toBe(44);
    expect(both.marks.slice(3)).toMatchObject([
      { y1: 25, y2: 26 },
      {
        points: [
          [0, 25],
          [1, 26],
        ],
      },
      { y: 27 },
    ]);
  });
});

describe("two models in one panel", () => {
  it("shows either with the comparison of both", () => {
    expect(bySide(report, "left")).toBe(report);
    expect(bySide(report, "right")).toEqual({ ...comparison.other, comparison });
    const single = exampleReport();
    expect(bySide(single, "right")).toBe(single);
  });
  it("tells models of one name apart", () => {
    expect(modelNames("m", "n")).toEqual(["m", "n"]);
    expect(new Set(modelNames("m", "m")).size).toBe(2);
  });
  it("keeps both in what a reload restores", () => {
    const size = JSON.stringify(report).length;
    expect(slim(report)).toBe(report);
    const small = slim(report, Math.round(size * 0.4));
    expect(small?.comparison?.other.prompts).toHaveLength(report.prompts.length);
    expect(small?.comparison?.other.prompts.every(({ topTokens }) => topTokens.length <= 3)).toBe(true);
    expect(small?.comparison?.verdicts).toEqual(comparison.verdicts);
    const units = small?.comparison?.unitMatching?.matrix.flat() ?? [];
    comparison.unitMatching!.matrix.flat().forEach((entry, i) => expect(units[i]).toBeCloseTo(entry, 3));
  });
});

it("marks an entry of a layer map up to the null's 95% quantile, or its mean where that is all there is", () => {
  const map = { matrix: [[0.1, 0.2, 0.3, null]], nullMatrix: [[0.15, 0.15, 0.15, 0.15]], nullUpper: [[0.25, 0.25, 0.25, 0.25]] }; // prettier-ignore
  const marked = (one: typeof map | Pick<typeof map, "matrix" | "nullMatrix">) =>
    [0, 1, 2, 3].map((column) => withinNull({ nullUpper: null, ...one }, 0, column));
  expect(marked(map)).toEqual([true, true, false, false]);
  expect(marked({ matrix: map.matrix, nullMatrix: map.nullMatrix })).toEqual([true, false, false, false]);
  expect(marked({ matrix: map.matrix, nullMatrix: null as never })).toEqual([false, false, false, false]);
});
