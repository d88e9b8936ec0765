import {
  get,
  larger,
  minus,
  plus,
  plusBits,
  product,
  set,
  shiftedBits,
  type Code,
  type Locals,
} from "../../linalg/simd/assembler";

/** Below, exp(x) is 0 to double precision beside the 1 that a softmax's largest term is. */
const lowest = -700;
/** Its sum with a small number has that number, rounded to a whole one, in its last bits. */
const rounder = 1.5 * 2 ** 52;
/** ln 2 in two parts, of which the first times a whole number up to 2¹¹ is exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const degree = 12;
const exponentBits = 52;

/**
 * Code for exp of two doubles that are at most 0: 2ᵏ times the Taylor polynomial of degree 12 at x − k ln 2, whose
 * absolute value is at most ln 2 / 2, so that the terms left out are below 1.7e-16; with rounding, the relative error
 * stays below 1e-15. Below −700 the value is exp(−700).
 *
 * @param constant code for a number, twice
 */
export function exponential(locals: Locals, constant: (value: number) => Code) {
  const [x, k, r, square] = [locals.vector(), locals.vector(), locals.vector(), locals.vector()];
  // The even and the odd terms apart: two chains of dependent operations, each half as long.
  const everySecond = (first: number) => {
    const powers = Array.from({ length: Math.floor((degree - first) / 2) + 1 }, (_, i) => first + 2 * i);
    const coefficients = powers.map((power) => constant(1 / factorial(power)));
    return coefficients.reduceRight((sum, coefficient) => plus(product(sum, get(square)), coefficient));
  };
  const whole = minus(get(k), constant(rounder));
  const polynomial = plus(everySecond(0), product(everySecond(1), get(r)));
  return (value: Code): Code => [
    set(x, larger(value, constant(lowest))),
    set(k, plus(product(get(x), constant(Math.LOG2E)), constant(rounder))),
    set(r, minus(minus(get(x), product(whole, constant(ln2High))), product(whole, constant(ln2Low)))),
    set(square, product(get(r), get(r))),
    plusBits(polynomial, shiftedBits(get(k), exponentBits)),
  ];
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
