import { strings } from "../strings";
import { fontSize, place, tickLabel } from "./scene";
import type { Ink, Mark, Measure, Range, Scene } from "./scene";

export interface LineStyle {
  readonly ink: Ink;
  readonly dash: readonly number[];
  readonly width: number;
}

/** Dash patterns tell lines apart where colours don't. */
const styles: readonly LineStyle[] = [
  { ink: "accent", dash: [], width: 2 },
  { ink: "contrast", dash: [7, 3], width: 2 },
  { ink: "third", dash: [2, 3], width: 2 },
  { ink: "fourth", dash: [9, 3, 2, 3], width: 2 },
];
export const referenceStyle: LineStyle = { ink: "muted", dash: [4, 4], width: 1.5 };

export const lineStyle = (index: number): LineStyle => styles[index % styles.length] ?? referenceStyle;

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly style: LineStyle;
  /** One of many of its kind, behind their mean. */
  readonly faint?: boolean;
}

export interface LineSceneOptions {
  readonly width: number;
  readonly height: number;
  readonly x: Range;
  readonly y: Range;
  readonly xName: string;
  /** Decades on the y axis; the range is of values, all above 0. */
  readonly log?: boolean;
  readonly measure: Measure;
}

const axisHeight = 34;
const top = 8;
/** Up to here, points can be told apart. */
const fewPoints = 24;

/** Lines over a numeric axis. */
export function lineScene(lines: readonly Line[], options: LineSceneOptions): Scene {
  const { width, height, measure, log = false } = options;
  const scaled = (value: number) => (log ? Math.log10(value) : value);
  const y: Range = { lower: scaled(options.y.lower), upper: scaled(options.y.upper) };
  const yTicks = log ? decades(y) : roundTicks(y, 6);
  const yLabel = (tick: number) => (log ? decade(tick) : tickLabel(tick));
  const left = Math.ceil(Math.max(...yTicks.map((tick) => measure(yLabel(tick))), 0)) + 8;
  const [right, bottom] = [width - 8, height - axisHeight];
  const atX = (value: number) => place(value, options.x, left, right);
  const atY = (value: number) => (Number.isFinite(value) ? place(scaled(value), y, bottom, top) : NaN);
  return {
    width,
    height,
    marks: [
      ...yTicks.flatMap((tick): Mark[] => {
        const at = place(tick, y, bottom, top);
        return [
          { kind: "line", x1: left, x2: right, y1: at, y2: at, ink: "line" },
          { kind: "text", x: left - 6, y: at, text: yLabel(tick), anchor: "end", ink: "muted" },
        ];
      }),
      ...roundTicks(options.x, Math.max(2, Math.min(7, Math.floor((right - left) / 70)))).map((tick): Mark => {
        const text = strings.count(tick);
        return {
          kind: "text",
          x: atX(tick),
          y: bottom + fontSize,
          text,
          anchor: anchorOf(atX(tick), text),
          ink: "muted",
        };
      }),
      { kind: "text", x: (left + right) / 2, y: height - 7, text: options.xName, anchor: "middle", ink: "muted" },
      ...lines.flatMap(({ name, points, style, faint = false }): Mark[] => {
        const path = points.map(([px, py]) => [atX(px), atY(py)] as const);
        const line: Mark = {
          kind: "polyline",
          points: path,
          ...style,
          ...(faint ? { width: 1 } : {}),
          title: name,
        };
        if (faint || points.length > fewPoints || style === referenceStyle) return [line];
        return [
          line,
          ...path.flatMap(([x0, y0], i): Mark[] =>
            Number.isFinite(y0)
              ? [
                  {
                    kind: "dot",
                    x: x0,
                    y: y0,
                    radius: 2.5,
                    ink: style.ink,
                    title: `${name}: ${String(points[i]?.[1])}`,
                  },
                ]
              : [],
          ),
        ];
      }),
    ],
  };

  /** Labels at the ends stay within the width. */
  function anchorOf(at: number, text: string): "start" | "middle" | "end" {
    return at + measure(text) / 2 > width ? "end" : at - measure(text) / 2 < 0 ? "start" : "middle";
  }
}

/** Multiples of 1, 2 or 5 times a power of ten across a range, at most `most` of them. */
export function roundTicks({ lower, upper }: Range, most: number): number[] {
  if (!(upper > lower)) return [lower];
  const unit = 10 ** Math.floor(Math.log10((upper - lower) / most));
  const count = (step: number) => Math.floor(upper / step + 1e-9) - Math.ceil(lower / step - 1e-9) + 1;
  const step = [1, 2, 5, 10, 20].map((times) => times * unit).find((one) => count(one) <= most) ?? upper - lower;
  const first = Math.ceil(lower / step - 1e-9);
  return Array.from({ length: Math.max(1, count(step)) }, (_, i) => Number(((first + i) * step).toPrecision(12)) + 0);
}

/** Whole powers of ten across a range of logarithms, thinned to at most eight. */
function decades({ lower, upper }: Range): number[] {
  const first = Math.ceil(lower - 1e-9);
  const count = Math.floor(upper + 1e-9) - first + 1;
  const step = Math.max(1, Math.ceil(count / 8));
  return Array.from({ length: Math.max(0, Math.ceil(count / step)) }, (_, i) => first + i * step);
}

const superscripts: Readonly<Record<string, string>> = {
  ...{ "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹" },
};

const decade = (exponent: number) =>
  exponent === 0 ? "1" : `10${String(exponent).replace(/[-\d]/g, (digit) => superscripts[digit] ?? digit)}`;
