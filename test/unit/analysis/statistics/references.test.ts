import { describe, expect, it } from "vitest";
import {
  accuracy,
  areaUnderRoc,
  macroF1,
  predictedClasses,
  totalLogLoss,
} from "../../../../src/engine/analysis/probes/classificationScores";
import { wilsonInterval } from "../../../../src/engine/analysis/statistics/intervals";
import { ledoitWolf } from "../../../../src/engine/analysis/geometry/ledoitWolf";
import { logisticRegression, logProbabilities } from "../../../../src/engine/analysis/probes/logisticRegression";
import { shrunkCovariance } from "../../../../src/engine/analysis/probes/probeSpace";
import { relationalMapFitter } from "../../../../src/engine/analysis/linearity/relationalMap";
import { subspaceAngles } from "../../../../src/engine/analysis/subspaces/subspaces";
import { svd, symmetricEigen } from "../../../../src/engine/linalg/decompositions";
import {
  columnMeans,
  dot,
  fromRows,
  multiplyTransposed,
  row,
  subtractFromRows,
  transpose,
} from "../../../../src/engine/linalg/matrix";
import { orthonormalRows } from "../../../../src/engine/linalg/orthonormal";
import reference from "../../../fixtures/references/statistics.json";
import { largestDifference, mean, relativeDifference } from "../toyModel";

/** What scikit-learn, SciPy and NumPy give for the same arrays: test/fixtures/references/statistics.py. */
describe("beside scikit-learn, SciPy and NumPy", () => {
  const fits = reference.logistic.flatMap((problem, p) => problem.fits.map((fit) => ({ p, problem, fit })));
  it.each(fits)("multinomial logistic regression: problem $p, λ $fit.lambda", ({ problem, fit }) => {
    const { inputs, labels, classes, rowWeights, others } = problem;
    const rows = { inputs: fromRows(inputs), labels, classes, rowWeights };
    // As probes converge, and as far as it goes: scikit-learn stops at gradients of about 1e-10.
    for (const [tolerance, allowed] of [
      [1e-8, 1e-5],
      [1e-12, 1e-6],
    ] as const) {
      const model = logisticRegression(rows, { ...fit, tolerance });
      expect(relativeDifference(model.weights.data, fit.weights.flat())).toBeLessThan(allowed);
      const centre = mean(model.intercepts);
      const intercepts = model.intercepts.map((b) => b - centre);
      // Hardly curved where classes are apart, so that the same gradient leaves more of a difference.
      expect(largestDifference(intercepts, fit.intercepts)).toBeLessThan(1e-5);
      const probabilities = logProbabilities(model, fromRows(others)).data.map(Math.exp);
      expect(largestDifference(probabilities, fit.probabilities.flat())).toBeLessThan(allowed);
    }
  });

  it.each(reference.ledoitWolf)(
    "the Ledoit–Wolf covariance, intensity $intensity",
    ({ rows, intensity, covariance }) => {
      const x = fromRows(rows);
      const centred = subtractFromRows(x, columnMeans(x));
      const norms = Float64Array.from({ length: x.rows }, (_, i) => dot(row(centred, i), row(centred, i)));
      const spectrum = symmetricEigen(multiplyTransposed(centred, centred)).values;
      expect(ledoitWolf(spectrum, norms, x.cols).intensity).toBeCloseTo(intensity, 10);
      expect(relativeDifference(shrunkCovariance(centred, x.cols).data, covariance.flat())).toBeLessThan(1e-10);
    },
  );

  it.each(reference.scores)("accuracy, macro F1, log loss and area under the curve", (scores) => {
    const outcome = fromRows(scores.logProbabilities);
    const { labels } = scores;
    const predicted = predictedClasses(outcome);
    expect(accuracy(predicted, labels)).toBeCloseTo(scores.accuracy, 12);
    expect(macroF1(predicted, labels, outcome.cols)).toBeCloseTo(scores.macroF1, 12);
    expect(totalLogLoss(outcome, labels) / labels.length).toBeCloseTo(scores.logLoss, 10);
    if (scores.auroc !== null) {
      const odds = labels.map((_, i) => Math.round(10 * (row(outcome, i)[1]! - row(outcome, i)[0]!)));
      expect(areaUnderRoc(odds, labels)).toBeCloseTo(scores.auroc, 12);
    }
  });

  it.each(reference.wilson)("Wilson's interval of $successes in $n", ({ successes, n, interval }) => {
    expect(largestDifference(wilsonInterval(successes, n), interval)).toBeLessThan(1e-10);
  });

  it.each(reference.principalAngles)("cosines of principal angles", ({ left, right, cosines }) => {
    const basis = (columns: number[][]) => transpose(orthonormalRows(transpose(fromRows(columns))));
    expect(largestDifference(subspaceAngles(basis(left), basis(right)).cosines, cosines)).toBeLessThan(1e-8);
  });

  it.each(reference.ridge)("ridge regression, λ $lambda", ({ inputs, targets, lambda, map, singularValues }) => {
    const fit = relationalMapFitter(fromRows(inputs))(fromRows(targets), lambda);
    expect(relativeDifference(fit.map.data, map.flat())).toBeLessThan(1e-9);
    expect(largestDifference(fit.singularValues.slice(0, singularValues.length), singularValues)).toBeLessThan(1e-6);
  });

  it.each(reference.svd)("the singular value decomposition", ({ matrix, singularValues, rankTwo }) => {
    const { u, s, v } = svd(fromRows(matrix));
    expect(largestDifference(s, singularValues)).toBeLessThan(1e-12);
    // Singular vectors have a sign that is anybody's choice; their products have not.
    const entry = (i: number, j: number) =>
      [0, 1].reduce((sum, r) => sum + u.data[i * u.cols + r]! * s[r]! * v.data[j * v.cols + r]!, 0);
    rankTwo.forEach((values, i) => values.forEach((value, j) => expect(entry(i, j)).toBeCloseTo(value, 12)));
  });
});
