import { describe, expect, it } from "vitest";
import {
  evenly,
  logOddsPlot,
  logOddsTable,
  mostRows,
  spreadPlot,
  spreadTable,
} from "../../../webview/figures/logOddsRows";
import type { Mark, Scene } from "../../../webview/figures/scene";
import { exampleReport } from "../../fixtures/reports/example";

const matching = exampleReport().origins!.logOddsMatching!;
const measure = (text: string) => text.length * 6;
const of = <K extends Mark["kind"]>(scene: Scene, kind: K) =>
  scene.marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);

describe("log-odds over contexts", () => {
  it("draws means in proportion, with whiskers of one standard deviation", () => {
    const scene = logOddsPlot(matching, 500, measure);
    const dots = of(scene, "dot");
    expect(dots).toHaveLength(matching.pairs.length);
    const [a, b, c] = matching.pairs;
    const unit = (dots[1]!.x - dots[0]!.x) / (b!.mean - a!.mean);
    expect((dots[2]!.x - dots[0]!.x) / unit).toBeCloseTo(c!.mean - a!.mean);
    const whisker = of(scene, "line").find(
      (line) => line.ink === "accent" && line.y1 === line.y2 && line.y1 === dots[0]!.y,
    )!;
    expect((whisker.x2 - whisker.x1) / unit).toBeCloseTo(2 * a!.spread);
  });
  it("sets the relation's spread beside that of random pairs", () => {
    const scene = spreadPlot(matching, 500, measure);
    const [dot] = of(scene, "dot");
    const [diamond, second] = of(scene, "diamond");
    const unit = (diamond!.x - dot!.x) / (matching.randomSpread - matching.spread);
    expect(unit).toBeGreaterThan(0);
    expect((second!.x - dot!.x) / unit).toBeCloseTo(matching.randomDistance - matching.spread);
  });
  it("has every pair in the table, whatever is drawn", () => {
    const pairs = Array.from({ length: 100 }, (_, i) => ({ from: ` a${i}`, to: ` b${i}`, mean: i, spread: 1 }));
    expect(of(logOddsPlot({ ...matching, pairs }, 500, measure), "dot")).toHaveLength(mostRows);
    expect(logOddsTable({ ...matching, pairs }).rows.map((row) => row[1]!.value)).toEqual(
      pairs.map(({ mean }) => mean),
    );
    expect(
      spreadTable(matching)
        .rows[0]!.map(({ value }) => value)
        .slice(1),
    ).toEqual([matching.spread, ...matching.interval!, matching.randomSpread, matching.randomSpreadLower]);
  });
  it("takes some of many at even steps", () => {
    expect(evenly([1, 2, 3], 5)).toEqual([1, 2, 3]);
    expect(evenly([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([0, 2, 4, 6, 8]);
  });
});
