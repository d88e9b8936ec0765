import type { Matrix } from "../../linalg/matrix";
import { transpose } from "../../linalg/matrix";

/**
 * The one-to-one assignment of rows to columns with the largest sum of entries: shortest augmenting paths with dual
 * variables (Jonker and Volgenant, *A shortest augmenting path algorithm for dense and sparse linear assignment
 * problems*, 1987; here with one path per row, min(rows, cols)² max(rows, cols) steps). Where rows outnumber columns,
 * some stay without.
 * @returns column of each row, −1 without
 */
export function bestAssignment(gains: Matrix): Int32Array {
  if (gains.rows <= gains.cols) return assignRows(gains);
  const rowOf = assignRows(transpose(gains));
  const columnOf = new Int32Array(gains.rows).fill(-1);
  rowOf.forEach((r, c) => (columnOf[r] = c));
  return columnOf;
}

/** With at least as many columns as rows. */
function assignRows({ rows, cols, data }: Matrix): Int32Array {
  const rowOf = new Int32Array(cols).fill(-1);
  // Reduced cost of (i, j), never negative where paths go: −gain − rowPrice[i] − columnPrice[j].
  const rowPrice = new Float64Array(rows);
  const columnPrice = new Float64Array(cols);
  const shortest = new Float64Array(cols);
  const before = new Int32Array(cols);
  const scanned = new Uint8Array(cols);
  for (let start = 0; start < rows; start++) {
    shortest.fill(Infinity);
    scanned.fill(0);
    before.fill(-1);
    let row = start;
    let last = -1;
    let length = 0;
    for (;;) {
      let next = -1;
      const base = length - rowPrice[row]!;
      for (let j = 0, at = row * cols; j < cols; j++, at++) {
        if (scanned[j]! === 1) continue;
        const distance = base - data[at]! - columnPrice[j]!;
        if (distance < shortest[j]!) {
          shortest[j] = distance;
          before[j] = last;
        }
        if (next < 0 || shortest[j]! < shortest[next]!) next = j;
      }
      scanned[next] = 1;
      length = shortest[next]!;
      last = next;
      if (rowOf[next]! < 0) break;
      row = rowOf[next]!;
    }
    rowPrice[start]! += length;
    for (let j = 0; j < cols; j++) {
      if (scanned[j]! === 0 || j === last) continue;
      const gain = length - shortest[j]!;
      columnPrice[j]! -= gain;
      rowPrice[rowOf[j]!]! += gain;
    }
    for (let j = last; j >= 0;) {
      const previous = before[j]!;
      rowOf[j] = previous < 0 ? start : rowOf[previous]!;
      j = previous;
    }
  }
  const columnOf = new Int32Array(rows);
  rowOf.forEach((r, c) => {
    if (r >= 0) columnOf[r] = c;
  });
  return columnOf;
}
