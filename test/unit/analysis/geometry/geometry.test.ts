import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vocabularyGeometry, withOnes } from "../../../../src/engine/analysis/geometry/geometry";
import { twinOf } from "../../../../src/engine/analysis/twins/twin";
import { svd } from "../../../../src/engine/linalg/decompositions";
import { multiplyTransposed, selectRows, subtract, subtractFromRows, columnMeans, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, geometryOf, relativeDifference, unevenRows } from "../toyModel";

const gram = (a: Matrix) => multiplyTransposed(a, a);

/** Covariances over the tokens of logit vectors, one row of logits [contexts, tokens] per context. */
function covarianceOfLogits(logits: Matrix, excluded: readonly number[]): Float64Array {
  const kept = Array.from({ length: logits.cols }, (_, i) => i).filter((i) => !excluded.includes(i));
  const out = new Float64Array(logits.rows ** 2);
  const centred = Array.from({ length: logits.rows }, (_, i) => {
    const values = kept.map((t) => logits.data[i * logits.cols + t]!);
    const centre = values.reduce((a, b) => a + b, 0) / values.length;
    return values.map((x) => x - centre);
  });
  centred.forEach((x, i) =>
    centred.forEach((y, j) => {
      out[i * logits.rows + j] = x.reduce((sum, value, t) => sum + value * y[t]!, 0) / kept.length;
    }),
  );
  return out;
}

