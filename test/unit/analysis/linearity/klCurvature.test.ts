import { describe, expect, it } from "vitest";
import { KlCurvature } from "../../../../src/engine/analysis/linearity/klCurvature";
import { softmaxRows } from "../../../../src/engine/analysis/linearity/klMap";
import { choleskySolve } from "../../../../src/engine/linalg/decompositions";
import { identity, multiply, multiplyTransposed, zeros, type Matrix } from "../../../../src/engine/linalg/matrix";
import { gaussian, relativeDifference } from "../toyModel";

/** (K + diag(1/q))⁻¹ less what an intercept takes up, and that as shares. */
function byDefinition(kernel: Matrix, q: readonly number[]): { matrix: Matrix; shares: number[] } {
  const n = q.length;
  const sum = {
    ...kernel,
    data: kernel.data.map((x, at) => x + (at % (n + 1) === 0 ? 1 / q[Math.floor(at / n)]! : 0)),
  };
  const inverse = choleskySolve(sum, identity(n));
  const rowSums = q.map((_, i) => inverse.data.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0));
  const total = rowSums.reduce((a, b) => a + b, 0);
  const data = inverse.data.map((x, at) => x - (rowSums[Math.floor(at / n)]! * rowSums[at % n]!) / total);
  return { matrix: { ...inverse, data }, shares: rowSums.map((x) => x / total) };
}

describe("the curvature of a KL fit", () => {
  it.each([
    [4, 2],
    [5, 3],
    [7, 4],
    [12, 7],
  ])("is what its definition gives, for %i rows and %i answers", (n, answers) => {
    const inputs = gaussian(n, n + 3, 1);
    const gram = multiplyTransposed(inputs, inputs);
    const lambda = 0.3;
    const kernel = { ...gram, data: gram.data.map((x) => x / lambda) };
    const q = softmaxRows(gaussian(n, answers, 2));
    const known = Array.from({ length: answers }, (_, y) =>
      byDefinition(
        kernel,
        Array.from({ length: n }, (__, i) => q.data[i * answers + y]!),
      ),
    );
    const curvature = new KlCurvature(n, answers);
    curvature.begin(gram.data, lambda);
    const total = new Float64Array(n * n);
    curvature.take(q.data, total);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const expected = known.reduce((sum, { matrix }) => sum + matrix.data[i * n + j]!, 0);
        expect(Math.abs(total[i * n + j]! - expected)).toBeLessThan(1e-12);
      }
    }
    const taken = new Float64Array(answers * n);
    curvature.intercepts(taken);
    expect(
      relativeDifference(
        taken,
        known.flatMap(({ shares }) => shares),
      ),
    ).toBeLessThan(1e-12);

    const vectors = gaussian(answers, n, 3);
    const product = zeros(answers, n);
    const vectorOf = (y: number): Matrix => ({ rows: n, cols: 1, data: vectors.data.slice(y * n, (y + 1) * n) });
    curvature.times(vectors.data, product.data);
    known.forEach(({ matrix }, y) => {
      const own = product.data.subarray(y * n, (y + 1) * n);
      expect(relativeDifference(own, multiply(matrix, vectorOf(y)).data)).toBeLessThan(1e-11);
    });
    curvature.times(vectorOf(0).data, product.data);
    known.forEach(({ matrix }, y) => {
      const own = product.data.subarray(y * n, (y + 1) * n);
      expect(relativeDifference(own, multiply(matrix, vectorOf(0)).data)).toBeLessThan(1e-11);
    });

    const dual = gaussian(n, answers, 4);
    const logits = zeros(n, answers);
    curvature.kernelTimes(dual.data, logits.data);
    expect(relativeDifference(logits.data, multiply(kernel, dual).data)).toBeLessThan(1e-13);
  });

  it("is not mistaken for that of another fit that began since", () => {
    const [one, other] = [new KlCurvature(3, 2), new KlCurvature(3, 2)];
    const q = softmaxRows(gaussian(3, 2, 1));
    one.begin(identity(3).data, 1);
    one.take(q.data, new Float64Array(9));
    other.begin(identity(3).data, 1);
    expect(() => one.intercepts(new Float64Array(6))).toThrow(RangeError);
  });
});
