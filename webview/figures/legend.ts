import { curveStyle, pointShape } from "./curveStyle";
import type { CurveRole } from "./curveStyle";
import type { LineStyle } from "./lineScene";
import type { Mark, Measure, Scene } from "./scene";

export interface LegendEntry {
  readonly mark:
    | "dot"
    | "diamond"
    | "band"
    | "accentBand"
    | "bar"
    | "otherBar"
    | "dash"
    | "twins"
    | "triangle"
    | { readonly line: LineStyle }
    | { readonly curve: CurveRole; readonly index: number };
  readonly text: string;
}

const lineHeight = 18;
const symbolWidth = 26;
const gap = 16;

/** Symbols with their meaning, wrapped to the width. */
export function legend(entries: readonly LegendEntry[], width: number, measure: Measure): Scene {
  const marks: Mark[] = [];
  let x = 0;
  let line = 0;
  for (const { mark, text } of entries) {
    const size = symbolWidth + measure(text);
    if (x > 0 && x + size > width) {
      x = 0;
      line++;
    }
    const y = line * lineHeight + lineHeight / 2;
    marks.push(...symbol(mark, x, y));
    marks.push({ kind: "text", x: x + symbolWidth, y, text, anchor: "start", ink: "muted" });
    x += size + gap;
  }
  return { width, height: (line + 1) * lineHeight, marks };
}

function symbol(mark: LegendEntry["mark"], x: number, y: number): Mark[] {
  if (typeof mark === "object" && "line" in mark) {
    return [{ kind: "line", x1: x, x2: x + 20, y1: y, y2: y, ...mark.line }];
  }
  if (typeof mark === "object") return curve(mark.curve, mark.index, x, y);
  switch (mark) {
    case "dot":
      return [
        { kind: "line", x1: x, x2: x + 20, y1: y, y2: y, ink: "accent", width: 2 },
        { kind: "dot", x: x + 10, y, radius: 4, ink: "accent" },
      ];
    case "triangle":
      return [
        { kind: "line", x1: x, x2: x + 20, y1: y, y2: y, ink: "third", width: 2 },
        { kind: "triangle", x: x + 10, y, radius: 4.5, ink: "third" },
      ];
    case "diamond":
      return [{ kind: "diamond", x: x + 10, y, radius: 4, ink: "contrast" }];
    case "band":
    case "accentBand":
      return [{ kind: "rect", x, y: y - 5, width: 20, height: 10, ink: mark }];
    case "bar":
    case "otherBar":
      return [{ kind: "rect", x: x + 6, y: y - 6, width: 8, height: 12, ink: mark === "bar" ? "accent" : "muted" }];
    case "twins":
      return [{ kind: "rect", x, y: y - 1.5, width: 20, height: 3, ink: "fourth" }];
    case "dash":
      return [{ kind: "line", x1: x, x2: x + 20, y1: y, y2: y, ink: "contrast", dash: [4, 3] }];
  }
}

function curve(role: CurveRole, index: number, x: number, y: number): Mark[] {
  const { ink, dash, width, points } = curveStyle(role, index);
  const line: Mark = { kind: "line", x1: x, x2: x + 20, y1: y, y2: y, ink, dash, width };
  if (!points) return [line];
  switch (pointShape(index)) {
    case "circle":
      return [line, { kind: "dot", x: x + 10, y, radius: 3.5, ink }];
    case "rect":
      return [line, { kind: "rect", x: x + 7, y: y - 3, width: 6, height: 6, ink }];
    case "triangle":
      return [line, { kind: "triangle", x: x + 10, y, radius: 4, ink }];
    case "rectRot":
      return [line, { kind: "diamond", x: x + 10, y, radius: 4.5, ink, solid: true }];
  }
}
