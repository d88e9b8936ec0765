import { csvText } from "../../src/formats/exports/csv";

/** The table behind a chart: shown, copied and saved from one model. */
export type CellValue = number | string | boolean | null;

export interface Column {
  readonly label: string;
  /** Right-aligned, tabular digits. */
  readonly numeric?: boolean;
  /** Words of unknown length: may wrap, where other cells don't. */
  readonly wide?: boolean;
}

export interface Cell {
  /** As shown. */
  readonly text: string;
  /** In full precision, as copied and saved. */
  readonly value: CellValue;
}

export interface TableModel {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

export const cell = (text: string, value: CellValue = text): Cell => ({ text, value });

/** With a header row, in full precision. */
export function toCsv({ columns, rows }: TableModel): string {
  return csvText({ header: columns.map(({ label }) => label), rows: rows.map((row) => row.map(({ value }) => value)) });
}

/** Tab-separated values for pasting into a spreadsheet; tabs and line breaks in cells become spaces. */
export function toTsv({ columns, rows }: TableModel): string {
  const lines = [columns.map(({ label }) => label), ...rows.map((row) => row.map(({ value }) => plain(value)))];
  return lines.map((line) => `${line.map((text) => text.replace(/[\t\r\n]+/g, " ")).join("\t")}\n`).join("");
}

const plain = (value: CellValue) => (value === null ? "" : String(value));

/** Row order for a click on a column: numbers by size, text by language, missing values last. */
export function sortedRows(table: TableModel, column: number, descending: boolean): readonly number[] {
  const order = table.rows.map((_, i) => i);
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const left = table.rows[a]?.[column]?.value ?? null;
    const right = table.rows[b]?.[column]?.value ?? null;
    if (left === null || right === null) return left === right ? a - b : left === null ? 1 : -1;
    return sign * compare(left, right) || a - b;
  });
}

function compare(left: Exclude<CellValue, null>, right: Exclude<CellValue, null>): number {
  return typeof left === "number" && typeof right === "number"
    ? left - right
    : String(left).localeCompare(String(right));
}
