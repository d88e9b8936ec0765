import { describe, expect, it } from "vitest";
import { svgText } from "../../../webview/charts/svgFile";
import type { HeatmapOptions } from "../../../webview/charts/heatmapOptions";
import { curveScene } from "../../../webview/figures/curveScene";
import { heatmapScene } from "../../../webview/figures/heatmapScene";
import { diverging } from "../../../webview/figures/colourScale";
import type { Theme } from "../../../webview/theme";

const measure = (text: string) => text.length * 6;
const inks = {
  ...{ foreground: "#111", muted: "#222", accent: "#333", accentBand: "#444", contrast: "#555" },
  ...{ third: "#666", fourth: "#777", line: "#888", band: "#999", strong: "#aaa" },
};
const theme: Theme = { brightness: "light", highContrast: false, background: "#fff", inks, fontFamily: "a" };

const curves = {
  label: "accuracy",
  places: ["0", "1", "2", "final"],
  axis: "layer",
  range: { lower: 0, upper: 1 },
  lastApart: true,
  curves: [
    { name: "probe", role: "main", values: [0.2, 0.4, null, 0.8], intervals: [[0.1, 0.3], null, null, [0.7, 0.9]] },
    { name: "control", role: "control", values: [0.5, 0.5, 0.5, 0.5] },
  ],
} as const;

describe("curves as an SVG file has them", () => {
  const scene = curveScene(curves, { width: 400, height: 200 }, measure);

  it("has points in proportion to their values, none where a value is missing", () => {
    const dots = scene.marks.flatMap((mark) => (mark.kind === "dot" ? [mark] : []));
    expect(dots.map(({ title }) => title)).toEqual(["probe, 0: 0.20", "probe, 1: 0.40", "probe, final: 0.80"]);
    const [a, b, c] = dots;
    expect((a!.y - c!.y) / (a!.y - b!.y)).toBeCloseTo(3);
    expect((c!.x - a!.x) / (b!.x - a!.x)).toBeCloseTo(3);
  });

  it("has the band of the intervals around the main curve", () => {
    const [area, ...others] = scene.marks.flatMap((mark) => (mark.kind === "area" ? [mark] : []));
    expect(others).toEqual([]);
    const ys = area!.points.map(([, y]) => y);
    expect(ys[0]! - ys[3]!).toBeCloseTo(ys[1]! - ys[2]!);
    expect(ys[0]).toBeLessThan(ys[3]!);
  });

  it("names places and axis, and sets the last place apart", () => {
    const texts = scene.marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
    for (const text of [...curves.places, "layer", "0.6"]) expect(texts).toContain(text);
    expect(scene.marks.filter((mark) => mark.kind === "line" && mark.dash !== undefined)).toHaveLength(1);
  });

  it("stays within its size", () => {
    for (const mark of scene.marks) {
      if (!("x" in mark)) continue;
      expect(mark.x).toBeGreaterThanOrEqual(0);
      expect(mark.x).toBeLessThanOrEqual(400);
      expect(mark.y).toBeLessThanOrEqual(200);
    }
  });
});

describe("a map as an SVG file has it", () => {
  const options: HeatmapOptions = {
    label: "cosines",
    rowLabels: ["a & b", "c"],
    columnLabels: ["a & b", "c"],
    matrix: [
      [1, -0.25],
      [NaN, 1],
    ],
    order: [1, 0],
    domain: { lower: -1, upper: 1 },
    describe: (row, column) => ({ title: `${row}<${column}`, lines: [] }),
    marked: (row, column) => row === 0 && column === 1,
  };
  const labels = { rows: 40, columns: 40, rowTexts: options.rowLabels, columnTexts: options.columnLabels };
  const scene = heatmapScene(options, { labels, side: 50, brightness: "light", valued: true }, measure);
  const cells = scene.marks.flatMap((mark) => (mark.kind === "cell" && mark.title !== "" ? [mark] : []));

  it("has a cell an entry, in the order of the drawing, in the colour of its value", () => {
    expect(cells.map(({ title }) => title)).toEqual(["1<1", "1<0", "0<1", "0<0"]);
    expect(cells.map(({ colour }) => colour)).toEqual([
      diverging(1, "light"),
      null,
      diverging(-0.25, "light"),
      diverging(1, "light"),
    ]);
    expect(cells.map(({ value }) => value?.text)).toEqual(["1.00", undefined, "−0.25", "1.00"]);
    expect(cells.map(({ marked }) => marked !== null)).toEqual([false, false, true, false]);
  });

  it("is written as well-formed text, with what a label has escaped", () => {
    const text = svgText("cosines", [scene], theme);
    expect(text).toContain("a &amp; b");
    expect(text).toContain("<title>0&lt;1</title>");
    expect(text).not.toMatch(/undefined|NaN|null/);
    expect(text.match(/<rect/g)).toHaveLength(1 + 4 + 51);
    for (const tag of ["g", "text", "title", "svg"]) {
      expect(text.match(new RegExp(`<${tag}[ >]`, "g"))?.length).toBe(text.match(new RegExp(`</${tag}>`, "g"))?.length);
    }
  });
});
