import { describe, expect, it } from "vitest";
import { effectiveContexts, logitVectors, logRatioSlopes } from "../../../../src/engine/analysis/parallelism/logRatios";
import {
  withOnes,
  vocabularyGeometry,
  type VocabularyGeometry,
} from "../../../../src/engine/analysis/geometry/geometry";
import { parallelismMap, type PairVectors } from "../../../../src/engine/analysis/parallelism/parallelism";
import { randomPairsNull, sampleRandomPairs } from "../../../../src/engine/analysis/parallelism/randomPairs";
import { twinOf, type TwinFamily } from "../../../../src/engine/analysis/twins/twin";
import { selectRows, subtract, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, geometryOf, logProbabilities, relativeDifference, unevenRows } from "../toyModel";

const [tokens, d, prompts, k] = [400, 16, 60, 14];
const fromIds = Array.from({ length: k }, (_, i) => 5 + i);
const toIds = Array.from({ length: k }, (_, i) => 200 + i);

/** Unembeddings in which the pairs have a common direction and noise. */
const g = (() => {
  const rows = unevenRows(tokens, d, 1);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < d; j++) rows.data[(200 + i) * d + j] = rows.data[(5 + i) * d + j]! * 0.9 + (j % 3) + 0.3 * rows.data[(300 + i) * d + j]!; // prettier-ignore
  }
  return rows;
})();
const f = { ...gaussian(prompts, d, 2), data: gaussian(prompts, d, 2).data.map((x, i) => 0.2 * (x + (i % d) / d)) };
const subjects = gaussian(k, d, 3);
const objects = { ...subjects, data: subjects.data.map((x, i) => 0.8 * x + Math.sin(i % d)) };

type Place = (ids: ArrayLike<number>) => Matrix;

/** All figures of one geometry that places words as vectors. */
function figures(place: Place, geometry: VocabularyGeometry): number[] {
  const sample = sampleRandomPairs(geometry.tokens, { pairs: k, seed: 3, draws: 50 });
  const pairs = { from: place(fromIds), to: place(toIds) };
  return mapFigures(pairs, randomPairsNull(sample, place(sample.tokens)));
}

function mapFigures(pairs: PairVectors, randomPairs: ReturnType<typeof randomPairsNull>): number[] {
  const map = parallelismMap(pairs, { seed: 3, randomPairs }).map!;
  const nulls = randomPairs === null ? [] : [map.randomPairsMean!, map.randomPairsUpper!];
  return [map.mean, ...map.interval!, map.shuffledMean, map.p, ...nulls, ...map.matrix.flat()];
}

function allFigures(contexts: Matrix, a: Matrix, b: Matrix, unembedding: Matrix) {
  const geometry = geometryOf(unembedding, [0, 399]);
  const rows = (ids: ArrayLike<number>) => geometry.rows(ids);
  const ratios = subtract(logitVectors(rows(toIds), contexts), logitVectors(rows(fromIds), contexts));
  return {
    distributional: figures((ids) => logitVectors(rows(ids), contexts), geometry),
    causal: figures((ids) => geometry.unembed(rows(ids)), geometry),
    euclidean: figures(rows, geometry),
    causalEmbeddings: mapFigures({ from: geometry.embed(a), to: geometry.embed(b) }, null),
    euclideanEmbeddings: mapFigures({ from: a, to: b }, null),
    slopes: logRatioSlopes(ratios).flat(),
    contexts: [effectiveContexts(geometry.embed(contexts))!],
  };
}

const original = allFigures(f, subjects, objects, g);

describe("what follows from the distribution is the same in every twin", () => {
  const moved: Record<TwinFamily, (keyof typeof original)[]> = {
    changeOfBasis: ["euclidean", "euclideanEmbeddings"],
    changeOfDimension: ["causal", "euclidean", "euclideanEmbeddings"],
  };
  it.each<TwinFamily>(["changeOfBasis", "changeOfDimension"])("%s", (family) => {
    for (let seed = 0; seed < 8; seed++) {
      const twin = twinOf({ f: [f, subjects, objects], g }, family, { random: random(seed) });
      const found = allFigures(twin.f[0]!, twin.f[1]!, twin.f[2]!, twin.g);
      for (const [name, values] of Object.entries(found) as [keyof typeof original, number[]][]) {
        const difference = relativeDifference(values, original[name]);
        if (moved[family].includes(name)) expect(difference, name).toBeGreaterThan(0.01);
        else expect(difference, name).toBeLessThan(1e-9);
      }
    }
  });
});

