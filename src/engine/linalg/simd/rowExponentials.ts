import { Workspace } from "./kernels";

/** Rows with more entries are taken in parts. */
const room = 1 << 20;

let shared: Workspace | null = null;

/**
 * exp(x − m) for rows of x [rows, width], m the larger of what `largest` [rows] holds and the row's largest, which it
 * holds afterwards; their sums to `sums` [rows], and they themselves to `out` [rows, width], if any.
 */
export function rowExponentials(
  values: Float64Array,
  [rows, width]: readonly [number, number],
  largest: Float64Array,
  sums: Float64Array,
  out?: Float64Array,
): void {
  shared ??= new Workspace();
  const stride = width + (width % 2);
  const height = Math.max(1, Math.min(rows, Math.floor(room / Math.max(1, stride))));
  const [ofLargest, ofSums] = [height * stride, height * stride + height];
  const entries = shared.entries(ofSums + height);
  for (let first = 0; first < rows; first += height) {
    const count = Math.min(height, rows - first);
    if (stride === width) entries.set(values.subarray(first * width, (first + count) * width));
    else {
      for (let i = 0; i < count; i++) {
        const from = (first + i) * width;
        entries.set(values.subarray(from, from + width), i * stride);
        entries[i * stride + width] = -Infinity;
      }
    }
    entries.set(largest.subarray(first, first + count), ofLargest);
    shared.kernels.exponentials(0, count, stride, 8 * ofLargest, 8 * ofSums);
    largest.set(entries.subarray(ofLargest, ofLargest + count), first);
    sums.set(entries.subarray(ofSums, ofSums + count), first);
    if (out === undefined) continue;
    for (let i = 0; i < count; i++) {
      out.set(entries.subarray(i * stride, i * stride + width), (first + i) * width);
    }
  }
}
