import type { ExportTable, ExportValue } from "./exportTable";

/** Comma-separated values [RFC 4180]: a header row, lines that end in CR LF, quotes around what needs them. */
export function csvText({ header, rows }: Pick<ExportTable, "header" | "rows">): string {
  return [header, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: ExportValue): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
