import { Workspace } from "./kernels";

/** Float64 that are in the kernels' memory at a time; larger products are cut into blocks. */
const room = 1 << 22;

let shared: Workspace | null = null;

/** Shape of a product: rows, inner and columns. */
export type Shape = readonly [number, number, number];

/** Whether a product is worth the copies into and out of the kernels' memory, and can be cut to fit. */
export function isWorthwhile([rows, inner, cols]: Shape): boolean {
  return rows * inner * cols >= 1 << 13 && rows * cols > rows + cols && inner <= room / 16;
}

/** out [rows, cols] = a [rows, inner] b [inner, cols]. */
export function blockProduct(a: Float64Array, b: Float64Array, shape: Shape, out: Float64Array): void {
  const [, inner, cols] = shape;
  inBlocks(shape, false, { a, out }, (entries, [from, to], at) => {
    if (to - from === cols) entries.set(b.subarray(0, inner * cols), at);
    else for (let k = 0; k < inner; k++) entries.set(b.subarray(k * cols + from, k * cols + to), at + k * (to - from));
  });
}

/**
 * out [rows, cols] = a [rows, inner] bᵀ, b [cols, inner].
 * @param lowerOnly of a square product, blocks above the diagonal may be left out
 */
export function blockRowProduct(
  a: Float64Array,
  b: Float64Array,
  shape: Shape,
  out: Float64Array,
  lowerOnly: boolean,
): void {
  const [, inner] = shape;
  inBlocks(shape, lowerOnly, { a, out }, (entries, [from, to], at, kernels) => {
    const given = at + inner * (to - from);
    entries.set(b.subarray(from * inner, to * inner), given);
    kernels.transpose(8 * given, 8 * at, to - from, inner);
  });
}

/** Puts b's columns from … to, [inner, to − from], at a place; there is room for twice as many entries. */
type Fill = (
  entries: Float64Array,
  columns: readonly [number, number],
  at: number,
  kernels: Workspace["kernels"],
) => void;

function inBlocks(
  [rows, inner, cols]: Shape,
  lowerOnly: boolean,
  { a, out }: { readonly a: Float64Array; readonly out: Float64Array },
  fill: Fill,
): void {
  shared ??= new Workspace();
  const { kernels } = shared;
  const width = Math.min(cols, Math.floor(room / 4 / inner));
  const height = Math.min(rows, Math.floor(room / 4 / Math.max(inner, width)));
  const [ofA, ofOut] = [2 * inner * width, 2 * inner * width + inner * height];
  const entries = shared.entries(ofOut + height * width);
  const lower = lowerOnly && width === cols && height === rows ? 1 : 0;
  for (let from = 0; from < cols; from += width) {
    const to = Math.min(cols, from + width);
    fill(entries, [from, to], 0, kernels);
    for (let first = 0; first < rows; first += height) {
      const last = Math.min(rows, first + height);
      entries.set(a.subarray(first * inner, last * inner), ofA);
      kernels.product(8 * ofA, 0, 8 * ofOut, last - first, inner, to - from, lower);
      const count = to - from;
      if (count === cols) out.set(entries.subarray(ofOut, ofOut + (last - first) * cols), first * cols);
      else {
        for (let i = first; i < last; i++) {
          const at = ofOut + (i - first) * count;
          out.set(entries.subarray(at, at + count), i * cols + from);
        }
      }
    }
  }
}
