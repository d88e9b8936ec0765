import { describe, expect, it } from "vitest";
import { contextCoordinates } from "../../../../src/engine/analysis/comparison/contextCoordinates";
import { heldOutMap } from "../../../../src/engine/analysis/comparison/heldOutMap";
import { choosePenalty, lambdaGrid } from "../../../../src/engine/analysis/comparison/mapPenalty";
import { groupByPassage, passageFolds } from "../../../../src/engine/analysis/comparison/passages";
import { splitByFold } from "../../../../src/engine/analysis/statistics/folds";
import { choleskySolve } from "../../../../src/engine/linalg/decompositions";
import { columnMeans, dot, multiply, multiplyTransposed, row, selectRows, subtract, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { gaussian, largestDifference } from "../toyModel";
import { mapped, passagesOf } from "./modelPair";

/** (XᵀX + λ)⁻¹ XᵀY. */
function ridge(x: Matrix, y: Matrix, lambda: number): Matrix {
  const columns = transpose(x);
  const gram = multiplyTransposed(columns, columns);
  for (let j = 0; j < gram.rows; j++) gram.data[j * gram.cols + j]! += lambda;
  return choleskySolve(gram, multiply(columns, y));
}

const squares = (a: Matrix) => dot(a.data, a.data);

function problem(n: number, d: number, noise: number) {
  const x = gaussian(n, d, 1);
  for (let i = 0; i < n; i++) x.data[i * d]! += 2;
  const y = mapped(x, 5, 2);
  const e = gaussian(n, 5, 3);
  return { x, y: { ...y, data: y.data.map((value, k) => value + noise * e.data[k]!) } };
}

describe("held-out linear map", () => {
  it.each([
    [60, 8],
    [30, 40],
  ])("is the ridge fit of every fold: %i contexts, %i dimensions", (n, d) => {
    const { x, y } = problem(n, d, 2);
    const passages = groupByPassage(passagesOf(n, 3));
    const folds = passageFolds(passages, 4);
    const { figure, lambdas } = heldOutMap(x, y, passages, folds, { seed: 4, identifiable: "always" });
    let [errors, deviations] = [0, 0];
    for (let fold = 0; fold < folds.count; fold++) {
      const { train, test } = splitByFold(passages.of, folds, fold);
      const targets = selectRows(y, train);
      const map = ridge(selectRows(x, train), targets, lambdas[fold]!);
      errors += squares(subtract(multiply(selectRows(x, test), map), selectRows(y, test)));
      const centre = columnMeans(targets);
      for (const i of test) for (let j = 0; j < 5; j++) deviations += (y.data[i * 5 + j]! - centre[j]!) ** 2;
    }
    expect(figure.value).toBeCloseTo(1 - errors / deviations, 9);
    expect(figure.interval![0]).toBeLessThan(figure.value);
    expect(figure.interval![1]).toBeGreaterThan(figure.value);
    expect(figure.nullUpper!).toBeLessThan(figure.value);
    expect(figure.nullMean!).toBeLessThan(0.05);
  });

  it("chooses the λ that predicts left-out passages best", () => {
    const { x, y } = problem(36, 10, 6);
    const passageOf = passagesOf(36, 4);
    const lambdas = lambdaGrid(x);
    const errors = Array.from(lambdas, (lambda) => {
      let sum = 0;
      for (let passage = 0; passage < 9; passage++) {
        const rows = Array.from({ length: 36 }, (_, i) => i);
        const [train, test] = [
          rows.filter((i) => passageOf[i] !== passage),
          rows.filter((i) => passageOf[i] === passage),
        ];
        const map = ridge(selectRows(x, train), selectRows(y, train), lambda);
        sum += squares(subtract(multiply(selectRows(x, test), map), selectRows(y, test)));
      }
      return sum;
    });
    const best = errors.indexOf(Math.min(...errors));
    expect(best).toBeGreaterThan(0);
    expect(best).toBeLessThan(lambdas.length - 1);
    // U and e of the training rows.
    const coordinates = contextCoordinates(x);
    const columns = transpose(coordinates);
    const eigenvalues = Float64Array.from({ length: columns.rows }, (_, j) => dot(row(columns, j), row(columns, j)));
    const left = transpose({
      ...columns,
      data: columns.data.map((value, k) => value / Math.sqrt(eigenvalues[Math.floor(k / 36)]!)),
    });
    expect(choosePenalty({ left, eigenvalues, lambdas }, y, passageOf)).toBe(lambdas[best]);
  });

  it("keeps inner products in its coordinates", () => {
    for (const x of [gaussian(20, 6, 1), gaussian(6, 20, 2), mapped(gaussian(20, 3, 3), 9, 4)]) {
      const coordinates = contextCoordinates(x);
      const [own, expected] = [multiplyTransposed(coordinates, coordinates), multiplyTransposed(x, x)];
      expect(largestDifference(own.data, expected.data)).toBeLessThan(1e-10);
      expect(coordinates.cols).toBe(Math.min(x.rows, x.cols, x.rows === 20 && x.cols === 9 ? 3 : 20));
    }
  });
});
