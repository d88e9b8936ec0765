import { describe, expect, it } from "vitest";
import { cosineBars } from "../../../webview/figures/cosineBars";
import { dotPlot } from "../../../webview/figures/dotPlot";
import type { DotRow } from "../../../webview/figures/dotPlot";
import { legend } from "../../../webview/figures/legend";
import { figureRange, place, tickLabel, ticks } from "../../../webview/figures/scene";
import type { Mark, Scene } from "../../../webview/figures/scene";
import { exampleReport } from "../../fixtures/reports/example";

const measure = (text: string) => text.length * 6;
const row = (change: Partial<DotRow> = {}): DotRow => ({
  label: "least squares",
  text: ".50",
  value: 0.5,
  interval: [0.25, 0.75],
  reference: 0,
  band: null,
  title: "t",
  ...change,
});
const of = <K extends Mark["kind"]>(scene: Scene, kind: K) =>
  scene.marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);

/** Left and right end of a mark. */
function extent(mark: Mark): readonly [number, number] {
  switch (mark.kind) {
    case "line":
      return [Math.min(mark.x1, mark.x2), Math.max(mark.x1, mark.x2)];
    case "polyline": {
      const xs = mark.points.map(([x]) => x);
      return [Math.min(...xs), Math.max(...xs)];
    }
    case "rect":
      return [mark.x, mark.x + mark.width];
    case "dot":
    case "triangle":
    case "diamond":
      return [mark.x - mark.radius, mark.x + mark.radius];
    case "text": {
      const width = measure(mark.text);
      const start = mark.x - { start: 0, middle: width / 2, end: width }[mark.anchor];
      return [start, start + width];
    }
  }
}

describe("axes", () => {
  it("puts values in proportion, and what lies outside at the ends", () => {
    const range = { lower: -1, upper: 1 };
    expect([-1, 0, 0.5, 9].map((value) => place(value, range, 100, 300))).toEqual([100, 200, 250, 300]);
  });
  it("takes round steps, no more than asked for", () => {
    expect(ticks({ lower: 0, upper: 1 }, 6)).toEqual([0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
    expect(ticks({ lower: -1, upper: 1 }, 3)).toEqual([-1, 0, 1]);
    expect(ticks({ lower: -0.25, upper: 1 }, 3)).toEqual([0, 0.5, 1]);
  });
  it("writes ticks short", () => {
    expect([0, 0.6000000000000001, -0.25, 1].map(tickLabel)).toEqual(["0", "0.6", "\u22120.25", "1"]);
  });
  it("reaches below zero only as far as needed", () => {
    expect(figureRange([0.2, null, 0.9]).lower).toBe(0);
    expect(figureRange([-0.04]).lower).toBe(-0.1);
    expect(figureRange([-0.3]).lower).toBe(-0.5);
    expect(figureRange([-7, NaN]).lower).toBe(-1);
  });
});

describe("dot plot", () => {
  const options = { width: 400, range: { lower: 0, upper: 1 }, measure };
  const scene = dotPlot([{ heading: "A", rows: [row(), row({ value: 1, text: "1.00" })] }], options);
  it("places dot, whisker and reference on one scale", () => {
    const [first, second] = of(scene, "dot");
    const [reference] = of(scene, "diamond");
    const whisker = of(scene, "line").find((line) => line.ink === "accent" && line.y1 === line.y2);
    const unit = second!.x - reference!.x;
    expect((first!.x - reference!.x) / unit).toBeCloseTo(0.5);
    expect((whisker!.x1 - reference!.x) / unit).toBeCloseTo(0.25);
    expect((whisker!.x2 - reference!.x) / unit).toBeCloseTo(0.75);
  });
  it("draws no dot, whisker or reference for what is missing", () => {
    const empty = dotPlot([{ heading: null, rows: [row({ value: null, interval: null, reference: null })] }], options);
    expect([...of(empty, "dot"), ...of(empty, "diamond")]).toEqual([]);
  });
  it.each([240, 400, 1000])("stays within %s pixels, with long labels and notes", (width) => {
    const rows = [row({ label: "a very long label ".repeat(5), note: "p .005" }), row({ text: "\u2212.04" })];
    const drawn = dotPlot([{ heading: "x".repeat(400), rows }], { ...options, width });
    for (const mark of drawn.marks) {
      expect(extent(mark)[0]).toBeGreaterThanOrEqual(-1);
      expect(extent(mark)[1]).toBeLessThanOrEqual(width + 1);
    }
  });
  it("keeps figures clear of the plot", () => {
    const most = Math.max(...of(scene, "dot").map((dot) => dot.x + dot.radius));
    const figures = of(scene, "text").filter((text) => text.anchor === "end");
    for (const text of figures) expect(extent(text)[0]).toBeGreaterThan(most);
  });
});

describe("cosine bars", () => {
  const panels = exampleReport()
    .subspaces.slice(0, 3)
    .map((alignment, i) => ({ title: `pair ${i}`, alignment }));
  it("draws every cosine to scale, and the expectation at its root", () => {
    const scene = cosineBars(panels.slice(0, 1), 300, measure);
    const bars = of(scene, "rect").filter((rect) => rect.ink === "accent");
    const { cosines, overlapExpected } = panels[0]!.alignment;
    expect(bars).toHaveLength(cosines.length);
    const unit = bars[0]!.height / cosines[0]!;
    bars.forEach((bar, i) => expect(bar.height / unit).toBeCloseTo(cosines[i]!));
    const expected = of(scene, "line").find((line) => line.ink === "contrast")!;
    const floor = bars[0]!.y + bars[0]!.height;
    expect((floor - expected.y1) / unit).toBeCloseTo(Math.sqrt(overlapExpected));
  });
  it("wraps panels into rows", () => {
    expect(cosineBars(panels, 900, measure).height * 3).toBe(cosineBars(panels, 200, measure).height);
  });
});

it("a legend wraps rather than leaves its width", () => {
  const entries = [
    { mark: "dot", text: "mean, 95% interval" },
    { mark: "diamond", text: "partners shuffled" },
    { mark: { curve: "control", index: 2 }, text: "control task, mean" },
  ] as const;
  const narrow = legend(entries, 200, measure);
  for (const mark of narrow.marks) expect(extent(mark)[1]).toBeLessThanOrEqual(200);
  expect(narrow.height).toBe(3 * legend(entries, 900, measure).height);
});
