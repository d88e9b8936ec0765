import { describe, expect, it } from "vitest";
import { centredGram, cka, weightedCka } from "../../../../src/engine/analysis/comparison/cka";
import { dSvd, weightedDistance } from "../../../../src/engine/analysis/comparison/dSvd";
import { layerCkaMap, layerOverlapMap } from "../../../../src/engine/analysis/comparison/layerMaps";
import { groupByPassage, passageFolds, shufflePassages } from "../../../../src/engine/analysis/comparison/passages";
import { relationalSubspaces, type SubjectScores } from "../../../../src/engine/analysis/subspaces/relationalSubspaces";
import { columnMeans, dot, row, selectRows, subtractFromRows, transpose, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, mean } from "../toyModel";
import { mapped, passagesOf, toyModel } from "./modelPair";

describe("map of CKA over layers", () => {
  const layers = [1, 2, 3].map((seed) => toyModel(seed * 10, { n: 60 }).f);
  const turned = layers.map((layer, k) => mapped(layer, 20, k));

  it("has the CKA of every pair, whatever the widths", () => {
    const { matrix } = layerCkaMap(layers, turned, passagesOf(60), 0);
    expect(matrix[0]![1]).toBeCloseTo(cka(centredGram(layers[0]!), centredGram(turned[1]!)), 12);
    for (let i = 0; i < 3; i++) expect(Math.max(...(matrix[i] as number[]))).toBe(matrix[i]![i]);
    expect(layerCkaMap(layers, layers, passagesOf(60), 0).matrix[2]![2]).toBeCloseTo(1, 12);
  });

  it.each([1, 5])("has the mean over permutations of the passages as its null: %i contexts in each", (perPassage) => {
    const passageOf = passagesOf(60, perPassage);
    const { nullMatrix, nullUpper } = layerCkaMap(layers, turned, passageOf, 0);
    const passages = groupByPassage(passageOf);
    const source = random(5);
    const draws = Array.from({ length: 400 }, () =>
      cka(centredGram(layers[0]!), centredGram(selectRows(turned[1]!, shufflePassages(passages, source)))),
    );
    expect(nullMatrix[0]![1]).toBeCloseTo(mean(draws), 2);
    // One draw in twenty is above; of 40, up to one in seven.
    const above = draws.filter((draw) => draw > nullUpper[0]![1]!).length / draws.length;
    expect(above).toBeGreaterThan(0);
    expect(above).toBeLessThan(1 / 7);
    expect(layerCkaMap(layers, turned, passageOf, 0).nullUpper).toEqual(nullUpper);
    // The contexts of a passage are alike here, so that this null is higher than that of single contexts.
    if (perPassage > 1) {
      expect(nullMatrix[0]![1]!).toBeGreaterThan(
        1.2 * layerCkaMap(layers, turned, passagesOf(60, 1), 0).nullMatrix[0]![1]!,
      );
    }
  });

  it("has no value for a layer that does not vary", () => {
    const constant: Matrix = { rows: 60, cols: 2, data: new Float64Array(120).fill(3) };
    const { matrix, nullMatrix, nullUpper } = layerCkaMap([constant], layers, passagesOf(60), 0);
    expect([matrix[0]![0], nullMatrix[0]![0], nullUpper[0]![0]]).toEqual([null, null, null]);
  });
});