describe("the distributional map", () => {
  it("is the same from log-probabilities, rounded to float32, as from f and g", () => {
    const all = logProbabilities(f, g);
    const rounded = { ...all, data: Float64Array.from(Float32Array.from(all.data)) };
    const geometry = geometryOf(g, [0, 399]);
    const found = figures((ids) => selectRows(rounded, ids), geometry);
    expect(relativeDifference(found, original.distributional)).toBeLessThan(1e-5);
    const exact = figures((ids) => selectRows(all, ids), geometry);
    expect(relativeDifference(exact, original.distributional)).toBeLessThan(1e-10);
  });

  it("equals the cosine Δᵀ S Δ' with S = mean f fᵀ, not centred", () => {
    const delta = (i: number) => Array.from({ length: d }, (_, j) => g.data[toIds[i]! * d + j]! - g.data[fromIds[i]! * d + j]!); // prettier-ignore
    const s = Array.from({ length: d }, (_, p) => Array.from({ length: d }, (_, q) => {
      let sum = 0;
      for (let x = 0; x < prompts; x++) sum += f.data[x * d + p]! * f.data[x * d + q]!;
      return sum / prompts;
    })); // prettier-ignore
    const inner = (x: number[], y: number[]) => x.reduce((t, xp, p) => t + xp * y.reduce((u, yq, q) => u + s[p]![q]! * yq, 0), 0); // prettier-ignore
    const map = parallelismMap(
      { from: logitVectors(selectRows(g, fromIds), f), to: logitVectors(selectRows(g, toIds), f) },
      { seed: 1, randomPairs: null },
    ).map!;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) {
        const [x, y] = [delta(i), delta(j)];
        expect(map.matrix[i]![j]).toBeCloseTo(inner(x, y) / Math.sqrt(inner(x, x) * inner(y, y)), 10);
      }
    }
  });

  it("counts a bias", () => {
    const bias = gaussian(tokens, 1, 8).data;
    const geometry = vocabularyGeometry({ weight: g.data, bias, vocabularySize: tokens, hiddenSize: d, excluded: [0, 399] }); // prettier-ignore
    const fromModel = figures((ids) => logitVectors(geometry.rows(ids), withOnes(f)), geometry);
    const all = logProbabilities(withOnes(f), geometry.rows(Array.from({ length: tokens }, (_, i) => i)));
    expect(
      relativeDifference(
        figures((ids) => selectRows(all, ids), geometry),
        fromModel,
      ),
    ).toBeLessThan(1e-10);
    expect(relativeDifference(fromModel, original.distributional)).toBeGreaterThan(1e-3);
  });
});

describe("slopes", () => {
  it("are the ratios of proportional log-ratios", () => {
    const l = { rows: 3, cols: 2, data: Float64Array.of(1, 2, 2, 4, -3, -6) };
    expect(logRatioSlopes(l)).toEqual([[1, 0.5, -1 / 3], [2, 1, -2 / 3], [-3, -1.5, 1]]); // prettier-ignore
  });

  it("minimise the squared error", () => {
    const l = gaussian(4, 30, 5);
    const beta = logRatioSlopes(l);
    const error = (i: number, j: number, b: number) => {
      let sum = 0;
      for (let x = 0; x < 30; x++) sum += (l.data[i * 30 + x]! - b * l.data[j * 30 + x]!) ** 2;
      return sum;
    };
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        const best = error(i, j, beta[i]![j]!);
        expect(error(i, j, beta[i]![j]! + 1e-3)).toBeGreaterThan(best);
        expect(error(i, j, beta[i]![j]! - 1e-3)).toBeGreaterThan(best);
      }
    }
  });

  it("refuse a pair without a log-ratio", () => {
    expect(() => logRatioSlopes({ rows: 2, cols: 1, data: Float64Array.of(1, 0) })).toThrow(RangeError);
  });
});

describe("effective number of contexts", () => {
  it("is the number of orthogonal contexts of equal size, repeated or not", () => {
    const contexts = (rows: number, cols: number) => ({
      rows,
      cols,
      data: Float64Array.from({ length: rows * cols }, (_, at) => (Math.floor(at / cols) % 3 === at % cols ? 2 : 0)),
    });
    expect(effectiveContexts(contexts(3, 5))).toBeCloseTo(3, 12);
    expect(effectiveContexts(contexts(300, 5))).toBeCloseTo(3, 12);
  });

  it("is 1 for prompts that are all alike, and nothing without any", () => {
    expect(effectiveContexts({ rows: 4, cols: 2, data: Float64Array.of(1, 2, 1, 2, 1, 2, 1, 2) })).toBeCloseTo(1, 12);
    expect(effectiveContexts({ rows: 2, cols: 2, data: new Float64Array(4) })).toBeNull();
  });
});
