import { describe, expect, it } from "vitest";
import { svgText } from "../../../webview/charts/svgFile";
import { polylinePath } from "../../../webview/charts/markPaths";
import { lineScene, lineStyle, referenceStyle, roundTicks } from "../../../webview/figures/lineScene";
import type { Line, LineSceneOptions } from "../../../webview/figures/lineScene";
import type { Mark, Scene } from "../../../webview/figures/scene";

const measure = (text: string) => text.length * 6;
const options: LineSceneOptions = {
  width: 400,
  height: 200,
  x: { lower: 0, upper: 10 },
  y: { lower: 0, upper: 1 },
  xName: "steps",
  measure,
};
const line = (points: Line["points"], index = 0): Line => ({ name: "loss", points, style: lineStyle(index) });
const of = <K extends Mark["kind"]>(scene: Scene, kind: K) =>
  scene.marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);

describe("lines over a numeric axis", () => {
  it("puts points in proportion", () => {
    const [path] = of(lineScene([line([[0, 0], [5, 0.5], [10, 1]])], options), "polyline"); // prettier-ignore
    const [a, b, c] = path!.points as [number, number][];
    expect(b![0] - a![0]).toBeCloseTo(c![0] - b![0]);
    expect(b![1] - a![1]).toBeCloseTo(c![1] - b![1]);
    expect(a![1]).toBeGreaterThan(c![1]);
  });
  it("takes equal steps per decade on a logarithmic axis, and writes the decades", () => {
    const scene = lineScene([line([[0, 1], [5, 0.1], [10, 0.01]])], { ...options, log: true, y: { lower: 0.01, upper: 1 } }); // prettier-ignore
    const ys = of(scene, "polyline")[0]!.points.map(([, y]) => y);
    expect(ys[1]! - ys[0]!).toBeCloseTo(ys[2]! - ys[1]!);
    const texts = of(scene, "text").map(({ text }) => text);
    for (const decade of ["1", "10⁻¹", "10⁻²"]) expect(texts).toContain(decade);
  });
  it("breaks a line at what is missing", () => {
    const [path] = of(lineScene([line([[0, 0], [1, NaN], [2, 1], [3, 1]])], options), "polyline"); // prettier-ignore
    expect(polylinePath(path!.points).match(/M/g)).toHaveLength(2);
    expect(polylinePath([[NaN, 0]])).toBe("");
  });
  it("marks points of few, none of references", () => {
    const many = line(Array.from({ length: 60 }, (_, i) => [i / 6, 0.5] as const));
    expect(of(lineScene([many], options), "dot")).toHaveLength(0);
    expect(of(lineScene([line([[0, 0], [1, 1]])], options), "dot")).toHaveLength(2); // prettier-ignore
    expect(of(lineScene([{ ...line([[0, 0], [1, 1]]), style: referenceStyle }], options), "dot")).toHaveLength(0); // prettier-ignore
  });
  it("keeps labels within the width", () => {
    for (const upper of [10, 99_999, 1_000_000]) {
      const scene = lineScene([], { ...options, x: { lower: 0, upper } });
      for (const { x, text, anchor } of of(scene, "text")) {
        const start = x - { start: 0, middle: measure(text) / 2, end: measure(text) }[anchor];
        expect(start).toBeGreaterThanOrEqual(-1);
        expect(start + measure(text)).toBeLessThanOrEqual(401);
      }
    }
  });
  it("tells lines apart without their colour", () => {
    const dashes = [0, 1, 2, 3].map((i) => lineStyle(i).dash.join());
    expect(new Set(dashes).size).toBe(4);
  });
  it("is drawn in a saved picture", () => {
    const inks = new Proxy({}, { get: () => "#123456" }) as Parameters<typeof svgText>[2]["inks"];
    const theme = { brightness: "light", highContrast: false, background: "#fff", inks, fontFamily: "x" } as const;
    const text = svgText("t", [lineScene([line([[0, 0], [10, 1]])], options)], theme); // prettier-ignore
    expect(text).toMatch(/<path d="M[\d.]+ [\d.]+L[\d.]+ [\d.]+" fill="none" stroke="#123456" stroke-width="2">/);
  });
});

describe("round ticks", () => {
  it("are multiples of 1, 2 or 5 at every size", () => {
    expect(roundTicks({ lower: 0, upper: 1 }, 6)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks({ lower: 0, upper: 97_500 }, 6)).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
    expect(roundTicks({ lower: -5.4, upper: 0.1 }, 7)).toEqual([-5, -4, -3, -2, -1, 0]);
    expect(roundTicks({ lower: 0.0013, upper: 0.0018 }, 6)).toEqual([0.0013, 0.0014, 0.0015, 0.0016, 0.0017, 0.0018]);
  });
  it("are no more than asked for", () => {
    for (const upper of [0.07, 3, 12, 512, 81_234]) {
      for (const most of [2, 3, 5, 7]) expect(roundTicks({ lower: 0, upper }, most).length).toBeLessThanOrEqual(most);
    }
    expect(roundTicks({ lower: 2, upper: 2 }, 5)).toEqual([2]);
  });
});
