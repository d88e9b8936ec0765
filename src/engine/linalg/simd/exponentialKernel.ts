import {
  add,
  advance,
  count,
  get,
  int,
  larger,
  load,
  Locals,
  minus,
  plus,
  plusBits,
  product,
  quotient,
  set,
  shiftedBits,
  store,
  storeFirst,
  swapped,
  times,
  vectorOf,
  loadTwice,
  type Code,
  type Kernel,
  type Local,
} from "./assembler";

/** Bytes of a float64. */
const size = 8;

/** Added to a number below 2⁵¹, it leaves the nearest integer in the last bits. */
const rounder = 1.5 * 2 ** 52;

/** ln 2 in two parts, of which the first times any exponent is exact. */
const [ln2High, ln2Low] = [6.93145751953125e-1, 1.4286068203094173e-6];

/** exp r = 1 + 2 r P(r²) / (Q(r²) − r P(r²)) for |r| ≤ ½ ln 2: the rational approximation of Moshier's Cephes (`exp.c`). */
const [p0, p1, p2] = [0.00012617719307481058, 0.030299440770744195, 1.0];
const [q0, q1, q2, q3] = [3.0019850513866446e-6, 0.002524483403496841, 0.22726554820815503, 2.0];

/** Below it, exp is taken for this one's, 1e-304. */
const smallestExponent = -700;

/**
 * A row [rows, stride] of values x becomes exp(x − m), with m = `largest` of the row, which is raised to the largest of
 * the x first; their sum goes to `sums` [rows]. The stride is even, and what lies beyond the values is −∞. Off by less
 * than 1e-15 of each; below exp(−700) they are no smaller.
 */
export const exponentialsKernel: Kernel = Locals.kernel("exponentials", 5, (locals, given) => {
  const [values, rows, stride, largest, sums] = given as readonly [Local, Local, Local, Local, Local];
  const [i, j, at, row] = Array.from({ length: 4 }, () => locals.int()) as [Local, Local, Local, Local];
  const [most, sum, x, r, n, square, odd] = Array.from({ length: 7 }, () => locals.vector()) as Seven;
  const horner = (coefficients: readonly number[]): Code =>
    coefficients
      .slice(1)
      .reduce<Code>(
        (value, coefficient) => plus(product(value, get(square)), vectorOf(coefficient)),
        vectorOf(coefficients[0] ?? 0),
      );
  const exponential: Code = [
    set(x, larger(minus(load(get(at)), get(most)), vectorOf(smallestExponent))),
    set(n, plus(product(get(x), vectorOf(Math.LOG2E)), vectorOf(rounder))),
    set(r, minus(get(n), vectorOf(rounder))),
    set(x, minus(minus(get(x), product(get(r), vectorOf(ln2High))), product(get(r), vectorOf(ln2Low)))),
    set(square, product(get(x), get(x))),
    set(odd, product(get(x), horner([p0, p1, p2]))),
    set(r, quotient(get(odd), minus(horner([q0, q1, q2, q3]), get(odd)))),
    // The exponent's bits are the last ones of n.
    set(r, plusBits(plus(vectorOf(1), plus(get(r), get(r))), shiftedBits(get(n), 52))),
    store(get(at), get(r)),
    set(sum, plus(get(sum), get(r))),
  ];
  const overRow = (body: Code): Code => [
    set(at, get(row)),
    count(j, [int(0), get(stride)], 2, [body, advance(at, int(2 * size))]),
  ];
  const ofRow = (vector: Local): Code => add(get(vector), times(get(i), int(size)));
  return [
    set(row, get(values)),
    count(i, [int(0), get(rows)], 1, [
      set(most, loadTwice(ofRow(largest))),
      overRow(set(most, larger(get(most), load(get(at))))),
      set(most, larger(get(most), swapped(get(most)))),
      storeFirst(ofRow(largest), get(most)),
      set(sum, vectorOf(0)),
      overRow(exponential),
      storeFirst(ofRow(sums), plus(get(sum), swapped(get(sum)))),
      set(row, get(at)),
    ]),
  ];
});

type Seven = [Local, Local, Local, Local, Local, Local, Local];
