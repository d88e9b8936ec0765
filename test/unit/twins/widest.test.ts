import { describe, expect, it } from "vitest";
import { isSame, widest } from "../../../src/engine/twins/widest";

const arrays = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));

describe("widest", () => {
  it("is the range of a number", () => {
    expect(widest(arrays([0.4], [0.1], [0.3]))).toEqual([0.1, 0.4]);
    expect(widest(arrays([2]))).toEqual([2, 2]);
  });

  it("is the range of the entry that moves most, not of all entries", () => {
    expect(widest(arrays([1, 10, -5], [1, 10.5, -5.1]))).toEqual([10, 10.5]);
  });

  it("looks only at entries that every twin has", () => {
    expect(widest(arrays([NaN, 1], [7, 1.5]))).toEqual([1, 1.5]);
    expect(widest(arrays([NaN], [7]))).toBeNull();
  });

  it("has none for arrays of different lengths", () => {
    expect(widest(arrays([1, 2], [1]))).toBeNull();
    expect(widest([])).toBeNull();
  });
});

describe("isSame", () => {
  it("allows rounding relative to the largest entry", () => {
    const [a, b, c] = arrays([100, 1e-6, NaN], [100 + 5e-8, 1e-6 + 5e-8, NaN], [100, 2e-6, NaN]);
    expect(isSame(a!, b!, 1e-9)).toBe(true);
    expect(isSame(a!, c!, 1e-9)).toBe(false);
    expect(isSame(a!, c!.slice(0, 2), 1)).toBe(false);
    expect(isSame(Float64Array.of(1), Float64Array.of(NaN), 1)).toBe(false);
  });
});
