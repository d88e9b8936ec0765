import { describe, expect, it } from "vitest";
import { probeSpace, splitInputs } from "../../../../src/engine/analysis/probes/probeSpace";
import { rowSpace } from "../../../../src/engine/analysis/geometry/rowSpace";
import {
  columnMeans,
  dot,
  multiply,
  multiplyTransposed,
  scale,
  selectRows,
  subtractFromRows,
  zeros,
} from "../../../../src/engine/linalg/matrix";
import { gaussian, relativeDifference, unevenRows } from "../toyModel";

const train = [0, 2, 3, 5, 6, 7, 9, 10, 11];
const test = [1, 4, 8];

describe("the inputs of a split", () => {
  it.each([
    [12, 30, false],
    [12, 30, true],
    [12, 5, true],
  ])("%i rows of %i, standardise %s: the inner products of rows whitened by the training rows", (n, d, standardise) => {
    const x = unevenRows(n, d, 3);
    const z = splitInputs(probeSpace(x, standardise), train, test);
    const expected = rowSpace(selectRows(x, train), { standardise });
    const size = Math.sqrt(train.length / dot(expected.coordinates.data, expected.coordinates.data));
    const [own, other] = [expected.coordinates, expected.project(selectRows(x, test))].map((rows) => scale(rows, size));
    const close = (a: { data: Float64Array }, b: { data: Float64Array }) =>
      expect(relativeDifference(a.data, b.data)).toBeLessThan(1e-7);
    close(multiplyTransposed(z.train, z.train), multiplyTransposed(own!, own!));
    close(multiplyTransposed(z.test, z.train), multiplyTransposed(other!, own!));
    expect(dot(z.train.data, z.train.data) / train.length).toBeCloseTo(1, 12);
  });

  it.each([false, true])("weights on them are weights on the inputs, standardise %s", (standardise) => {
    const x = unevenRows(12, 30, 4);
    const space = probeSpace(x, standardise);
    const z = splitInputs(space, train, test);
    const weights = gaussian(3, z.train.cols, 5);
    const onInputs = multiply(z.inSpace(weights), space.axes);
    const centred = subtractFromRows(selectRows(x, test), columnMeans(selectRows(x, train)));
    expect(
      relativeDifference(multiplyTransposed(centred, onInputs).data, multiplyTransposed(z.test, weights).data),
    ).toBeLessThan(1e-8);
  });

  it("have no coordinates where the training rows are all the same", () => {
    const x = zeros(12, 4);
    for (const i of test) x.data[4 * i] = i;
    const z = splitInputs(probeSpace(x, true), train, test);
    expect([z.train.cols, z.test.cols, z.test.rows]).toEqual([0, 0, 3]);
    expect(z.inSpace(zeros(2, 0)).cols).toBe(1);
  });
});
