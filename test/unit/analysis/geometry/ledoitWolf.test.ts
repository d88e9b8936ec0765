import { describe, expect, it } from "vitest";
import { ledoitWolf, standardisingFactor } from "../../../../src/engine/analysis/geometry/ledoitWolf";
import { rowSpace } from "../../../../src/engine/analysis/geometry/rowSpace";
import { symmetricEigen } from "../../../../src/engine/linalg/decompositions";
import { columnMeans, dot, fromRows, multiply, multiplyTransposed, row, scale, subtractFromRows, transpose, zeros, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { gaussian, unevenRows } from "../toyModel";

/** The published formulas with d×d matrices, entry by entry. */
function naive(x: Matrix): { intensity: number; covariance: Matrix } {
  const [n, d] = [x.rows, x.cols];
  const centred = subtractFromRows(x, columnMeans(x));
  const s = scale(multiply(transpose(centred), centred), 1 / n);
  const mu = Array.from({ length: d }, (_, j) => s.data[j * d + j]!).reduce((a, b) => a + b, 0) / d;
  const target = (i: number, j: number) => (i === j ? mu : 0);
  let delta = 0;
  let beta = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      delta += (s.data[i * d + j]! - target(i, j)) ** 2 / d;
      for (let k = 0; k < n; k++) {
        beta += (centred.data[k * d + i]! * centred.data[k * d + j]! - s.data[i * d + j]!) ** 2 / d / n ** 2;
      }
    }
  }
  const intensity = Math.min(beta, delta) / delta;
  const covariance = zeros(d, d);
  covariance.data.forEach((_, k) => {
    covariance.data[k] = (1 - intensity) * s.data[k]! + intensity * target(Math.floor(k / d), k % d);
  });
  return { intensity, covariance };
}

function shrunk(x: Matrix) {
  const centred = subtractFromRows(x, columnMeans(x));
  const norms = Float64Array.from({ length: x.rows }, (_, i) => dot(row(centred, i), row(centred, i)));
  return ledoitWolf(symmetricEigen(multiply(transpose(centred), centred)).values, norms, x.cols);
}

describe("ledoitWolf", () => {
  it("gives the intensity computed by hand", () => {
    // Rows (±2, 0), (0, ±1): S = diag(2, 1/2), scale 5/4, ‖S − 5/4 I‖² = 9/8, Σ‖x‖⁴ = 34, ‖S‖² = 17/4,
    // error = (34 − 4 · 17/4) / 16 = 17/16, intensity = (17/16) / (9/8) = 17/18.
    const { intensity, scale: mu } = shrunk(fromRows([[2, 0], [-2, 0], [0, 1], [0, -1]])); // prettier-ignore
    expect(intensity).toBeCloseTo(17 / 18, 12);
    expect(mu).toBeCloseTo(5 / 4, 12);
  });

  it.each([
    [12, 40],
    [40, 12],
    [3, 2],
  ])("equals the definition with d×d matrices for %i rows of %i", (n, d) => {
    const x = unevenRows(n, d, n);
    expect(shrunk(x).intensity).toBeCloseTo(naive(x).intensity, 10);
  });

  it("shrinks less with more rows, and not at all in one dimension", () => {
    const few = shrunk(unevenRows(10, 8, 1)).intensity;
    const many = shrunk(unevenRows(2000, 8, 1)).intensity;
    expect(many).toBeLessThan(few / 5);
    const line = shrunk(fromRows([[1], [2], [4]]));
    expect(standardisingFactor(line, 14 / 3, 3)).toBeCloseTo(1 / Math.sqrt(14 / 9), 12);
  });
});

describe("rowSpace", () => {
  it.each([
    [9, 30, false],
    [9, 30, true],
    [30, 9, true],
  ])("%i rows of %i, standardise %s: coordinates keep all inner products", (n, d, standardise) => {
    const x = unevenRows(n, d, 3);
    const other = gaussian(4, d, 4);
    const mean = columnMeans(x);
    const space = rowSpace(x, { standardise });
    const covariance = standardise ? naive(x).covariance : null;
    // xᵀ Σ⁻¹ y by a d×d eigendecomposition.
    const whiten = (rows: Matrix) => {
      if (covariance === null) return rows;
      const { values, vectors } = symmetricEigen(covariance);
      const projected = multiply(rows, vectors);
      projected.data.forEach((value, k) => (projected.data[k] = value / Math.sqrt(values[k % d]!)));
      return projected;
    };
    const train = whiten(subtractFromRows(x, mean));
    const test = whiten(subtractFromRows(other, mean));
    const close = (a: Matrix, b: Matrix) => {
      a.data.forEach((value, k) => {
        expect(value).toBeCloseTo(b.data[k]!, 8);
      });
    };
    close(multiplyTransposed(space.coordinates, space.coordinates), multiplyTransposed(train, train));
    close(multiplyTransposed(space.project(other), space.coordinates), multiplyTransposed(test, train));
    expect(space.coordinates.cols).toBe(Math.min(n - 1, d));
  });

  it("centres each stratum by its own mean", () => {
    const x = unevenRows(10, 20, 5);
    const strata = Int32Array.from([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    const space = rowSpace(x, { standardise: false, strata });
    for (const stratum of [0, 1]) {
      for (let a = 0; a < space.left.cols; a++) {
        let sum = 0;
        for (let i = 0; i < 10; i++) if (strata[i] === stratum) sum += space.left.data[i * space.left.cols + a]!;
        expect(sum).toBeCloseTo(0, 10);
      }
    }
    expect(space.left.cols).toBe(8);
  });

  it("finds no direction in rows that are all the same", () => {
    const x = fromRows([[0.1, 0.7], [0.1, 0.7], [0.1, 0.7]]); // prettier-ignore
    expect(rowSpace(x, { standardise: true }).coordinates.cols).toBe(0);
  });
});
