import { describe, expect, it } from "vitest";
import { random } from "../../../../src/engine/linalg/random";
import { rowExponentials } from "../../../../src/engine/linalg/simd/rowExponentials";

function exponentialsOf(values: Float64Array, rows: number, known?: Float64Array) {
  const largest = known ?? new Float64Array(rows).fill(-Infinity);
  const [sums, out] = [new Float64Array(rows), new Float64Array(values.length)];
  rowExponentials(values, [rows, values.length / rows], largest, sums, out);
  return { largest, sums, out };
}

describe("exponentials by the vector kernels", () => {
  it("are those of Math.exp to 1e-15, from 0 down to −700", () => {
    const values = Float64Array.from({ length: 70_001 }, (_, k) => 0 - k / 100);
    const { largest, out } = exponentialsOf(values, 1);
    expect(largest[0]).toBe(0);
    expect(out[0]).toBe(1);
    out.forEach((y, k) => {
      const expected = Math.exp(values[k]!);
      if (!(Math.abs(y - expected) <= 1e-15 * expected)) throw new Error(`exp(${values[k]}) is ${y}, not ${expected}`);
    });
  });

  it.each([
    [1, 1],
    [3, 7],
    [5, 256],
    [2, 600_001],
  ])("are taken of every row less its largest, [%i, %i]", (rows, width) => {
    const draws = random(rows);
    const values = Float64Array.from({ length: rows * width }, () => 20 * draws.normal());
    const { largest, sums, out } = exponentialsOf(values, rows);
    for (let i = 0; i < rows; i++) {
      const own = values.subarray(i * width, (i + 1) * width);
      const most = own.reduce((a, b) => Math.max(a, b), -Infinity);
      const expected = own.map((x) => Math.exp(x - most));
      expect(largest[i]).toBe(most);
      const total = expected.reduce((a, b) => a + b, 0);
      expect(Math.abs(sums[i]! - total)).toBeLessThan(1e-13 * total);
      const found = out.subarray(i * width, (i + 1) * width);
      expect(found.every((y, k) => Math.abs(y - expected[k]!) <= 1e-15 * expected[k]! + 1e-300)).toBe(true);
    }
  });

  it("are taken less a larger number that was known before, which stays", () => {
    const { largest, sums, out } = exponentialsOf(Float64Array.of(1, 2, 3, 4), 2, Float64Array.of(5, 0));
    expect(Array.from(largest)).toEqual([5, 4]);
    expect(out[1]).toBeCloseTo(Math.exp(-3), 15);
    expect(out[3]).toBe(1);
    expect(sums[0]).toBeCloseTo(Math.exp(-4) + Math.exp(-3), 15);
  });

  it("vanish where they are too small for a float64, or of −∞", () => {
    const { out } = exponentialsOf(Float64Array.of(0, -1e5, -Infinity), 1);
    expect(out[1]).toBeLessThan(1e-300);
    expect(out[2]).toBeLessThan(1e-300);
  });

  it("say that they are missing where a value is", () => {
    const { sums } = exponentialsOf(Float64Array.of(0, NaN, 1), 1);
    expect(sums[0]).toBeNaN();
  });
});
