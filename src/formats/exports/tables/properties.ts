import type { PropertyRow, Report } from "../../../protocol/report";
import { exportTable, intervalFields, type ExportTable, type Field } from "../exportTable";
import { twinRange } from "../twinRange";

/** The summary's table, with the range of each figure over exact twins of the model. */
export function propertyTables({ summary, twins }: Report): readonly ExportTable[] {
  const fields: readonly Field<PropertyRow>[] = [
    ["section", ({ section }) => section],
    ["property", ({ property }) => property],
    ["layer", ({ layer }) => layer],
    ["value", ({ value }) => value],
    ...intervalFields<PropertyRow>(({ interval }) => interval),
    ["null", (row) => row.null],
    ["null is", ({ nullName }) => nullName],
    ["p", ({ p }) => p],
    ["n", ({ n }) => n],
    ["verdict", ({ verdict }) => verdict],
    ["holds", ({ holds }) => holds],
    ["identifiable", ({ identifiable }) => identifiable],
    ...intervalFields<PropertyRow>((row) => twinRange(row, twins)?.basis, "range over changes of basis"),
    ...intervalFields<PropertyRow>((row) => twinRange(row, twins)?.dimension, "range over changes of dimension"),
    ["caveat", ({ caveat }) => caveat],
    ["report path", ({ path }) => path],
  ];
  return [exportTable("properties", summary.properties, fields)];
}
