import {
  add,
  advance,
  count,
  get,
  int,
  load,
  loadTwice,
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
  when,
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

/** I + diag(r) K diag(r) for one symmetric K [n, n] and two r [n]: the lower triangles. */
export const pairScaledKernel: Kernel = Locals.kernel("pairScaled", 4, (locals, given) => {
  const [gram, roots, out, n] = given as readonly [Local, Local, Local, Local];
  const [i, j, from, rootOfRow, root, to] = Array.from({ length: 6 }, () => locals.int()) as Six;
  return [
    set(rootOfRow, get(roots)),
    count(i, [int(0), get(n)], 1, [
      set(from, add(get(gram), times(get(i), times(get(n), int(size / 2))))),
      set(to, add(get(out), times(get(i), times(get(n), int(size))))),
      set(root, get(roots)),
      count(j, [int(0), add(get(i), int(1))], 1, [
        store(get(to), product(product(load(get(rootOfRow)), load(get(root))), loadTwice(get(from)))),
        advance(from, int(size / 2)),
        advance(root, int(size)),
        advance(to, int(size)),
      ]),
      advance(to, int(-size)),
      store(get(to), plus(load(get(to)), vectorOf(1))),
      advance(rootOfRow, int(size)),
    ]),
  ];
});

/**
 * From the lower triangles of W [n, n] and r, two of each: G = −diag(r) W diag(r) less G 1 1ᵀ G / (1ᵀ G 1) in place of W,
 * whole; G 1 / (1ᵀ G 1) to `shares` [n]; and added to `total` [n, n], of which the lower triangle counts.
 */
export const pairCentredKernel: Kernel = Locals.kernel("pairCentred", 5, (locals, given) => {
  const [a, roots, shares, total, n] = given as readonly [Local, Local, Local, Local, Local];
  const [i, j, at, mirrored, rootOfRow, root, share] = Array.from({ length: 7 }, () => locals.int()) as Seven;
  const sumAt = locals.int();
  const [entry, own, sum, scale] = Array.from({ length: 4 }, () => locals.vector()) as unknown as Six;
  const rowBytes = times(get(n), int(size));
  /** Over the lower triangle, row by row. */
  const overRows = (before: Code, inner: Code, after: Code): Code => [
    set(rootOfRow, get(roots)),
    count(i, [int(0), get(n)], 1, [
      set(at, add(get(a), times(get(i), rowBytes))),
      set(mirrored, add(get(a), times(get(i), int(size)))),
      set(sumAt, add(get(total), times(get(i), rowBytes))),
      set(share, add(get(shares), times(get(i), int(size)))),
      set(root, get(roots)),
      before,
      count(j, [int(0), add(get(i), int(1))], 1, [inner, advance(at, int(size)), advance(root, int(size))]),
      after,
      advance(rootOfRow, int(size)),
    ]),
  ];
  const other = add(get(shares), times(get(j), int(size)));
  return [
    overRows(
      [set(own, vectorOf(0))],
      [
        set(entry, negative(product(product(load(get(rootOfRow)), load(get(root))), load(get(at))))),
        store(get(at), get(entry)),
        // Entries off the diagonal are in two rows.
        set(own, plus(get(own), get(entry))),
        when(atMost(add(get(j), int(1)), get(i)), store(other, plus(load(other), get(entry)))),
      ],
      store(get(share), get(own)),
    ),
    set(sum, vectorOf(0)),
    count(i, [int(0), get(n)], 1, set(sum, plus(get(sum), load(add(get(shares), times(get(i), int(size))))))),
    set(scale, quotient(vectorOf(1), get(sum))),
    count(i, [int(0), get(n)], 1, [
      set(share, add(get(shares), times(get(i), int(size)))),
      store(get(share), product(load(get(share)), get(scale))),
    ]),
    overRows(
      [set(own, product(load(get(share)), get(sum)))],
      [
        set(entry, minus(load(get(at)), product(get(own), load(other)))),
        store(get(at), get(entry)),
        store(get(mirrored), get(entry)),
        store(get(sumAt), plus(load(get(sumAt)), get(entry))),
        advance(mirrored, rowBytes),
        advance(sumAt, int(size)),
      ],
      [],
    ),
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
