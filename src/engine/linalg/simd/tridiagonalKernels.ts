import {
  above,
  add,
  advance,
  any,
  choose,
  count,
  get,
  int,
  load,
  loadTwice,
  Locals,
  minus,
  negative,
  plus,
  product,
  quotient,
  set,
  squareRoot,
  store,
  storeFirst,
  times,
  vectorOf,
  when,
  type Code,
  type Kernel,
  type Local,
} from "./assembler";
import { combinedRows, entryAt, subtractProducts } from "./eigenKernels";

/** Bytes of a float64. */
const size = 8;
const both = 2 * size;

/**
 * Brings a symmetric a [n, n] to tridiagonal form by reflections I − f v vᵀ, one for each row k but the last: v is left
 * in row k beyond the diagonal, f in `factors` [n], what is beside the diagonal in `beside` [n]; where nothing is to be
 * reflected, f is left as it was. `p` is room for a vector. Rows lie apart and end as `eigenKernels` say.
 */
export const tridiagonaliseKernel: Kernel = Locals.kernel("tridiagonalise", 6, (locals, given) => {
  const [a, n, stride, p, beside, factors] = given as unknown as readonly [Local, Local, Local, Local, Local, Local];
  const [k, from, v, j, at, pAt] = Array.from({ length: 6 }, () => locals.int()) as [Local, Local, Local, Local, Local, Local]; // prettier-ignore
  const [squares, first, signed, head, factor, half] = Array.from({ length: 6 }, () => locals.vector()) as [Local, Local, Local, Local, Local, Local]; // prettier-ignore
  const corner = { a, n, stride, from };
  const ofK = (vector: Local): Code => add(get(vector), times(get(k), int(size)));
  /** Over the entries of v, and of p, from a place on, by one or by two. */
  const overVector = (start: Code, end: Code, step: 1 | 2, body: Code): Code => [
    set(at, add(get(v), times(start, int(size)))),
    set(pAt, add(get(p), times(start, int(size)))),
    count(j, [start, end], step, [body, advance(at, int(step * size)), advance(pAt, int(step * size))]),
  ];
  // One after the other: which sign a vector takes may hang on the last digit.
  const addTo = (sum: Local, start: Code, term: Code): Code => [
    set(sum, vectorOf(0)),
    overVector(start, get(n), 1, set(sum, plus(get(sum), term))),
  ];
  return count(from, [int(1), get(n)], 1, [
    set(k, add(get(from), int(-1))),
    set(v, entryAt(a, get(k), stride, int(0))),
    addTo(squares, add(get(from), int(1)), product(loadTwice(get(at)), loadTwice(get(at)))),
    set(first, loadTwice(add(get(v), times(get(from), int(size))))),
    storeFirst(ofK(beside), get(first)),
    when(any(above(get(squares), vectorOf(0))), [
      set(signed, squareRoot(plus(product(get(first), get(first)), get(squares)))),
      set(signed, choose(above(get(first), vectorOf(0)), negative(get(signed)), get(signed))),
      storeFirst(ofK(beside), get(signed)),
      set(head, minus(get(first), get(signed))),
      storeFirst(add(get(v), times(get(from), int(size))), get(head)),
      set(factor, quotient(vectorOf(2), plus(product(get(head), get(head)), get(squares)))),
      storeFirst(ofK(factors), get(factor)),
      // The matrix is symmetric, so that what its rows combine to is its product with v.
      combinedRows(locals, corner, v, p),
      addTo(half, get(from), product(loadTwice(get(at)), loadTwice(get(pAt)))),
      set(half, product(product(get(factor), get(factor)), product(get(half), vectorOf(0.5)))),
      overVector(
        get(from),
        add(get(n), int(1)),
        2,
        store(get(pAt), minus(product(get(factor), load(get(pAt))), product(get(half), load(get(at))))),
      ),
      subtractProducts(locals, corner, [
        [v, p],
        [p, v],
      ]),
    ]),
  ]);
});

/**
 * Q [n, n] of the reflections that `tridiagonalise` left in a, into `q`, which holds the identity. `factors` [n] are 0
 * where nothing was reflected; `p` is room for a vector.
 */
export const accumulateKernel: Kernel = Locals.kernel("accumulate", 6, (locals, given) => {
  const [a, n, stride, p, q, factors] = given as unknown as readonly [Local, Local, Local, Local, Local, Local];
  const [step, k, from, v, j, at] = Array.from({ length: 6 }, () => locals.int()) as [Local, Local, Local, Local, Local, Local]; // prettier-ignore
  const factor = locals.vector();
  const corner = { a: q, n, stride, from };
  return count(step, [int(1), get(n)], 1, [
    // From the last reflection to the first.
    set(from, add(get(n), times(get(step), int(-1)))),
    set(k, add(get(from), int(-1))),
    set(v, entryAt(a, get(k), stride, int(0))),
    set(factor, loadTwice(add(get(factors), times(get(k), int(size))))),
    combinedRows(locals, corner, v, p),
    set(at, add(get(p), times(get(from), int(size)))),
    count(j, [get(from), add(get(n), int(1))], 2, [
      store(get(at), product(get(factor), load(get(at)))),
      advance(at, int(both)),
    ]),
    subtractProducts(locals, corner, [[v, p]]),
  ]);
});
