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
export const combinedRowsKernel: Kernel = Locals.kernel("combinedRows", 6, (locals, given) => {
  const [a, n, stride, from, v, out] = given as Six;
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
});

/** a[i, j] −= u[i] x[j] + w[i] y[j] for i, j ≥ from. */
export const rankTwoKernel: Kernel = Locals.kernel("rankTwo", 8, (locals, given) => {
  const [a, n, stride, from, u, x, w, y] = given as unknown as [...Six, Local, Local];
  const [i, j, row] = three(() => locals.int());
  const [xAt, yAt] = three(() => locals.int());
  const [first, second] = three(() => locals.vector());
  const startOf = (vector: Local): Code => add(get(vector), times(get(from), int(size)));
  return [
    count(i, [get(from), get(n)], 1, [
      set(row, entryAt(a, get(i), stride, get(from))),
      set(first, loadTwice(add(get(u), times(get(i), int(size))))),
      set(second, loadTwice(add(get(w), times(get(i), int(size))))),
      set(xAt, startOf(x)),
      set(yAt, startOf(y)),
      count(j, [get(from), add(get(n), int(1))], 2, [
        store(
          get(row),
          minus(load(get(row)), plus(product(get(first), load(get(xAt))), product(get(second), load(get(yAt))))),
        ),
        [row, xAt, yAt].map((address) => advance(address, int(both))),
      ]),
    ]),
  ];
});

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

type Six = readonly [Local, Local, Local, Local, Local, Local];

function entryAt(a: Local, row: Code, stride: Local, col: Code): Code {
  return add(get(a), times(add(times(row, get(stride)), col), int(size)));
}

function three<T>(make: () => T): readonly [T, T, T] {
  return [make(), make(), make()];
}

function four<T>(make: () => T): readonly [T, T, T, T] {
  return [make(), make(), make(), make()];
}
