import {
  add,
  advance,
  count,
  get,
  int,
  load,
  Locals,
  loop,
  minus,
  negative,
  atMost,
  plus,
  product,
  quotient,
  set,
  store,
  times,
  vectorOf,
  type Code,
  type Kernel,
  type Local,
} from "./assembler";

/** Bytes of an entry: those of two matrices lie side by side, so that one instruction serves both. */
const size = 16;

/**
 * −A⁻¹ of two positive definite matrices [n, n], n even, of which the lower triangles are given and overwritten: sweeps
 * over two pivots at a time, n³/2 multiplications each. Meant for matrices with eigenvalues of at least 1, such as I plus
 * a Gram matrix. `columns` is room for 2 n entries.
 */
export const pairInverseKernel: Kernel = Locals.kernel("pairInverse", 3, (locals, given) => {
  const [a, n, columns] = given as readonly [Local, Local, Local];
  const [k, i, upper, lower, column, end, rowBytes] = Array.from({ length: 7 }, () => locals.int()) as Seven;
  const [top, beside, bottom, determinant, x, y] = Array.from({ length: 6 }, () => locals.vector()) as Six;
  const [p, q, r, f0, g0, f1, g1] = Array.from({ length: 7 }, () => locals.vector()) as Seven;
  const next = add(get(k), int(1));
  const at = (row: Code, col: Code): Code => add(get(a), add(times(row, get(rowBytes)), times(col, int(size))));
  /** Where the two columns that are swept have their entries of row i. */
  const columnAt = (row: Code): Code => add(get(columns), times(row, int(2 * size)));
  const mixed = (first: Local, second: Local): Code => plus(product(get(x), get(first)), product(get(y), get(second)));
  const factorsFrom = (offset: number, f: Local, g: Local): Code => [
    set(x, load(get(column), offset)),
    set(y, load(get(column), offset + size)),
    set(f, mixed(p, q)),
    set(g, mixed(q, r)),
  ];
  const subtractFrom = (address: Local, f: Local, g: Local): Code =>
    store(get(address), minus(load(get(address)), mixed(f, g)));
  /** The entries of row i in the pivots' columns, wherever the lower triangle has them. */
  const [before, after] = [
    [at(get(k), get(i)), at(next, get(i))],
    [at(get(i), get(k)), at(get(i), next)],
  ] as const;
  const bothSides = (body: (places: readonly [Code, Code]) => Code): Code => [
    count(i, [int(0), get(k)], 1, [set(column, columnAt(get(i))), body(before)]),
    count(i, [add(get(k), int(2)), get(n)], 1, [set(column, columnAt(get(i))), body(after)]),
  ];
  return [
    set(rowBytes, times(get(n), int(size))),
    count(k, [int(0), get(n)], 2, [
      set(top, load(at(get(k), get(k)))),
      set(beside, load(at(next, get(k)))),
      set(bottom, load(at(next, next))),
      set(determinant, minus(product(get(top), get(bottom)), product(get(beside), get(beside)))),
      set(p, quotient(get(bottom), get(determinant))),
      set(q, negative(quotient(get(beside), get(determinant)))),
      set(r, quotient(get(top), get(determinant))),
      bothSides((places) => places.map((place, c) => store(get(column), load(place), c * size))),
      // The pivots' own rows and columns are written below.
      set(column, columnAt(get(k))),
      [0, 1, 2, 3].map((c) => store(get(column), vectorOf(0), c * size)),
      // Two rows at a time, for which the columns are read once.
      count(i, [int(0), get(n)], 2, [
        set(column, columnAt(get(i))),
        factorsFrom(0, f0, g0),
        factorsFrom(2 * size, f1, g1),
        set(upper, at(get(i), int(0))),
        set(lower, add(get(upper), get(rowBytes))),
        set(end, add(get(upper), times(add(get(i), int(1)), int(size)))),
        set(column, get(columns)),
        // One entry of the upper row is above the diagonal, and read by nobody.
        loop(atMost(get(upper), get(end)), [
          set(x, load(get(column))),
          set(y, load(get(column), size)),
          subtractFrom(upper, f0, g0),
          subtractFrom(lower, f1, g1),
          advance(column, int(2 * size)),
          advance(upper, int(size)),
          advance(lower, int(size)),
        ]),
      ]),
      bothSides(([one, other]) => [factorsFrom(0, f0, g0), store(one, get(f0)), store(other, get(g0))]),
      store(at(get(k), get(k)), negative(get(p))),
      store(at(next, get(k)), negative(get(q))),
      store(at(next, next), negative(get(r))),
    ]),
  ];
});

/** Two matrices [n, n] times one vector [n] each; n even. */
export const pairProductKernel: Kernel = Locals.kernel("pairProduct", 4, (locals, given) => {
  const [a, v, out, n] = given as readonly [Local, Local, Local, Local];
  const [i, j, upper, lower, from, to] = Array.from({ length: 6 }, () => locals.int()) as Six;
  const [one, other, entry] = Array.from({ length: 3 }, () => locals.vector()) as unknown as Six;
  const withEntry = (sum: Local, address: Local): Code => [
    set(sum, plus(get(sum), product(get(entry), load(get(address))))),
    advance(address, int(size)),
  ];
  return [
    set(upper, get(a)),
    set(to, get(out)),
    count(i, [int(0), get(n)], 2, [
      set(lower, add(get(upper), times(get(n), int(size)))),
      set(from, get(v)),
      set(one, vectorOf(0)),
      set(other, vectorOf(0)),
      count(j, [int(0), get(n)], 1, [
        set(entry, load(get(from))),
        withEntry(one, upper),
        withEntry(other, lower),
        advance(from, int(size)),
      ]),
      store(get(to), get(one)),
      store(get(to), get(other), size),
      advance(to, int(2 * size)),
      set(upper, get(lower)),
    ]),
  ];
});

type Six = [Local, Local, Local, Local, Local, Local];
type Seven = [Local, Local, Local, Local, Local, Local, Local];
