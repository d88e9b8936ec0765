import { describe, expect, it } from "vitest";
import { TwinCoordinates } from "../../../../src/engine/analysis/twins/twinCoordinates";
import { svd } from "../../../../src/engine/linalg/decompositions";
import { multiplyTransposed, selectRows, zeros, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";

function normal(rows: number, cols: number, seed: number, scale = 1): Matrix {
  const draw = random(seed);
  const out = zeros(rows, cols);
  for (let k = 0; k < out.data.length; k++) out.data[k] = scale * draw.normal();
  return out;
}

const columns = ({ rows, cols, data }: Matrix, from: number, to: number): Matrix => {
  const out = zeros(rows, to - from);
  for (let i = 0; i < rows; i++) out.data.set(data.subarray(i * cols + from, i * cols + to), i * out.cols);
  return out;
};

const distance = (a: Matrix, b: Matrix) => Math.max(...a.data.map((x, k) => Math.abs(x - b.data[k]!)));
const scaleOf = ({ data }: Matrix) => Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
const empty = (a: Matrix) => a.data.every((x) => x === 0);

describe("coordinates of an equivalent twin", () => {
  const [d, tokens] = [24, 60];
  const g = normal(tokens, d, 1, 0.3);

  it.each([24, 25, 31])("of size %i keep every inner product f·g", (size) => {
    const twin = new TwinCoordinates(g, { size, condition: 100, seed: 4 });
    const unembedding = twin.next(g);
    expect([twin.map.rows, twin.map.cols, unembedding.rows, unembedding.cols]).toEqual([d, size, tokens, size]);
    // e_i·g for the basis vectors e_i, hence f·g for every f.
    expect(distance(multiplyTransposed(unembedding, twin.map), g)).toBeLessThan(1e-13);
    expect(distance(columns(unembedding, 0, d), g)).toBeGreaterThan(0.1);
  });

  it("have the condition number asked for", () => {
    for (const condition of [1, 100, 1e4]) {
      const { map } = new TwinCoordinates(g, { size: d, condition, seed: 4 });
      const values = svd(map).s;
      expect(Math.max(...values) / Math.min(...values) / condition).toBeCloseTo(1, 6);
      expect(Math.max(...values)).toBeCloseTo(Math.sqrt(condition), 6);
    }
  });

  it("append as many that only g~ has as such that only f~ has, at the scale of the others", () => {
    const twin = new TwinCoordinates(g, { size: d + 40, condition: 100, seed: 4 });
    const unembedding = twin.next(g);
    expect(empty(columns(twin.map, d, d + 20))).toBe(true);
    expect(empty(columns(unembedding, d + 20, d + 40))).toBe(true);
    const own = columns(unembedding, d, d + 20);
    expect(scaleOf(own) / scaleOf(columns(unembedding, 0, d))).toBeCloseTo(1, 1);
    const further = columns(twin.map, d + 20, d + 40);
    expect(scaleOf(further) / scaleOf(columns(twin.map, 0, d))).toBeCloseTo(1, 0);
    expect(Math.min(...svd(further).s)).toBeGreaterThan(0.1);
  });

  it("do not depend on how many tokens are asked for at a time, but on the seed", () => {
    const make = (seed: number) => new TwinCoordinates(g, { size: 30, condition: 100, seed });
    const whole = make(2).next(g);
    const inParts = make(2);
    const parts = [0, 1, 2].map((k) =>
      inParts.next(
        selectRows(
          g,
          Array.from({ length: 20 }, (_, i) => 20 * k + i),
        ),
      ),
    );
    expect([...parts.flatMap(({ data }) => [...data])]).toEqual([...whole.data]);
    expect(distance(make(3).next(g), whole)).toBeGreaterThan(0.1);
  });

  it("cannot be fewer than the model's", () => {
    expect(() => new TwinCoordinates(g, { size: 23, condition: 100, seed: 0 })).toThrow(RangeError);
    expect(() => new TwinCoordinates(g, { size: 24, condition: 0.5, seed: 0 })).toThrow(RangeError);
  });
});
