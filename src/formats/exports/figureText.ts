import type { Interval, PropertyRow, Report, TwinRanges } from "../../protocol/report";
import { hull, twinRange } from "./twinRange";

/** What stands for a figure that could not be computed. */
export const missing = "–";

/** Two decimals, as the panel and the summary show figures; three digits where there are thousands. */
export function figureText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return missing;
  const text = Math.abs(value) >= 1000 ? value.toPrecision(3) : value.toFixed(2);
  return Number(text) === 0 ? "0.00" : text;
}

export function intervalText(interval: Interval | null): string {
  return interval === null ? missing : `[${interval.map(figureText).join(", ")}]`;
}

/** Never zero. */
export function probabilityText(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return missing;
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

/** Over exact twins of both families: `same` where every equivalent model must have the figure. */
export function rangeText(row: PropertyRow, twins: TwinRanges | null): string {
  if (row.identifiable === "always") return "same";
  const range = twinRange(row, twins);
  return range === null ? missing : intervalText(hull(range));
}

/** `28 samples × 3 phrasings, seed 0` */
export function sizeText({ relation, settings }: Report): string {
  const counted = (n: number, thing: string) => `${n} ${thing}${n === 1 ? "" : "s"}`;
  const { samples, templates } = relation;
  return `${counted(samples.length, "sample")} × ${counted(templates.length, "phrasing")}, seed ${settings.seed}`;
}

/** File names that go with a relation's name, on every file system. */
export function exportName(relation: string): string {
  const name = relation
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return name.slice(0, 80) || "relation";
}
