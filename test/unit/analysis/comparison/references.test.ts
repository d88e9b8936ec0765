import { describe, expect, it } from "vitest";
import { bestAssignment } from "../../../../src/engine/analysis/comparison/assignment";
import { canonicalDirections } from "../../../../src/engine/analysis/comparison/canonicalCorrelation";
import { centredGram, cka } from "../../../../src/engine/analysis/comparison/cka";
import { complexity } from "../../../../src/engine/analysis/comparison/complexity";
import { contextDistances } from "../../../../src/engine/analysis/comparison/contextDistances";
import { pivotLogRatios } from "../../../../src/engine/analysis/comparison/diverseTokens";
import { dSvd } from "../../../../src/engine/analysis/comparison/dSvd";
import { LassoPath } from "../../../../src/engine/analysis/comparison/lasso";
import { logLikelihoodVariance } from "../../../../src/engine/analysis/comparison/logLikelihoodVariance";
import { averageLinkage } from "../../../../src/engine/analysis/comparison/unitClusters";
import { columnMeans, dot, fromRows, multiply, row, scale, subtractFromRows, transpose } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import reference from "../../../fixtures/references/comparison.json";
import { largestDifference, mean } from "../toyModel";

/** What NumPy, SciPy and scikit-learn give for the same arrays: test/fixtures/references/comparison.py. */
describe("comparison figures beside NumPy, SciPy and scikit-learn", () => {
  it("Jensen–Shannon and Kullback–Leibler", () => {
    const { left, right, js, kl, klBackward, sameTop } = reference.distances;
    const found = contextDistances(fromRows(left), fromRows(right));
    expect(largestDifference(found.js, js)).toBeLessThan(1e-12);
    expect(largestDifference(found.kl, kl)).toBeLessThan(1e-12);
    expect(largestDifference(found.klBackward, klBackward)).toBeLessThan(1e-12);
    expect(Array.from(found.sameTop)).toEqual(sameTop);
    expect(new Set(sameTop).size).toBe(2);
  });

  it("the four terms of d_LLV", () => {
    const { left, right, contexts, terms } = reference.logRatios;
    const found = logLikelihoodVariance(fromRows(left), fromRows(right), contexts)!;
    expect(largestDifference(found.terms, terms)).toBeLessThan(1e-10);
    expect(found.distance).toBeCloseTo(Math.max(...terms), 10);
  });

  it("d_SVD", () => {
    const { left, right, dSvd: expected } = reference.logRatios;
    const [u, v] = [pivotLogRatios(fromRows(left)), pivotLogRatios(fromRows(right))];
    expect(dSvd(u, v)).toBeCloseTo(expected, 10);
  });

  it("linear CKA by its published formula on features", () => {
    const { left, right, cka: expected } = reference.representations;
    expect(cka(centredGram(fromRows(left)), centredGram(fromRows(right)))).toBeCloseTo(expected, 12);
  });

  it("singular values, rank and participation ratio", () => {
    const { left, singularValues, participationRatio } = reference.representations;
    const found = complexity(fromRows(left));
    expect(largestDifference(found.singularValues, singularValues)).toBeLessThan(1e-10);
    expect(found.participationRatio).toBeCloseTo(participationRatio, 10);
    expect(found.rank).toBe(5);
    // A column that does not vary is a dimension of u in which contexts do not differ.
    const withConstant = complexity(fromRows(left.map((features) => [...features, 3])));
    expect([withConstant.rank, withConstant.centredRank]).toEqual([6, found.centredRank]);
  });

  it("canonical correlations, from either side", () => {
    const { left, right, canonicalCorrelations } = reference.representations;
    const [x, y] = [fromRows(left), fromRows(right)];
    for (const [a, b] of [
      [x, y],
      [y, x],
    ] as const) {
      const found = canonicalDirections(a, b, [1e-10, 1e-10], 5);
      const variates = [
        multiply(subtractFromRows(a, columnMeans(a)), found.left.directions),
        multiply(subtractFromRows(b, columnMeans(b)), found.right.directions),
      ].map(transpose);
      const correlations = canonicalCorrelations.map((_, j) => dot(row(variates[0]!, j), row(variates[1]!, j)));
      expect(largestDifference(correlations, canonicalCorrelations)).toBeLessThan(1e-6);
      for (let j = 0; j < 5; j++) expect(dot(row(variates[0]!, j), row(variates[0]!, j))).toBeCloseTo(1, 6);
    }
  });

  it.each(reference.assignments)("the linear assignment problem, total $total", ({ gains, columns, total }) => {
    const found = bestAssignment(fromRows(gains));
    expect(Array.from(found)).toEqual(columns);
    const reached = Array.from(found).reduce((sum, column, i) => sum + (column < 0 ? 0 : gains[i]![column]!), 0);
    expect(reached).toBeCloseTo(total, 12);
  });

  const fits = reference.lasso.flatMap((problem, p) => problem.fits.map((fit) => ({ p, problem, fit })));
  it.each(fits)("lasso: problem $p, λ $fit.lambda", ({ problem, fit }) => {
    const x = fromRows(problem.inputs);
    const centred = transpose(subtractFromRows(x, columnMeans(x)));
    const centre = mean(problem.target);
    const target = fromRows([problem.target.map((y) => y - centre)]);
    const path = new LassoPath({
      gram: scale(multiply(centred, transpose(centred)), 1 / x.rows),
      products: scale(multiply(target, transpose(centred)), 1 / x.rows).data,
    });
    // On the way down, and at once.
    path.to((fit.lambda + path.largest) / 2).to(fit.lambda);
    expect(largestDifference(path.weights, fit.weights)).toBeLessThan(1e-6);
    expect(Array.from(path.weights, (w) => w !== 0)).toEqual(fit.weights.map((w) => w !== 0));
    expect(path.ended).toBe(false);
  });

  it.each(reference.clusters)("average linkage, cut at $cut", ({ distances, cut, clusters }) => {
    const found = averageLinkage(fromRows(distances), cut);
    const same = (labels: ArrayLike<number>) =>
      distances.map((_, i) => distances.map((__, j) => labels[i] === labels[j]));
    expect(same(found)).toEqual(same(clusters));
    expect(new Set(clusters).size).toBeGreaterThan(2);
    expect(new Set(clusters).size).toBeLessThan(distances.length);
  });
});
