import {
  add,
  advance,
  count,
  get,
  int,
  load,
  loadTwice,
  Locals,
  minus,
  plus,
  product,
  set,
  store,
  times,
  vectorOf,
  type Code,
  type Kernel,
  type Local,
} from "./assembler";

/**
 * Kernels of `symmetricEigen`. Rows of a matrix [n, n] lie `stride` ≥ n + 1 entries apart, with zeros between; so
 * do vectors end in a zero. A stretch that begins at an odd place may then be taken two entries at a time.
 */

const size = 8;
const both = 2 * size;

/** out[j] = Σ_i v[i] a[i, j] for i, j ≥ from; four rows at a time. */
export function combinedRows(locals: Locals, { a, n, stride, from }: Corner, v: Local, out: Local): Code {
  const [i, j, start] = three(() => locals.int());
  const rows = four(() => locals.int());
  const factors = four(() => locals.vector());
  const to = locals.int();
  const sum = locals.vector();
  const rowsAtOnce = (height: number): Code => [
    Array.from({ length: height }, (_, r) => [
      set(rows[r]!, entryAt(a, add(get(i), int(r)), stride, get(from))),
      set(factors[r]!, loadTwice(add(get(v), times(get(i), int(size))), r * size)),
    ]),
    set(to, get(start)),
    count(j, [get(from), add(get(n), int(1))], 2, [
      set(sum, load(get(to))),
      Array.from({ length: height }, (_, r) => [
        set(sum, plus(get(sum), product(get(factors[r]!), load(get(rows[r]!))))),
        advance(rows[r]!, int(both)),
      ]),
      store(get(to), get(sum)),
      advance(to, int(both)),
    ]),
  ];
  return [
    set(start, add(get(out), times(get(from), int(size)))),
    set(to, get(start)),
    count(j, [get(from), add(get(n), int(1))], 2, [store(get(to), vectorOf(0)), advance(to, int(both))]),
    count(i, [get(from), get(n)], 4, rowsAtOnce(4)),
    count(i, [get(i), get(n)], 1, rowsAtOnce(1)),
  ];
}

/** a[i, j] −= Σ u[i] x[j] over the pairs (u, x), for i, j ≥ from. */
export function subtractProducts(
  locals: Locals,
  { a, n, stride, from }: Corner,
  pairs: readonly (readonly [Local, Local])[],
): Code {
  const [i, j, row] = three(() => locals.int());
  const own = pairs.map(([u, x]) => ({ u, x, factor: locals.vector(), at: locals.int() }));
  const sum = own
    .map(({ factor, at }) => product(get(factor), load(get(at))))
    .reduce((total, term) => plus(total, term));
  return count(i, [get(from), get(n)], 1, [
    set(row, entryAt(a, get(i), stride, get(from))),
    own.map(({ u, x, factor, at }) => [
      set(factor, loadTwice(add(get(u), times(get(i), int(size))))),
      set(at, add(get(x), times(get(from), int(size)))),
    ]),
    count(j, [get(from), add(get(n), int(1))], 2, [
      store(get(row), minus(load(get(row)), sum)),
      [row, ...own.map(({ at }) => at)].map((address) => advance(address, int(both))),
    ]),
  ]);
}

/**
 * Turns rows i and i + 1 of a against each other by the angle with sine s[i] and cosine c[i], for i = high − 1 down to
 * low; four columns at a time, of which what goes from one rotation into the next stays in registers.
 */
export const rotateRowsKernel: Kernel = Locals.kernel("rotateRows", 7, (locals, given) => {
  const [a, n, stride, low, high, sines, cosines] = given as unknown as [...Six, Local];
  const [i, j, row] = three(() => locals.int());
  const [sineAt, cosineAt] = three(() => locals.int());
  const [sine, cosine] = three(() => locals.vector());
  const parts = [0, 1].map(() => ({ x: locals.vector(), y: locals.vector() }));
  const rowBytes = times(get(stride), int(size));
  const columns = (width: number): Code => {
    const own = parts.slice(0, width);
    return [
      set(row, entryAt(a, get(high), stride, get(j))),
      own.map(({ y }, k) => set(y, load(get(row), k * both))),
      set(sineAt, add(get(sines), times(get(high), int(size)))),
      set(cosineAt, add(get(cosines), times(get(high), int(size)))),
      count(i, [get(low), get(high)], 1, [
        advance(row, times(rowBytes, int(-1))),
        advance(sineAt, int(-size)),
        advance(cosineAt, int(-size)),
        set(sine, loadTwice(get(sineAt))),
        set(cosine, loadTwice(get(cosineAt))),
        own.map(({ x, y }, k) => [
          set(x, load(get(row), k * both)),
          store(add(get(row), rowBytes), plus(product(get(sine), get(x)), product(get(cosine), get(y))), k * both),
          set(y, minus(product(get(cosine), get(x)), product(get(sine), get(y)))),
        ]),
      ]),
      own.map(({ y }, k) => store(get(row), get(y), k * both)),
    ];
  };
  return [count(j, [int(0), get(n)], 4, columns(2)), count(j, [get(j), add(get(n), int(1))], 2, columns(1))];
});

/** Rows and columns of a matrix from a place on. */
export interface Corner {
  readonly a: Local;
  readonly n: Local;
  readonly stride: Local;
  readonly from: Local;
}

type Six = readonly [Local, Local, Local, Local, Local, Local];

export function entryAt(a: Local, row: Code, stride: Local, col: Code): Code {
  return add(get(a), times(add(times(row, get(stride)), col), int(size)));
}

function three<T>(make: () => T): readonly [T, T, T] {
  return [make(), make(), make()];
}

function four<T>(make: () => T): readonly [T, T, T, T] {
  return [make(), make(), make(), make()];
}