describe("map of subspace overlap over layers", () => {
  const inputs = gaussian(40, 6, 1);
  const scoresOf = (rows: Matrix, answerLogits: Matrix, seed = 0): SubjectScores =>
    relationalSubspaces([{ inputs: rows, answerLogits, rank: 2, stream: "overlap" }], [], {
      seed,
      draws: 40,
      metric: "given",
    }).scores!;
  const answers = mapped(inputs, 5, 2);

  it("is 1 for the same layer in other coordinates, and low for another relation", () => {
    const own = scoresOf(inputs, answers);
    const same = scoresOf(mapped(inputs, 9, 3), answers);
    const other = scoresOf(gaussian(40, 6, 7), mapped(gaussian(40, 6, 7), 5, 8));
    const { matrix, nullMatrix } = layerOverlapMap([own, null], [own, same, other, null]);
    expect(matrix[0]![0]).toBeCloseTo(1, 9);
    expect(matrix[0]![1]!).toBeGreaterThan(0.95);
    expect(matrix[0]![2]!).toBeLessThan(0.35);
    expect([matrix[0]![3], matrix[1]![0], nullMatrix[1]![0]]).toEqual([null, null, null]);
    expect(nullMatrix[0]![2]!).toBeLessThan(0.3);
    expect(nullMatrix[0]![2]!).toBeGreaterThan(0);
  });

  it("of layers without anything in common is above its upper null once in twenty times", () => {
    const pairs = Array.from({ length: 50 }, (_, trial) => {
      const [own, other] = [200 + 4 * trial, 202 + 4 * trial].map((seed) => gaussian(40, 6, seed));
      const scores = [own!, other!].map((rows, side) => scoresOf(rows, mapped(rows, 5, 999 + 2 * trial + side), trial));
      const { matrix, nullMatrix, nullUpper } = layerOverlapMap([scores[0]!], [scores[1]!]);
      return { value: matrix[0]![0]!, mean: nullMatrix[0]![0]!, upper: nullUpper[0]![0]! };
    });
    const above = (bound: (pair: (typeof pairs)[number]) => number) =>
      pairs.filter((pair) => pair.value > bound(pair)).length;
    expect(above(({ upper }) => upper)).toBeLessThanOrEqual(7);
    expect(above(({ upper }) => upper)).toBeGreaterThanOrEqual(1);
    expect(above(({ mean: middle }) => middle)).toBeGreaterThan(12);
  });

  it("takes the mean squared cosine between spans", () => {
    const basis = (columns: number[][]) => ({ basis: transpose({ rows: columns.length, cols: 3, data: Float64Array.from(columns.flat()) }), permuted: [] }); // prettier-ignore
    const [a, b] = [basis([[1, 0, 0]]), basis([[Math.SQRT1_2, Math.SQRT1_2, 0], [0, 0, 1]])]; // prettier-ignore
    const { matrix, nullMatrix, nullUpper } = layerOverlapMap([a], [b]);
    expect(matrix[0]![0]).toBeCloseTo(0.5, 12);
    expect([nullMatrix[0]![0], nullUpper[0]![0]]).toEqual([null, null]);
    const permuted = (angle: number) => ({ ...basis([[Math.cos(angle), Math.sin(angle), 0]]) }).basis;
    const turns = Array.from({ length: 21 }, (_, k) => permuted(Math.acos(Math.sqrt(k / 20))));
    const drawn = layerOverlapMap([{ ...a, permuted: turns }], [{ ...b, basis: a.basis, permuted: turns.map(() => a.basis) }]); // prettier-ignore
    expect(drawn.nullMatrix[0]![0]).toBeCloseTo(0.5, 12);
    expect(drawn.nullUpper[0]![0]).toBeCloseTo(0.95, 12);
  });
});

describe("passages", () => {
  const passages = groupByPassage(Int32Array.from([7, 7, 3, 7, 3, 9]));

  it("are numbered in the order in which they appear", () => {
    expect(Array.from(passages.of)).toEqual([0, 0, 1, 0, 1, 2]);
    expect(passages.contexts.map((own) => Array.from(own))).toEqual([[0, 1, 3], [2, 4], [5]]);
  });

  it("are held out whole, in five folds", () => {
    const folds = passageFolds(groupByPassage(passagesOf(100)), 3);
    expect(folds.count).toBe(5);
    expect(folds.foldOf).toHaveLength(20);
    expect(passageFolds(passages, 0).count).toBe(3);
  });

  it("are permuted as wholes", () => {
    const ten = groupByPassage(passagesOf(50));
    const order = shufflePassages(ten, random(1));
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    for (let p = 0; p < 10; p++) {
      expect(new Set(Array.from(order.subarray(5 * p, 5 * p + 5), (i) => ten.of[i])).size).toBe(1);
    }
    expect(Array.from(order)).not.toEqual(Array.from(order).sort((a, b) => a - b));
  });

  it("that are drawn several times count as often, in CKA and in d_SVD", () => {
    const [a, b] = [gaussian(30, 4, 1), mapped(gaussian(30, 4, 1), 6, 2)];
    const groups = groupByPassage(Int32Array.from({ length: 30 }, (_, i) => Math.floor(Math.sqrt(i))));
    const counts = Int32Array.from([2, 0, 1, 3, 0, 1]);
    const rows = groups.contexts.flatMap((own, p) => Array.from({ length: counts[p]! }, () => Array.from(own)).flat());
    const [drawnA, drawnB] = [selectRows(a, rows), selectRows(b, rows)];
    expect(weightedCka(centredGram(a), centredGram(b), groups)(counts)).toBeCloseTo(
      cka(centredGram(drawnA), centredGram(drawnB)),
      10,
    );
    const [c, d] = [unitColumns(a), unitColumns({ ...b, cols: 6, data: b.data })];
    const four = (m: Matrix) => ({ ...m, cols: 4, data: Float64Array.from({ length: 120 }, (_, k) => m.data[Math.floor(k / 4) * m.cols + (k % 4)]!) }); // prettier-ignore
    const [u, v] = [four(c), four(d)];
    expect(weightedDistance(u, v, groups)(counts)).toBeCloseTo(dSvd(selectRows(u, rows), selectRows(v, rows))!, 6);
  });
});

function unitColumns(a: Matrix): Matrix {
  const columns = transpose(subtractFromRows(a, columnMeans(a)));
  for (let j = 0; j < columns.rows; j++) {
    const own = row(columns, j);
    const length = Math.sqrt(dot(own, own));
    for (let i = 0; i < own.length; i++) own[i]! /= length;
  }
  return transpose(columns);
}
