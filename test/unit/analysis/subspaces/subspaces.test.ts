import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { relationalMapFitter } from "../../../../src/engine/analysis/linearity/relationalMap";
import {
  alignSubspaces,
  relationalSubspace,
  subspaceAngles,
} from "../../../../src/engine/analysis/subspaces/subspaces";
import { twinOf, type TwinFamily } from "../../../../src/engine/analysis/twins/twin";
import { choleskySolve, svd, symmetricEigen } from "../../../../src/engine/linalg/decompositions";
import { columnMeans, fromRows, identity, multiply, multiplyTransposed, selectRows, subtractFromRows, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, geometryOf, largestDifference, mean, unevenRows } from "../toyModel";

const orthonormal = (rows: number, cols: number, seed: number) => svd(gaussian(rows, cols, seed)).u;
const projector = (u: Matrix) => multiplyTransposed(u, u);

describe("subspaceAngles", () => {
  const shapes = fc
    .record({ r: fc.integer({ min: 2, max: 14 }), k1: fc.nat(), k2: fc.nat(), seed: fc.nat() })
    .map(({ r, k1, k2, seed }) => ({ r, k1: 1 + (k1 % r), k2: 1 + (k2 % r), seed }));

  it("agrees with traces and eigenvalues of projectors", () => {
    fc.assert(
      fc.property(shapes, ({ r, k1, k2, seed }) => {
        const [u1, u2] = [orthonormal(r, k1, seed), orthonormal(r, k2, seed + 1)];
        const { cosines, overlap, ranks } = subspaceAngles(u1, u2);
        const product = multiply(multiply(projector(u1), projector(u2)), projector(u1));
        let trace = 0;
        for (let i = 0; i < r; i++) trace += product.data[i * r + i]!;
        const fewer = Math.min(k1, k2);
        expect(ranks).toEqual([k1, k2]);
        expect(overlap).toBeCloseTo(trace / fewer, 10);
        const eigenvalues = symmetricEigen(product).values.subarray(0, fewer);
        expect(largestDifference(cosines.map((x) => x * x), eigenvalues)).toBeLessThan(1e-10); // prettier-ignore
      }),
    );
  });

  it("does not depend on the bases, nor on the order of the two", () => {
    fc.assert(
      fc.property(shapes, ({ r, k1, k2, seed }) => {
        const [u1, u2] = [orthonormal(r, k1, seed), orthonormal(r, k2, seed + 1)];
        const angles = subspaceAngles(u1, u2);
        const turned = subspaceAngles(
          multiply(u2, orthonormal(k2, k2, seed + 2)),
          multiply(u1, orthonormal(k1, k1, 4)),
        );
        expect(largestDifference(turned.cosines, angles.cosines)).toBeLessThan(1e-12);
        expect(turned.grassmann).toBeCloseTo(angles.grassmann, 7);
      }),
    );
  });

  it("reads off known angles, down to the smallest", () => {
    const turned = (angles: number[]) => ({
      rows: 6,
      cols: angles.length,
      data: angles.reduce(
        (data, angle, i) => {
          data[i * angles.length + i] = Math.cos(angle);
          data[(i + 3) * angles.length + i] = Math.sin(angle);
          return data;
        },
        new Float64Array(6 * angles.length),
      ),
    });
    const base = turned([0, 0, 0]);
    const { cosines, grassmann } = subspaceAngles(base, turned([1.2, 0.3, 0.7]));
    [0.3, 0.7, 1.2].forEach((angle, i) => expect(cosines[i]).toBeCloseTo(Math.cos(angle), 14));
    expect(grassmann).toBeCloseTo(Math.hypot(0.3, 0.7, 1.2), 14);
    // 1 − cos 1e-9 is below the last digit of 1: an arc cosine would say 0.
    expect(subspaceAngles(base, turned([1e-9, 0, 0])).grassmann / 1e-9).toBeCloseTo(1, 6);
  });

  it("is 1 for the same and for a contained subspace, 0 for orthogonal ones", () => {
    const u = orthonormal(9, 9, 3);
    const columns = (...chosen: number[]) => transpose(selectRows(transpose(u), chosen));
    expect(subspaceAngles(columns(0, 1, 2), columns(2, 0, 1)).overlap).toBeCloseTo(1, 12);
    expect(subspaceAngles(columns(0, 1, 2), columns(2, 0, 1)).grassmann).toBeLessThan(1e-7);
    expect(subspaceAngles(columns(0, 1, 2, 5), columns(1)).overlap).toBeCloseTo(1, 12);
    const apart = subspaceAngles(columns(0, 1), columns(4, 5, 6));
    expect(apart.overlap).toBeLessThan(1e-24);
    expect(apart.grassmann).toBeCloseTo(Math.hypot(Math.PI / 2, Math.PI / 2), 12);
  });

  it("refuses spaces that do not match and empty subspaces", () => {
    expect(() => subspaceAngles(identity(3), identity(4))).toThrow(RangeError);
    expect(() => subspaceAngles(identity(3), { rows: 3, cols: 0, data: new Float64Array(0) })).toThrow(RangeError);
  });
});

