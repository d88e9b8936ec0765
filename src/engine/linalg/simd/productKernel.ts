import {
  add,
  advance,
  count,
  get,
  int,
  load,
  loadTwice,
  Locals,
  plus,
  product,
  select,
  set,
  smaller,
  store,
  storeFirst,
  times,
  vectorOf,
  when,
  atMost,
  type Code,
  type Kernel,
} from "./assembler";

/** Bytes of a float64. */
const size = 8;

/** Vectors in a block of a single row, which has to be wide: one sum after the other would wait for the one before. */
const wideVectors = 8;

/** out [rows, cols] = a [rows, inner] b [inner, cols]; with `lower`, blocks above the diagonal may be left out. */
export const productKernel: Kernel = Locals.kernel("product", 7, (locals, given) => {
  const [a, b, out, rows, inner, cols, lower] = given as Seven;
  const [i, j, k, end, from, to] = six(() => locals.int());
  const rowAddresses = four(() => locals.int());
  const sums = four(() => [locals.vector(), locals.vector()] as const);
  const entries = [locals.vector(), locals.vector()] as const;
  const entry = locals.vector();
  const innerBytes = times(get(inner), int(size));
  const colBytes = times(get(cols), int(size));

  /** A block of `height` rows, 4 or 1, and `width` columns, 4, 2 or 1: its sums stay in registers. */
  const block = (height: number, width: number): Code => {
    const vectors = width === 4 ? [0, 1] : [0];
    const ownRows = rowAddresses.slice(0, height);
    return [
      ownRows.map((address, r) => set(address, add(get(a), times(add(get(i), int(r)), innerBytes)))),
      set(from, add(get(b), times(get(j), int(size)))),
      ownRows.map((_, r) => vectors.map((v) => set(sums[r]![v]!, vectorOf(0)))),
      count(k, [int(0), get(inner)], 1, [
        vectors.map((v) => set(entries[v]!, width === 1 ? loadTwice(get(from)) : load(get(from), 2 * size * v))),
        ownRows.map((address, r) => [
          set(entry, loadTwice(get(address))),
          vectors.map((v) => set(sums[r]![v]!, plus(get(sums[r]![v]!), product(get(entry), get(entries[v]!))))),
          advance(address, int(size)),
        ]),
        advance(from, colBytes),
      ]),
      set(to, add(get(out), add(times(get(i), colBytes), times(get(j), int(size))))),
      ownRows.map((_, r) => [
        vectors.map((v) => (width === 1 ? storeFirst : store)(get(to), get(sums[r]![v]!), 2 * size * v)),
        advance(to, colBytes),
      ]),
    ];
  };
  const wideSums = sums.flat();
  const wideBlock: Code = [
    set(rowAddresses[0], add(get(a), times(get(i), innerBytes))),
    set(from, add(get(b), times(get(j), int(size)))),
    wideSums.map((sum) => set(sum, vectorOf(0))),
    count(k, [int(0), get(inner)], 1, [
      set(entry, loadTwice(get(rowAddresses[0]))),
      wideSums.map((sum, v) => set(sum, plus(get(sum), product(get(entry), load(get(from), 2 * size * v))))),
      advance(rowAddresses[0], int(size)),
      advance(from, colBytes),
    ]),
    set(to, add(get(out), add(times(get(i), colBytes), times(get(j), int(size))))),
    wideSums.map((sum, v) => store(get(to), get(sum), 2 * size * v)),
  ];
  const rowsOf = (height: number): Code => [
    set(end, select(get(lower), smaller(add(get(i), int(height)), get(cols)), get(cols))),
    set(j, int(0)),
    height === 1 ? count(j, [get(j), get(end)], 2 * wideVectors, wideBlock) : [],
    count(j, [get(j), get(end)], 4, block(height, 4)),
    when(atMost(add(get(j), int(2)), get(end)), [block(height, 2), advance(j, int(2))]),
    when(atMost(add(get(j), int(1)), get(end)), block(height, 1)),
  ];
  return [count(i, [int(0), get(rows)], 4, rowsOf(4)), count(i, [get(i), get(rows)], 1, rowsOf(1))];
});

/** out [cols, rows] = aᵀ for a [rows, cols]. */
export const transposeKernel: Kernel = Locals.kernel("transpose", 4, (locals, given) => {
  const [a, out, rows, cols] = given as unknown as Seven;
  const [i, j, from, to] = six(() => locals.int());
  return [
    set(from, get(a)),
    count(i, [int(0), get(rows)], 1, [
      set(to, add(get(out), times(get(i), int(size)))),
      count(j, [int(0), get(cols)], 1, [
        storeFirst(get(to), loadTwice(get(from))),
        advance(from, int(size)),
        advance(to, times(get(rows), int(size))),
      ]),
    ]),
  ];
});

type Seven = readonly [Given, Given, Given, Given, Given, Given, Given];
type Given = Parameters<typeof get>[0];

function four<T>(make: () => T): readonly [T, T, T, T] {
  return [make(), make(), make(), make()];
}

function six<T>(make: () => T): readonly [T, T, T, T, T, T] {
  return [make(), make(), make(), make(), make(), make()];
}
