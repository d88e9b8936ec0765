import type { Interval } from "../../src/protocol/report";
import { fit } from "../format";
import { fontSize, place, tickLabel, ticks } from "./scene";
import type { Mark, Measure, Range, Scene } from "./scene";

/** One figure with its uncertainty and what it is compared with. */
export interface DotRow {
  readonly label: string;
  /** Written at the right end, with a note behind it in a column of its own. */
  readonly text: string;
  readonly note?: string;
  readonly value: number | null;
  readonly interval: Interval | null;
  /** Drawn as a diamond: the mean of a null, or a baseline. */
  readonly reference: number | null;
  /** Drawn as a grey bar: the range of a second null. */
  readonly band: Interval | null;
  readonly title: string;
  readonly strong?: boolean;
}

/** A heading above the rows that follow. */
export interface DotGroup {
  readonly heading: string | null;
  readonly rows: readonly DotRow[];
}

export interface DotPlotOptions {
  readonly width: number;
  readonly range: Range;
  readonly measure: Measure;
  /** Places on the axis; round ones where absent. */
  readonly ticks?: readonly number[];
}

const rowHeight = 20;
const headingHeight = 22;
const axisHeight = 20;
const gap = 10;

/** Rows of dots with whiskers on one axis: labels at the left, figures at the right. */
export function dotPlot(groups: readonly DotGroup[], options: DotPlotOptions): Scene {
  const { width, range, measure } = options;
  const rows = groups.flatMap((group) => group.rows);
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(measure));
  const noteWidth = widest(rows.map((row) => row.note ?? ""));
  const labelWidth = Math.min(widest(rows.map((row) => row.label)) + 2, width * 0.36);
  const left = labelWidth + gap;
  const textEnd = noteWidth > 0 ? width - noteWidth - gap : width;
  const right = Math.max(left + 40, textEnd - widest(rows.map((row) => row.text)) - gap - 4);
  const marks: Mark[] = [];
  let y = 0;
  for (const group of groups) {
    if (group.heading !== null) {
      const text = fit(group.heading, width, measure);
      marks.push({ kind: "text", x: 0, y: y + 12, text, anchor: "start", ink: "muted", title: group.heading });
      y += headingHeight;
    }
    marks.push(...grid(y, y + group.rows.length * rowHeight));
    for (const row of group.rows) {
      marks.push(...rowMarks(row, y + rowHeight / 2));
      y += rowHeight;
    }
  }
  return { width, height: y + axisHeight, marks: [...marks, ...axisLabels(y)] };

  function rowMarks(row: DotRow, middle: number): Mark[] {
    const label = fit(row.label, labelWidth, measure);
    const bold = row.strong === true;
    return [
      { kind: "text", x: 0, y: middle, text: label, anchor: "start", ink: "foreground", title: row.label },
      ...whisker(row, middle, range, left, right),
      { kind: "text", x: textEnd, y: middle, text: row.text, anchor: "end", ink: "foreground", bold },
      ...(row.note === undefined || row.note === ""
        ? []
        : [{ kind: "text", x: width, y: middle, text: row.note, anchor: "end", ink: "muted" } as const]),
    ];
  }

  function grid(top: number, bottom: number): Mark[] {
    return tickValues().map((value): Mark => {
      const x = place(value, range, left, right);
      return { kind: "line", x1: x, y1: top, x2: x, y2: bottom, ink: "line", width: value === 0 ? 1.5 : 1 };
    });
  }

  function axisLabels(bottom: number): Mark[] {
    return tickValues().map((value): Mark => {
      const text = tickLabel(value);
      const x = place(value, range, left, right);
      return {
        kind: "text",
        x,
        y: bottom + fontSize,
        text,
        anchor: "middle",
        ink: "muted",
      };
    });
  }

  function tickValues(): readonly number[] {
    return options.ticks ?? ticks(range, right - left > 200 ? 6 : 3);
  }
}

/** At the end of an axis of this width that a value lies beyond, where its mark sticks. */
export function outside(value: number | null, y: number, range: Range, width: number): Mark[] {
  if (value === null || (value >= range.lower && value <= range.upper)) return [];
  const beyond = value > range.upper;
  const x = beyond ? width : 0;
  return [{ kind: "text", x, y, text: beyond ? "›" : "‹", anchor: beyond ? "end" : "start", ink: "strong" }];
}

/** Just the marks of one row; the property table draws them alone. */
export function whisker(row: Omit<DotRow, "label" | "text">, y: number, range: Range, left: number, right: number) {
  const x = (value: number) => place(value, range, left, right);
  const { title } = row;
  const ink = row.strong === false ? "muted" : "accent";
  const marks: Mark[] = [];
  if (row.band) {
    const [a, b] = [x(row.band[0]), x(row.band[1])];
    marks.push({ kind: "rect", x: a, y: y - 5, width: Math.max(2, b - a), height: 10, ink: "band", title });
  }
  if (row.interval) {
    const [a, b] = [x(row.interval[0]), x(row.interval[1])];
    marks.push({ kind: "line", x1: a, y1: y, x2: b, y2: y, ink, width: 2, title });
    for (const end of [a, b]) marks.push({ kind: "line", x1: end, y1: y - 3, x2: end, y2: y + 3, ink, width: 1.5 });
  }
  if (row.reference !== null) {
    marks.push({ kind: "diamond", x: x(row.reference), y, radius: 4, ink: "contrast", title });
  }
  if (row.value !== null) marks.push({ kind: "dot", x: x(row.value), y, radius: 4, ink, title });
  return marks;
}