describe("relationalSubspace", () => {
  it("finds a planted subspace in noise", () => {
    const planted = orthonormal(40, 3, 1);
    const signal = multiplyTransposed(gaussian(25, 3, 2), planted);
    const noise = gaussian(25, 40, 3);
    const answerMap = { ...signal, data: signal.data.map((x, k) => x + 2e-3 * noise.data[k]!) };
    const found = relationalSubspace(answerMap, 3);
    subspaceAngles(found, planted).cosines.forEach((cosine) => expect(cosine).toBeGreaterThan(0.999));
    expect(largestDifference(multiply(transpose(found), found).data, identity(3).data)).toBeLessThan(1e-12);
  });

  it("takes the leading directions first", () => {
    const u = orthonormal(10, 4, 5);
    const left = svd(subtractFromRows(gaussian(8, 4, 6), columnMeans(gaussian(8, 4, 6)))).u;
    const scaled = { ...u, data: u.data.map((x, k) => x * [1, 9, 3, 5][k % 4]!) };
    const answerMap = multiplyTransposed(left, scaled);
    const column = (j: number) => transpose(selectRows(transpose(u), [j]));
    expect(subspaceAngles(relationalSubspace(answerMap, 1), column(1)).overlap).toBeCloseTo(1, 10);
    expect(subspaceAngles(relationalSubspace(answerMap, 2), transpose(selectRows(transpose(u), [1, 3]))).overlap).toBeCloseTo(1, 10); // prettier-ignore
  });

  it("does not see what all answers share", () => {
    const answerMap = gaussian(6, 12, 7);
    const shared = gaussian(1, 12, 8).data;
    const shifted = { ...answerMap, data: answerMap.data.map((x, k) => x + 50 * shared[k % 12]!) };
    expect(subspaceAngles(relationalSubspace(answerMap, 2), relationalSubspace(shifted, 2)).overlap).toBeCloseTo(1, 10);
  });

  it("is no larger than the map's rank", () => {
    expect(relationalSubspace(gaussian(3, 12, 9), 5).cols).toBe(2);
    expect(relationalSubspace(multiply(gaussian(9, 1, 1), gaussian(1, 12, 2)), 5).cols).toBe(1);
    expect(relationalSubspace(fromRows([[0.1, 0.7], [0.1, 0.7], [0.1, 0.7]]), 2).cols).toBe(0); // prettier-ignore
    expect(relationalSubspace(fromRows([[1, 2]]), 2).cols).toBe(0);
    expect(() => relationalSubspace(identity(3), 0)).toThrow(RangeError);
    expect(() => relationalSubspace(identity(3), 1.5)).toThrow(RangeError);
  });
});

