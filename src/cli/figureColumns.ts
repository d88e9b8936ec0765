import type { Interval } from "../protocol/report";

export interface Column<Row> {
  readonly title: string;
  readonly align: "left" | "right";
  readonly cell: (row: Row) => string;
}

/** The titles, and then a line per row, in columns of equal width. */
export function inColumns<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
  return lines.map((line) =>
    line
      .map((text, i) => (columns[i]?.align === "right" ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

export function figure(value: number | null): string {
  if (value === null) return "–";
  const text = Math.abs(value) >= 1000 ? value.toPrecision(3) : value.toFixed(2);
  return text === "-0.00" ? "0.00" : text;
}

export function intervalText(interval: Interval | null): string {
  return interval === null ? "–" : `[${figure(interval[0])}, ${figure(interval[1])}]`;
}

export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}
