import { describe, expect, it } from "vitest";
import { answerTask } from "../../../../src/engine/analysis/probes/probeTasks";
import { isTransferable, probeTransfer } from "../../../../src/engine/analysis/probes/probeTransfer";
import { twinOf } from "../../../../src/engine/analysis/twins/twin";
import { row, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { answerRows, taskOf } from "./labelledRows";
import { gaussian, geometryOf } from "../toyModel";

const options = { seed: 1, where: "", standardise: false };
const n = 40;

/** Three templates: class c is shifted along ± axis[template] of the rows. */
function templates(axes: readonly number[], sign: readonly number[], d = 12): Matrix {
  const x = gaussian(axes.length * n, d, 1);
  axes.forEach((axis, t) => {
    for (let s = 0; s < n; s++) {
      row(x, t * n + s)[axis]! += 2.5 * sign[t]! * (s % 2 === 0 ? 1 : -1);
      // Templates lie apart; a probe's own intercept cannot know by how much.
      row(x, t * n + s)[d - 1]! += t;
    }
  });
  return x;
}

const task = taskOf(
  answerTask(
    answerRows(n, 3, (s) => s % 2),
    1,
  ),
);

describe("probe transfer", () => {
  it("is as good across templates that share a direction, turned round by one that is reversed, chance for another", () => {
    const reversed = probeTransfer(task, templates([0, 0, 0], [1, 1, -1]), null, options);
    const { accuracy, cosines } = reversed;
    expect(accuracy[0]![0]).toBeGreaterThan(0.9);
    expect(accuracy[0]![1]).toBeGreaterThan(0.9);
    expect(accuracy[1]![0]).toBeGreaterThan(0.9);
    expect(accuracy[0]![2]).toBeLessThan(0.1);
    expect(accuracy[2]![1]).toBeLessThan(0.1);
    expect(cosines.causal).toBeNull();
    for (const { matrix } of [cosines.euclidean!, cosines.mahalanobis!]) {
      for (let i = 0; i < 3; i++) expect(matrix[i]![i]).toBeCloseTo(1, 10);
      expect(matrix[0]![1]).toBeGreaterThan(0.8);
      expect(matrix[0]![2]).toBeLessThan(-0.8);
      expect(matrix[2]![0]).toBeCloseTo(matrix[0]![2]!, 12);
    }
    const other = probeTransfer(task, templates([0, 0, 1], [1, 1, 1]), null, options);
    expect(other.accuracy[2]![2]).toBeGreaterThan(0.9);
    expect(other.accuracy[0]![2]).toBeLessThan(0.7);
    expect(Math.abs(other.cosines.euclidean!.matrix[0]![2]!)).toBeLessThan(0.4);
    expect(other).toMatchObject({ kind: "answer", n, classes: 2, majority: 0.5, heldOut: "5 folds by subject" });
  });

  it("never tests a subject that it was trained on, in whatever template", () => {
    // The same vector in every template and labels at random: a leak would be right every time.
    const vectors = gaussian(n, 60, 2);
    const inputs = gaussian(3 * n, 60, 3);
    for (let i = 0; i < 3 * n; i++) row(inputs, i).set(row(vectors, i % n));
    const draws = random(4);
    const labels = Array.from({ length: n }, () => draws.integer(2));
    const noise = taskOf(
      answerTask(
        answerRows(n, 3, (s) => labels[s]!),
        1,
      ),
    );
    for (const share of probeTransfer(noise, inputs, null, options).accuracy.flat()) expect(share).toBeLessThan(0.75);
  });

  it("of standardised hidden states does not depend on their size", () => {
    const standardised = { ...options, standardise: true };
    const own = templates([0, 0, 1], [1, 1, 1]);
    const expected = probeTransfer(task, own, null, standardised);
    const larger = probeTransfer(task, { ...own, data: own.data.map((x) => 30 * x) }, null, standardised);
    expect(larger.accuracy).toEqual(expected.accuracy);
    for (const name of ["euclidean", "mahalanobis"] as const) {
      expected.cosines[name]!.matrix.flat().forEach((x, k) => {
        expect(larger.cosines[name]!.matrix.flat()[k]).toBeCloseTo(x, 6);
      });
    }
  });

  it("has Mahalanobis cosines that do not depend on how far templates lie apart", () => {
    const near = templates([0, 0, 1], [1, 1, 1]);
    const far = { ...near, data: near.data.slice() };
    for (let i = 0; i < 3 * n; i++) row(far, i)[i < n ? 0 : 5]! += 40;
    const of = (rows: Matrix) => probeTransfer(task, rows, null, options).cosines.mahalanobis!.matrix.flat();
    const expected = of(near);
    of(far).forEach((x, k) => expect(x).toBeCloseTo(expected[k]!, 6));
    expect(Math.abs(expected[2]!)).toBeLessThan(0.5);
  });

  it("needs every class in every template", () => {
    expect(isTransferable(task)).toBe(true);
    const rows = answerRows(n, 3, (s) => s % 2).map((r) => (r.template === 1 ? { ...r, label: 0 } : r));
    expect(isTransferable(taskOf(answerTask(rows, 1)))).toBe(false);
    expect(
      isTransferable(
        taskOf(
          answerTask(
            answerRows(n, 1, (s) => s % 2),
            1,
          ),
        ),
      ),
    ).toBe(false);
  });

  it("is the same for a twin but for the Euclidean cosines; the causal ones are those of Cᵀf", () => {
    const g = gaussian(100, 12, 5);
    const f = templates([0, 1, 2], [1, 1, 1]);
    const of = (model: { g: Matrix; f: readonly Matrix[] }) => {
      const geometry = geometryOf(model.g);
      return probeTransfer(task, geometry.embed(model.f[0]!), geometry.factor, options);
    };
    const own = of({ g, f: [f] });
    const plain = probeTransfer(task, geometryOf(g).embed(f), null, options);
    expect(own.cosines.causal).toEqual(plain.cosines.euclidean);
    for (const family of ["changeOfBasis", "changeOfDimension"] as const) {
      const other = of(twinOf({ f: [f], g }, family, { random: random(3), condition: 100 }));
      expect(other.accuracy).toEqual(own.accuracy);
      for (const name of ["causal", "mahalanobis"] as const) {
        own.cosines[name]!.matrix.flat().forEach((x, k) => {
          expect(Math.abs(other.cosines[name]!.matrix.flat()[k]! - x)).toBeLessThan(1e-6 * Math.max(0.01, Math.abs(x)));
        });
      }
      const moved = own.cosines
        .euclidean!.matrix.flat()
        .map((x, k) => Math.abs(other.cosines.euclidean!.matrix.flat()[k]! - x));
      expect(Math.max(...moved)).toBeGreaterThan(1e-2);
    }
  });
});
