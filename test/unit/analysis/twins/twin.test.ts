import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeOfBasis, twinOf, type TwinFamily } from "../../../../src/engine/analysis/twins/twin";
import { svd } from "../../../../src/engine/linalg/decompositions";
import { identity, multiply, multiplyTransposed, row, selectRows, zeros } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, geometryOf, largestDifference, logProbabilities, relativeDifference } from "../toyModel";

describe("changeOfBasis", () => {
  it("has the condition number that was asked for, with both ends reached", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.double({ min: 1, max: 1e4, noNaN: true }),
        fc.nat(),
        (d, c, seed) => {
          const basis = changeOfBasis(d, c, random(seed));
          const { s } = svd(basis.embed(identity(d)));
          expect(s[0]! / Math.sqrt(c)).toBeCloseTo(1, 10);
          expect(s[d - 1]! * Math.sqrt(c)).toBeCloseTo(1, 10);
          const product = multiplyTransposed(basis.embed(identity(d)), basis.unembed(identity(d)));
          expect(largestDifference(product.data, identity(d).data)).toBeLessThan(1e-10);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("spreads the singular values evenly over the decades", () => {
    const { s } = svd(changeOfBasis(200, 1e4, random(3)).embed(identity(200)));
    const below = s.filter((x) => x < 1).length;
    const belowTenth = s.filter((x) => x < 0.1).length;
    expect(Math.abs(below / 200 - 0.5)).toBeLessThan(0.12);
    expect(belowTenth / 200).toBeGreaterThan(0.15);
    expect(belowTenth / 200).toBeLessThan(0.35);
  });

  it("mixes every coordinate with every other", () => {
    // Without the singular values T is orthogonal: entries are then of the size 1/√d, none of them dominant.
    const t = changeOfBasis(64, 1, random(4)).embed(identity(64));
    const largest = t.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(t.data.filter((x) => Math.abs(x) < 1e-6).length).toBeLessThan(10);
    expect(largest).toBeLessThan(0.75);
    const fourth = t.data.reduce((sum, x) => sum + x ** 4, 0) / 64;
    // 3 / (d + 2) for a matrix uniform among the orthogonal ones.
    expect(fourth / (3 / 66)).toBeGreaterThan(0.9);
    expect(fourth / (3 / 66)).toBeLessThan(1.15);
  });

  it.each([1, 2, 96, 200])("gives a row the same beside others as by itself (d = %i)", (d) => {
    const basis = changeOfBasis(d, 100, random(5));
    const rows = gaussian(d + 3, d, 6);
    const whole = [basis.embed(rows), basis.unembed(rows)] as const;
    for (let i = 0; i < rows.rows; i++) {
      const alone = selectRows(rows, [i]);
      expect(row(basis.embed(alone), 0)).toEqual(row(whole[0], i));
      expect(row(basis.unembed(alone), 0)).toEqual(row(whole[1], i));
    }
  });

  it.each([96, 200])("is linear, and undone by the change of the unembeddings (d = %i)", (d) => {
    const basis = changeOfBasis(d, 100, random(7));
    const [t, inverse] = [basis.embed(identity(d)), basis.unembed(identity(d))];
    expect(largestDifference(multiplyTransposed(t, inverse).data, identity(d).data)).toBeLessThan(1e-12);
    const rows = gaussian(3, d, 8);
    expect(relativeDifference(basis.embed(rows).data, multiply(rows, t).data)).toBeLessThan(1e-13);
    expect(relativeDifference(basis.unembed(rows).data, multiply(rows, inverse).data)).toBeLessThan(1e-13);
  });

  it("refuses a condition number below 1", () => {
    expect(() => changeOfBasis(3, 0.5, random(1))).toThrow(RangeError);
  });
});

describe("twinOf", () => {
  const f = gaussian(20, 12, 1);
  const contexts = gaussian(7, 12, 3);
  const g = gaussian(60, 12, 2);

  it.each<TwinFamily>(["changeOfBasis", "changeOfDimension"])("%s leaves the distribution as it was", (family) => {
    for (let seed = 0; seed < 10; seed++) {
      const twin = twinOf({ f: [f, contexts], g }, family, { random: random(seed) });
      expect(relativeDifference(multiplyTransposed(twin.f[0]!, twin.g).data, multiplyTransposed(f, g).data)).toBeLessThan(1e-10); // prettier-ignore
      expect(relativeDifference(logProbabilities(twin.f[1]!, twin.g).data, logProbabilities(contexts, g).data)).toBeLessThan(1e-10); // prettier-ignore
      expect(relativeDifference(twin.f[0]!.data.subarray(0, 240), f.data)).toBeGreaterThan(0.1);
    }
  });

  it("appends coordinates that only one side uses", () => {
    const twin = twinOf({ f: [f], g }, "changeOfDimension", { random: random(1), extra: 3 });
    expect([twin.f[0]!.cols, twin.g.cols]).toEqual([18, 18]);
    for (const [vectors, empty, filled] of [
      [twin.f[0]!, 12, 15],
      [twin.g, 15, 12],
    ] as const) {
      // prettier-ignore
      for (let i = 0; i < vectors.rows; i++) {
        const at = i * 18;
        expect(Array.from(vectors.data.subarray(at + empty, at + empty + 3))).toEqual([0, 0, 0]);
        expect(vectors.data.subarray(at + filled, at + filled + 3).every((x) => x !== 0)).toBe(true);
      }
    }
  });

  it.each<TwinFamily>(["changeOfBasis", "changeOfDimension"])(
    "%s gives the mean and the covariance of the twin's own unembeddings",
    (family) => {
      // Tokens 0 and 59 are left out of the covariance; the twin knows only some of the others.
      const known = [0, 3, 4, 5, 9, 20, 21, 22, 40, 58, 59];
      const { mean, covariance } = geometryOf(g, [0, 59]);
      const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9];
      const options = { extra: 2, condition: 100 };
      const part = twinOf({ f: [], g: selectRows(g, known), statistics: { mean, covariance, count: 58, rows } }, family, { ...options, random: random(5) }); // prettier-ignore
      // The twin in full: the same T (drawn first), and 0 in the appended coordinates of tokens that are not known.
      const whole = changeOfBasis(12, 100, random(5)).unembed(g);
      const explicit = zeros(60, part.g.cols);
      for (let i = 0; i < 60; i++) {
        explicit.data.set(whole.data.subarray(i * 12, (i + 1) * 12), i * part.g.cols);
        if (known.includes(i)) explicit.data.set(row(part.g, known.indexOf(i)), i * part.g.cols);
      }
      const expected = geometryOf(explicit, [0, 59]);
      expect(relativeDifference(part.statistics!.mean, expected.mean)).toBeLessThan(1e-12);
      expect(relativeDifference(part.statistics!.covariance.data, expected.covariance.data)).toBeLessThan(1e-12);
    },
  );

  it("is the same under the same seed", () => {
    const twin = () => twinOf({ f: [f], g }, "changeOfDimension", { random: random(9) });
    expect(twin()).toEqual(twin());
  });
});