describe("alignSubspaces", () => {
  const pairs = (draws: number) =>
    Array.from({ length: draws }, (_, i) => [orthonormal(30, 3, 100 + i), orthonormal(30, 2, 900 + i)] as const);

  it("expects k / r of unrelated subspaces, and finds them unrelated", () => {
    const permuted = pairs(200);
    const aligned = alignSubspaces(orthonormal(30, 3, 1), orthonormal(30, 2, 2), permuted);
    // E‖U1ᵀU2‖² = k1 k2 / r.
    expect(Math.abs(aligned.overlapExpected - 3 / 30)).toBeLessThan(0.015);
    const sorted = permuted.map(([a, b]) => subspaceAngles(a, b).overlap).sort((x, y) => x - y);
    expect(aligned.overlapExpected).toBeCloseTo(mean(sorted), 12);
    expect(aligned.overlapUpper).toBeGreaterThan(sorted[188]!);
    expect(aligned.overlapUpper).toBeLessThan(sorted[190]!);
    expect(aligned.p).toBeCloseTo((1 + sorted.filter((x) => x >= aligned.overlap).length) / 201, 12);
    expect(aligned.draws).toBe(200);
  });

  it("tells shared subspaces from them", () => {
    const shared = orthonormal(30, 3, 1);
    const contained = transpose(selectRows(transpose(shared), [0, 2]));
    const aligned = alignSubspaces(shared, contained, pairs(20));
    expect(aligned.overlap).toBeCloseTo(1, 12);
    expect(aligned.overlap).toBeGreaterThan(aligned.overlapUpper);
    expect(aligned.p).toBe(1 / 21);
  });

  it("compares with permuted fits of the same ranks alone, and needs one", () => {
    const [left, right] = [orthonormal(30, 3, 1), orthonormal(30, 2, 2)];
    const permuted = pairs(20);
    const others = [[right, left], [left, left]] as const; // prettier-ignore
    expect(alignSubspaces(left, right, [...others, ...permuted])).toEqual(alignSubspaces(left, right, permuted));
    expect(() => alignSubspaces(left, right, others)).toThrow(RangeError);
    const { overlap, overlapExpected, draws } = alignSubspaces(left, right, []);
    expect([overlap, overlapExpected, draws]).toEqual([subspaceAngles(left, right).overlap, NaN, 0]);
  });

  it("fits with the λ that it is given: G_Y A = Yᵀ (K + λ)⁻¹ X, centred", () => {
    const inputs = gaussian(12, 20, 1);
    const logits = gaussian(12, 4, 2);
    const [x, y] = [inputs, logits].map((a) => subtractFromRows(a, columnMeans(a)));
    const kernel = multiplyTransposed(x!, x!);
    for (let i = 0; i < 12; i++) kernel.data[i * 13]! += 0.7;
    const centred = transpose(subtractFromRows(transpose(y!), columnMeans(transpose(y!))));
    const expected = multiply(transpose(centred), choleskySolve(kernel, x!));
    const { map, lambda } = relationalMapFitter(inputs)(logits, 0.7);
    expect(lambda).toBe(0.7);
    expect(largestDifference(map.data, expected.data)).toBeLessThan(1e-10);
  });

  it.each<TwinFamily>(["changeOfBasis", "changeOfDimension"])("gives every twin the same alignment: %s", (family) => {
    const g = unevenRows(200, 18, 21);
    const inputs = gaussian(30, 18, 22);
    const mixed = (seed: number) => {
      const noise = gaussian(30, 18, seed);
      const mapped = multiply(inputs, gaussian(18, 18, 23));
      return { ...mapped, data: mapped.data.map((x, k) => x + noise.data[k]!) };
    };
    const answers = [3, 17, 40, 77, 90, 150];

    /** Ridge from whitened inputs to the answers' logits, with λ a share of the trace. */
    function fit(x: Matrix, f: Matrix, unembedding: Matrix): Matrix {
      const embedded = geometryOf(unembedding).embed(x);
      const gram = multiply(transpose(embedded), embedded);
      const n = gram.rows;
      let trace = 0;
      for (let i = 0; i < n; i++) trace += gram.data[i * n + i]!;
      for (let i = 0; i < n; i++) gram.data[i * n + i]! += 1e-3 * trace;
      const logits = multiplyTransposed(f, selectRows(unembedding, answers));
      return transpose(choleskySolve(gram, multiply(transpose(embedded), logits)));
    }
    const shuffled = (f: Matrix, seed: number) => selectRows(f, random(seed).permutation(30));
    const align = (x: Matrix, one: Matrix, two: Matrix, unembedding: Matrix) => {
      const subspace = (f: Matrix) => relationalSubspace(fit(x, f, unembedding), 3);
      const permuted = Array.from({ length: 20 }, (_, i) => [subspace(shuffled(one, i)), subspace(shuffled(two, 50 + i))] as const); // prettier-ignore
      return alignSubspaces(subspace(one), subspace(two), permuted);
    };
    const [one, two] = [mixed(31), mixed(32)];
    const original = align(inputs, one, two, g);
    expect(original.overlap).toBeGreaterThan(original.overlapUpper);
    for (let seed = 0; seed < 3; seed++) {
      const twin = twinOf({ f: [inputs, one, two], g }, family, { random: random(seed) });
      const found = align(twin.f[0]!, twin.f[1]!, twin.f[2]!, twin.g);
      expect(largestDifference(found.cosines, original.cosines)).toBeLessThan(1e-8);
      for (const figure of ["overlap", "grassmann", "overlapExpected", "overlapUpper", "p"] as const) {
        expect(Math.abs(found[figure] - original[figure])).toBeLessThan(1e-8);
      }
      const raw = (unembedding: Matrix, f: Matrix) => relationalSubspace(multiply(selectRows(unembedding, answers), multiply(transpose(f), f)), 3); // prettier-ignore
      const euclidean = subspaceAngles(raw(g, one), raw(g, two)).overlap;
      expect(Math.abs(subspaceAngles(raw(twin.g, twin.f[1]!), raw(twin.g, twin.f[2]!)).overlap - euclidean)).toBeGreaterThan(1e-4); // prettier-ignore
    }
  });
});
