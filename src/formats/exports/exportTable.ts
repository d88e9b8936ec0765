import type { Interval } from "../../protocol/report";

/** A table of a report as it is given away: every figure in full precision, `null` where there is none. */
export interface ExportTable {
  /** In kebab case: `linearity-transfer`. */
  readonly name: string;
  /** What each column holds, with its unit in brackets where it has one. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly ExportValue[])[];
}

export type ExportValue = number | string | boolean | null;

/** A column: its header, and its value in a row. */
export type Field<Row> = readonly [header: string, value: (row: Row) => ExportValue | undefined];

export function exportTable<Row>(name: string, rows: readonly Row[], fields: readonly Field<Row>[]): ExportTable {
  return {
    name,
    header: fields.map(([header]) => header),
    rows: rows.map((row) => fields.map(([, value]) => value(row) ?? null)),
  };
}

/** Two columns: the ends of an interval. */
export function intervalFields<Row>(
  interval: (row: Row) => Interval | null | undefined,
  of = "95% interval",
): readonly Field<Row>[] {
  return [
    [`${of}, lower`, (row) => interval(row)?.[0]],
    [`${of}, upper`, (row) => interval(row)?.[1]],
  ];
}

/** A square of figures with names for its rows and columns; the first column is the row's name. */
export function matrixTable(
  name: string,
  corner: string,
  labels: { readonly rows: readonly string[]; readonly columns?: readonly string[] },
  matrix: readonly (readonly (number | null)[])[],
): ExportTable {
  const columns = labels.columns ?? labels.rows;
  return {
    name,
    header: [corner, ...columns],
    rows: matrix.map((row, i) => [labels.rows[i] ?? "", ...columns.map((_, j) => row[j] ?? null)]),
  };
}

/** Several figures in one cell, in order. */
export const listed = (values: readonly (number | string)[] | null | undefined): string | null =>
  values?.join(" ") ?? null;
