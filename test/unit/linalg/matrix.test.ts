import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnMeans, fromRows, identity, multiply, multiplyTransposed, scale, selectRows, subtract, subtractFromRows, toRows, transpose, zeros, type Matrix } from "../../../src/engine/linalg/matrix"; // prettier-ignore

const size = fc.integer({ min: 0, max: 11 });
/** Integers, so that every order of summation gives the same. */
const matrix = (rows: number, cols: number) =>
  fc
    .array(fc.integer({ min: -9, max: 9 }), { minLength: rows * cols, maxLength: rows * cols })
    .map((entries): Matrix => ({ rows, cols, data: Float64Array.from(entries) }));

describe("products", () => {
  it("are sums of products of entries, for every shape around the tiles", () => {
    const pair = fc.tuple(size, size, size).chain(([n, m, p]) => fc.tuple(matrix(n, m), matrix(m, p)));
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const product = multiply(a, b);
        expect([product.rows, product.cols]).toEqual([a.rows, b.cols]);
        for (let i = 0; i < a.rows; i++) {
          for (let j = 0; j < b.cols; j++) {
            let sum = 0;
            for (let k = 0; k < a.cols; k++) sum += a.data[i * a.cols + k]! * b.data[k * b.cols + j]!;
            // + 0 makes −0 a 0.
            expect(product.data[i * b.cols + j]! + 0).toBe(sum + 0);
          }
        }
        const same = multiplyTransposed(a, transpose(b)).data.map((x) => x + 0);
        expect(same).toEqual(product.data.map((x) => x + 0));
      }),
    );
  });

  it("of a matrix with itself are symmetric to the last digit", () => {
    fc.assert(
      fc.property(
        fc.tuple(size, size).chain(([n, m]) => matrix(n, m)),
        (a) => {
          const gram = multiplyTransposed(a, a);
          expect(transpose(gram)).toEqual(gram);
          expect(gram.data.map((x) => x + 0)).toEqual(multiply(a, transpose(a)).data.map((x) => x + 0));
        },
      ),
    );
  });

  it("carry what is not a number on", () => {
    expect(multiply(fromRows([[0]]), fromRows([[Infinity]])).data[0]).toBeNaN();
    expect(multiply(fromRows([[0, 0, 0, 0]]), fromRows([[NaN], [1], [1], [1]])).data[0]).toBeNaN();
  });

  it("refuse shapes that do not fit", () => {
    expect(() => multiply(zeros(2, 3), zeros(2, 3))).toThrow(RangeError);
    expect(() => multiplyTransposed(zeros(2, 3), zeros(3, 2))).toThrow(RangeError);
    expect(() => subtract(zeros(2, 3), zeros(3, 2))).toThrow(RangeError);
    expect(() => fromRows([[1], [1, 2]])).toThrow(RangeError);
  });
});

describe("rows", () => {
  it("go in and come out, are transposed, selected and centred", () => {
    const a = fromRows([[1, 2, 3], [4, 5, 9]]); // prettier-ignore
    expect(toRows(a)).toEqual([[1, 2, 3], [4, 5, 9]]); // prettier-ignore
    expect(toRows(transpose(a))).toEqual([[1, 4], [2, 5], [3, 9]]); // prettier-ignore
    expect(toRows(selectRows(a, [1, 0, 1]))).toEqual([[4, 5, 9], [1, 2, 3], [4, 5, 9]]); // prettier-ignore
    expect(Array.from(columnMeans(a))).toEqual([2.5, 3.5, 6]);
    expect(toRows(subtractFromRows(a, columnMeans(a)))).toEqual([[-1.5, -1.5, -3], [1.5, 1.5, 3]]); // prettier-ignore
    expect(toRows(scale(identity(2), 3))).toEqual([[3, 0], [0, 3]]); // prettier-ignore
  });
});
