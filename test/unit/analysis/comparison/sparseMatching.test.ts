import { expect, it } from "vitest";
import { LassoPath } from "../../../../src/engine/analysis/comparison/lasso";
import { groupByPassage, passageFolds } from "../../../../src/engine/analysis/comparison/passages";
import { sparseMatching } from "../../../../src/engine/analysis/comparison/sparseMatching";
import { columnMeans, multiply, multiplyTransposed, row, scale, selectRows, subtractFromRows, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { gaussian, mean } from "../toyModel";
import { passagesOf } from "./modelPair";

const shares = Array.from({ length: 9 }, (_, step) => 10 ** (-step / 4));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Units of variance 1. */
function standardised(rows: Matrix): Matrix {
  const columns = transpose(subtractFromRows(rows, columnMeans(rows)));
  for (let j = 0; j < columns.rows; j++) {
    const own = row(columns, j);
    const deviation = Math.sqrt(mean(own.map((x) => x * x)));
    own.forEach((x, i) => (own[i] = x / deviation));
  }
  return transpose(columns);
}

/** Σ (y − ŷ)² of the test rows at every share, fitted to the training rows, and Σ (y − ȳ)². */
function fitted(x: Matrix, y: Matrix, train: number[], test: number[]): { errors: number[]; deviation: number } {
  const [own, target] = [selectRows(x, train), selectRows(y, train)];
  const centred = transpose(subtractFromRows(own, columnMeans(own)));
  const centre = columnMeans(target)[0]!;
  const gram = scale(multiplyTransposed(centred, centred), 1 / train.length);
  const products = scale(multiply(centred, subtractFromRows(target, columnMeans(target))), 1 / train.length).data;
  const held = subtractFromRows(selectRows(x, test), columnMeans(own));
  return {
    errors: shares.map((share) => {
      const path = new LassoPath({ gram, products });
      const { weights } = path.to(share * path.largest);
      return sum(
        test.map((i, at) => (y.data[i]! - centre - sum(Array.from(row(held, at), (v, j) => v * weights[j]!))) ** 2),
      );
    }),
    deviation: sum(test.map((i) => (y.data[i]! - centre) ** 2)),
  };
}

it("chooses λ for a fold of passages from the others alone", () => {
  const [n, k] = [60, 12];
  const inputs = gaussian(n, k, 1);
  const noise = gaussian(n, 1, 2);
  const target = { rows: n, cols: 1, data: noise.data.map((e, i) => inputs.data[i * k]! + inputs.data[i * k + 4]! + 2 * e) }; // prettier-ignore
  const passages = groupByPassage(passagesOf(n, 3));
  const folds = passageFolds(passages, 0);
  const [x, y] = [standardised(inputs), standardised(target)];
  const rows = (keep: (fold: number) => boolean) =>
    Array.from({ length: n }, (_, i) => i).filter((i) => keep(folds.foldOf[passages.of[i]!]!));
  const all = Array.from({ length: folds.count }, (_, fold) => fold);
  const chosenBy = (scores: readonly ReturnType<typeof fitted>[]) => {
    const totals = shares.map((_, step) => sum(scores.map(({ errors }) => errors[step]!)));
    const worthwhile = 1e-3 * sum(scores.map(({ deviation }) => deviation));
    return totals.findIndex((total) => total <= Math.min(...totals) + worthwhile);
  };
  const outer = all.map((held) => fitted(x, y, rows((fold) => fold !== held), rows((fold) => fold === held))); // prettier-ignore
  const inside = all.map((held) =>
    chosenBy(
      all
        .filter((other) => other !== held)
        .map((other) =>
          fitted(
            x,
            y,
            rows((fold) => fold !== held && fold !== other),
            rows((fold) => fold === other),
          ),
        ),
    ),
  );
  // The others' errors from fits that knew the held-out fold would choose otherwise here.
  const outside = all.map((held) => chosenBy(outer.filter((_, other) => other !== held)));
  expect(inside).not.toEqual(outside);
  const expected = 1 - sum(outer.map(({ errors }, fold) => errors[inside[fold]!]!)) / sum(outer.map(({ deviation }) => deviation)); // prettier-ignore
  expect(sparseMatching(inputs, target, passages, folds).r2[0]).toBeCloseTo(expected, 9);
});
