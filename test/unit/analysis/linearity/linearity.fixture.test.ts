import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  fitKlMap,
  interpolation,
  klDivergence,
  klLogits,
  softmaxRows,
} from "../../../../src/engine/analysis/linearity/klMap";
import { KlNewton } from "../../../../src/engine/analysis/linearity/klNewton";
import { predictionWeights } from "../../../../src/engine/analysis/linearity/ridge";
import { relationalMapFitter } from "../../../../src/engine/analysis/linearity/relationalMap";
import { rowSpace } from "../../../../src/engine/analysis/geometry/rowSpace";
import { columnMeans, dot, fromRows, multiply, multiplyTransposed, row, selectRows, subtractFromRows } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { inOrder } from "../../../../src/engine/analysis/linearity/ridgeFold";
import { centre } from "../relationModel";
import { relativeDifference } from "../toyModel";

interface Fixture {
  readonly inputs: number[][];
  readonly logits: number[][];
  readonly training: number;
  readonly ridge: readonly { lambda: number; map: number[][]; singularValues: number[]; predictions: number[][] }[];
  readonly kl: readonly { lambda: number; value: number; predictions: number[][] }[];
}

/** Written by test/fixtures/references/linearity.py with NumPy and SciPy. */
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/references/linearity.json"), "utf8"),
) as Fixture;
const all = inOrder(fixture.inputs.length);
const [train, test] = [all.filter((i) => i < fixture.training), all.filter((i) => i >= fixture.training)];
const inputs = fromRows(fixture.inputs);
const logits = fromRows(fixture.logits);
const space = rowSpace(selectRows(inputs, train), { standardise: false });

describe("ridge, as NumPy has it", () => {
  it.each(fixture.ridge)("λ = $lambda: the map, its singular values and predictions", (expected) => {
    const targets = selectRows(logits, train);
    const { map, singularValues } = relationalMapFitter(selectRows(inputs, train))(targets, expected.lambda);
    expect(relativeDifference(map.data, expected.map.flat())).toBeLessThan(1e-9);
    expect(relativeDifference(singularValues.slice(0, 5), expected.singularValues.slice(0, 5))).toBeLessThan(1e-7);
    const mean = columnMeans(centre(targets));
    const centred = subtractFromRows(centre(targets), mean);
    const weights = predictionWeights(space, space.project(selectRows(inputs, test)), expected.lambda);
    const predicted = subtractFromRows(multiply(weights, centred), mean.map((x) => -x)); // prettier-ignore
    expect(relativeDifference(predicted.data, expected.predictions.flat())).toBeLessThan(1e-9);
  });
});

describe("the KL fit, as SciPy has it", () => {
  const gram = multiplyTransposed(space.coordinates, space.coordinates);
  const cross = multiplyTransposed(space.project(selectRows(inputs, test)), space.coordinates);
  const probabilities = softmaxRows(selectRows(logits, train));
  const start = interpolation(gram, selectRows(logits, train));

  it.each(fixture.kl)("λ = $lambda: the minimum and predictions", (expected) => {
    const map = fitKlMap(new KlNewton(gram, probabilities), expected.lambda, 1e-7, start);
    // ‖W‖² = Σ_y α_yᵀ K α_y
    const penalty = dot(map.coefficients.data, multiply(gram, map.coefficients).data);
    const value = klDivergence(probabilities, klLogits(map, gram)) + (expected.lambda / 2) * penalty;
    expect(value / expected.value).toBeCloseTo(1, 8);
    const predicted = centre(klLogits(map, cross));
    expect(relativeDifference(predicted.data, expected.predictions.flat())).toBeLessThan(1e-6);
  });

  it("is the same from wherever it starts, and the sum rises in every direction", () => {
    const lambda = 0.1;
    const near = fitKlMap(new KlNewton(gram, probabilities), 0.3, 1e-7, start);
    const one = fitKlMap(new KlNewton(gram, probabilities), lambda, 1e-7, start);
    const other = fitKlMap(new KlNewton(gram, probabilities), lambda, 1e-7, near);
    expect(relativeDifference(other.coefficients.data, one.coefficients.data)).toBeLessThan(1e-8);
    const at = (coefficients: Float64Array) => {
      const map = { ...one, coefficients: { ...one.coefficients, data: coefficients } };
      return (
        klDivergence(probabilities, klLogits(map, gram)) +
        (lambda / 2) * dot(coefficients, multiply(gram, map.coefficients).data)
      );
    };
    const lowest = at(one.coefficients.data);
    for (const k of [0, 17, 50]) {
      for (const sign of [-1, 1]) {
        const moved = one.coefficients.data.slice();
        moved[k]! += sign * 1e-2;
        expect(at(moved)).toBeGreaterThan(lowest);
      }
    }
  });

  it("gives the training answers back as λ vanishes", () => {
    const small = rowSpace(selectRows(inputs, train.subarray(0, 7)), { standardise: false });
    const own = multiplyTransposed(small.coordinates, small.coordinates);
    const targets = selectRows(logits, train.subarray(0, 7));
    const map = fitKlMap(new KlNewton(own, softmaxRows(targets)), 1e-9, 1e-7, interpolation(own, targets));
    const predicted = softmaxRows(klLogits(map, own));
    expect(relativeDifference(predicted.data, softmaxRows(targets).data)).toBeLessThan(1e-5);
    expect(row(predicted, 0).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });
});