describe("vocabularyGeometry", () => {
  it("makes inner products of embeddings the covariance of their logits over the vocabulary", () => {
    const shapes = fc.record({
      tokens: fc.integer({ min: 8, max: 150 }),
      d: fc.integer({ min: 1, max: 20 }),
      excluded: fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 6 }),
      bias: fc.boolean(),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, ({ tokens, d, excluded, bias, seed }) => {
        const weight = Float32Array.from(unevenRows(tokens, d, seed).data);
        const b = bias ? Float32Array.from(gaussian(tokens, 1, seed + 1).data, (x) => 3 * x - 20) : null;
        const f = gaussian(5, d, seed + 2);
        const geometry = vocabularyGeometry({ weight, bias: b, vocabularySize: tokens, hiddenSize: d, excluded });
        const logits = multiplyTransposed(f, { rows: tokens, cols: d, data: Float64Array.from(weight) });
        if (b !== null) logits.data.forEach((_, k) => (logits.data[k]! += b[k % tokens]!));
        const embedded = gram(geometry.embed(f)).data;
        // Variances below the relative tolerance of the rank are left out: 1e-10 and a little for their number.
        expect(relativeDifference(embedded, covarianceOfLogits(logits, excluded))).toBeLessThan(1e-8);
        expect(geometry.embed(f)).toEqual(bias ? geometry.embed(withOnes(f)) : geometry.embed(f));
        expect(geometry.tokens.length).toBe(tokens - excluded.length);
      }),
    );
  });

  it("whitens: centred unembeddings have the identity as covariance", () => {
    const g = unevenRows(300, 16, 1);
    const geometry = geometryOf(g, [0, 299]);
    const kept = selectRows(g, geometry.tokens);
    const whitened = geometry.unembed(subtractFromRows(kept, columnMeans(kept)));
    const covariance = gram(transpose(whitened));
    covariance.data.forEach((x, k) => expect(x / 298).toBeCloseTo(k % 17 === 0 ? 1 : 0, 9));
  });

  it("gives the causal inner product δᵀ Cov(g)⁻¹ δ' of a covariance known in closed form", () => {
    // Tokens ±e_i s_i: mean 0, Cov = diag(s²) / d.
    const s = [1, 2, 5];
    const rows = s.flatMap((x, i) => [1, -1].map((sign) => s.map((_, j) => (i === j ? sign * x : 0))));
    const geometry = geometryOf({ rows: 6, cols: 3, data: Float64Array.from(rows.flat()) });
    const z = geometry.unembed({ rows: 2, cols: 3, data: Float64Array.of(1, 1, 1, 2, 0, -1) });
    const products = gram(z).data;
    const expected = [3 * (1 + 1 / 4 + 1 / 25), 3 * (2 - 1 / 25), 3 * (2 - 1 / 25), 3 * (4 + 1 / 25)];
    expected.forEach((x, k) => expect(products[k]).toBeCloseTo(x, 12));
  });

  it("keeps f·δ: embed and unembed are each other's duals", () => {
    const g = unevenRows(200, 10, 4);
    const geometry = geometryOf(g);
    const f = gaussian(6, 10, 5);
    const delta = subtract(geometry.rows([3, 4, 5]), geometry.rows([10, 11, 12]));
    const dual = multiplyTransposed(geometry.embed(f), geometry.unembed(delta));
    expect(relativeDifference(dual.data, multiplyTransposed(f, delta).data)).toBeLessThan(1e-10);
  });

  it("is the same in every twin: embeddings in both families, unembeddings over changes of basis", () => {
    const g = unevenRows(150, 12, 6);
    const f = gaussian(9, 12, 7);
    const [from, to] = [[1, 2, 3, 4], [50, 60, 70, 80]]; // prettier-ignore
    const products = (vectors: Matrix, unembedding: Matrix) => {
      const geometry = geometryOf(unembedding, [149]);
      const whitened = geometry.unembed(subtract(geometry.rows(to), geometry.rows(from)));
      return { embed: gram(geometry.embed(vectors)).data, unembed: gram(whitened).data };
    };
    const original = products(f, g);
    for (let seed = 0; seed < 10; seed++) {
      const basis = twinOf({ f: [f], g }, "changeOfBasis", { random: random(seed) });
      const dimension = twinOf({ f: [f], g }, "changeOfDimension", { random: random(seed) });
      const same = products(basis.f[0]!, basis.g);
      expect(relativeDifference(same.embed, original.embed)).toBeLessThan(1e-9);
      expect(relativeDifference(same.unembed, original.unembed)).toBeLessThan(1e-9);
      const moved = products(dimension.f[0]!, dimension.g);
      expect(relativeDifference(moved.embed, original.embed)).toBeLessThan(1e-9);
      expect(relativeDifference(moved.unembed, original.unembed)).toBeGreaterThan(1e-3);
    }
  });

  it("folds a bias in exactly, also for twins of the folded model", () => {
    const g = unevenRows(80, 6, 8);
    const bias = gaussian(80, 1, 9).data.map((x) => x - 12);
    const geometry = vocabularyGeometry({ weight: g.data, bias, vocabularySize: 80, hiddenSize: 6, excluded: [] });
    const f = gaussian(4, 6, 10);
    const folded = { f: [withOnes(f)], g: geometry.rows(geometry.tokens) };
    expect(folded.g.data[2 * 7 + 6]).toBe(bias[2]);
    const twin = twinOf(folded, "changeOfBasis", { random: random(1) });
    const embedded = gram(geometryOf(twin.g).embed(twin.f[0]!));
    expect(relativeDifference(embedded.data, gram(geometry.embed(f)).data)).toBeLessThan(1e-9);
  });

  describe("where the covariance is singular", () => {
    it("has rank V − 1 with fewer tokens than dimensions, and stays the same over twins", () => {
      const g = unevenRows(7, 20, 11);
      const f = gaussian(5, 20, 12);
      const geometry = geometryOf(g);
      expect(geometry.rank).toBe(6);
      expect(relativeDifference(gram(geometry.embed(f)).data, covarianceOfLogits(multiplyTransposed(f, g), []))).toBeLessThan(1e-9); // prettier-ignore
      const twin = twinOf({ f: [f], g }, "changeOfBasis", { random: random(2) });
      const other = geometryOf(twin.g);
      expect(other.rank).toBe(6);
      const whitened = (x: typeof geometry) => gram(x.unembed(subtract(x.rows([0, 1]), x.rows([2, 3])))).data;
      expect(relativeDifference(whitened(other), whitened(geometry))).toBeLessThan(1e-9);
    });

    it("has the rank of the distinct rows", () => {
      const g = unevenRows(5, 9, 13);
      expect(geometryOf(selectRows(g, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 4, 4])).rank).toBe(4);
      expect(geometryOf(selectRows(g, [3, 3, 3])).rank).toBe(0);
    });

    it("keeps its rank over twins of condition 100 where a coarser tolerance would not", () => {
      const thin = gaussian(400, 10, 14);
      const g = { ...thin, data: thin.data.map((x, k) => (k % 10 === 0 ? x * 2e-3 : x)) };
      for (let seed = 0; seed < 5; seed++) {
        const twin = twinOf({ f: [], g }, "changeOfBasis", { random: random(seed) });
        expect(geometryOf(twin.g).rank).toBe(10);
        expect(svd(geometryOf(twin.g).factor).s[9]! ** 2 / svd(geometryOf(twin.g).factor).s[0]! ** 2).toBeLessThan(
          1e-5,
        );
      }
    });
  });

  it("leaves excluded tokens out of mean and covariance, and still gives their rows", () => {
    const g = unevenRows(40, 5, 15);
    g.data.fill(1e4, 0, 5);
    const without = geometryOf(g, [0]);
    expect(without.mean.every((x) => x < 1e3)).toBe(true);
    expect(without.embed(gaussian(2, 5, 1))).toEqual(
      geometryOf(selectRows(g, without.tokens)).embed(gaussian(2, 5, 1)),
    );
    expect(Array.from(without.rows([0]).data)).toEqual([1e4, 1e4, 1e4, 1e4, 1e4]);
  });

  it("refuses shapes that do not fit and vocabularies without a covariance", () => {
    const geometry = geometryOf(gaussian(20, 4, 1));
    expect(() => geometry.embed(gaussian(2, 5, 1))).toThrow(RangeError);
    expect(() => geometry.unembed(gaussian(2, 3, 1))).toThrow(RangeError);
    expect(() => geometryOf(gaussian(2, 4, 1), [0])).toThrow(RangeError);
  });
});
