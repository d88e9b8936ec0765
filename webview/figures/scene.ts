/** A drawing as a list of marks, laid out without a page: drawn as SVG, and on a canvas for pictures. */
export type Ink =
  "foreground" | "muted" | "accent" | "accentBand" | "contrast" | "third" | "fourth" | "line" | "band" | "strong";

interface MarkBase {
  readonly ink: Ink;
  /** Shown on hover. */
  readonly title?: string;
}

export type Mark = MarkBase &
  (
    | {
        readonly kind: "line";
        readonly x1: number;
        readonly y1: number;
        readonly x2: number;
        readonly y2: number;
        readonly width?: number;
        readonly dash?: readonly number[];
      }
    | {
        /** From point to point; broken where a coordinate is not a number. */
        readonly kind: "polyline";
        readonly points: readonly (readonly [x: number, y: number])[];
        readonly width?: number;
        readonly dash?: readonly number[];
      }
    | { readonly kind: "rect"; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
    | { readonly kind: "dot"; readonly x: number; readonly y: number; readonly radius: number }
    | { readonly kind: "triangle"; readonly x: number; readonly y: number; readonly radius: number }
    | {
        readonly kind: "diamond";
        readonly x: number;
        readonly y: number;
        readonly radius: number;
        readonly solid?: boolean;
      }
    | {
        readonly kind: "text";
        readonly x: number;
        readonly y: number;
        readonly text: string;
        readonly anchor: "start" | "middle" | "end";
        readonly bold?: boolean;
      }
  );

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

/** Width of a text in pixels, at the size in which scenes write. */
export type Measure = (text: string) => number;

export const fontSize = 11;

export interface Range {
  readonly lower: number;
  readonly upper: number;
}

/** Position of a value on an axis from `start` to `end` pixels; values outside stick to the ends. */
export function place(value: number, range: Range, start: number, end: number): number {
  const t = (value - range.lower) / (range.upper - range.lower);
  return start + Math.min(1, Math.max(0, t)) * (end - start);
}

/** Round numbers across a range, at most `most` of them. */
export function ticks(range: Range, most: number): number[] {
  const first = (step: number) => Math.ceil(range.lower / step - 1e-9);
  const last = (step: number) => Math.floor(range.upper / step + 1e-9);
  const step = [0.1, 0.2, 0.25, 0.5, 1, 2, 5].find((s) => last(s) - first(s) < most) ?? range.upper - range.lower;
  const out: number[] = [];
  // Adding 0 turns −0 into 0.
  for (let i = first(step); i <= last(step); i++) out.push(i * step + 0);
  return out;
}

/** `0.5`, `−0.25`, `1`: as short as the number allows. */
export function tickLabel(value: number): string {
  return String(Number(value.toFixed(2))).replace("-", "\u2212");
}

/**
 * Axis for figures that are at most 1: from 0, or from a round value below where some are negative
 * (R² has no lower end; what lies left of −1 is drawn at the edge).
 */
export function figureRange(values: readonly (number | null)[]): Range {
  const least = Math.min(0, ...values.filter((v): v is number => v !== null && Number.isFinite(v)));
  const lower = least > -0.1 ? -0.1 : Math.floor(least * 4) / 4;
  return { lower: least >= 0 ? 0 : Math.max(-1, lower), upper: 1 };
}
