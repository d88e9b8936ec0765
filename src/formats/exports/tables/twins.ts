import type { Report } from "../../../protocol/report";
import { exportTable, intervalFields, type ExportTable } from "../exportTable";

/** Every figure over exact twins of the model, by its path in the report. */
export function twinTables({ twins }: Report): readonly ExportTable[] {
  if (twins === null) return [];
  const { changeOfBasis, changeOfDimension, fewer, count } = twins;
  const paths = [...new Set([...Object.keys(changeOfBasis), ...Object.keys(changeOfDimension)])];
  return [
    exportTable("twins", paths, [
      ["report path", (path) => path],
      ...intervalFields<string>((path) => changeOfBasis[path], "range over changes of basis"),
      ...intervalFields<string>((path) => changeOfDimension[path], "range over changes of dimension"),
      ["n (twins of each family)", (path) => fewer[path] ?? count],
    ]),
  ];
}
