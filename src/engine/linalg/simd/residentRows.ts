import { rowProductsInto } from "../products";
import { Workspace } from "./kernels";

/** Float64 that may stay in the kernels' memory. */
const room = 1 << 22;

/** A matrix [height, width] in both orders of storage, which many vectors are multiplied with. */
export interface ResidentRows {
  readonly height: number;
  readonly width: number;
  /** [height, width] */
  readonly byRow: Float64Array;
  /** [width, height] */
  readonly byColumn: Float64Array;
}

let shared: Workspace | null = null;

/** What lies in the kernels' memory, where it stays until other rows are multiplied. */
let resident: ResidentRows | null = null;

/** out [count, height] = a [count, width] rowsᵀ */
export function timesRows(a: Float64Array, rows: ResidentRows, count: number, out: Float64Array): void {
  const { height, width, byRow } = rows;
  if (fits(rows)) multiplyResident(a, rows, [count, width, height], height * width, out);
  else rowProductsInto(a, byRow, [count, width, height], out);
}

/** out [count, width] = a [count, height] rows */
export function timesColumns(a: Float64Array, rows: ResidentRows, count: number, out: Float64Array): void {
  const { height, width, byColumn } = rows;
  if (fits(rows)) multiplyResident(a, rows, [count, height, width], 0, out);
  else rowProductsInto(a, byColumn, [count, height, width], out);
}

function fits({ height, width }: ResidentRows): boolean {
  return 2 * height * width <= room;
}

/** @param at where the matrix [inner, cols] lies, in entries */
function multiplyResident(
  a: Float64Array,
  rows: ResidentRows,
  [count, inner, cols]: readonly [number, number, number],
  at: number,
  out: Float64Array,
): void {
  shared ??= new Workspace();
  const ofA = 2 * rows.height * rows.width;
  const ofOut = ofA + count * inner;
  const entries = shared.entries(ofOut + count * cols);
  if (resident !== rows) {
    entries.set(rows.byRow);
    entries.set(rows.byColumn, rows.height * rows.width);
    resident = rows;
  }
  entries.set(a, ofA);
  shared.kernels.product(8 * ofA, 8 * at, 8 * ofOut, count, inner, cols, 0);
  out.set(entries.subarray(ofOut, ofOut + count * cols));
}
