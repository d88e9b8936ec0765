import { describe, expect, it } from "vitest";
import { lbfgs } from "../../../../src/engine/analysis/statistics/lbfgs";
import { multiplyTransposed } from "../../../../src/engine/linalg/matrix";
import { choleskySolve } from "../../../../src/engine/linalg/decompositions";
import { gaussian, relativeDifference } from "../toyModel";

describe("lbfgs", () => {
  it("solves a quadratic of known minimum", () => {
    const d = 30;
    const root = gaussian(d, d, 1);
    const hessian = multiplyTransposed(root, root);
    for (let i = 0; i < d; i++) hessian.data[i * d + i]! += 0.1;
    const b = gaussian(d, 1, 2);
    const expected = choleskySolve(hessian, b).data;
    const theta = new Float64Array(d);
    const { residual } = lbfgs(
      (x, gradient) => {
        const product = multiplyTransposed(hessian, { rows: 1, cols: d, data: x }).data;
        product.forEach((p, i) => (gradient[i] = p - b.data[i]!));
        return product.reduce((sum, p, i) => sum + x[i]! * (p / 2 - b.data[i]!), 0);
      },
      theta,
      { tolerance: 1e-8, iterations: 2000 },
    );
    expect(residual).toBeLessThan(1e-8);
    expect(relativeDifference(theta, expected)).toBeLessThan(1e-6);
  });

  it("follows the valley of Rosenbrock's function to its end", () => {
    const theta = Float64Array.of(-1.2, 1);
    const { value, iterations } = lbfgs(rosenbrock, theta, { tolerance: 1e-9 });
    expect(value).toBeLessThan(1e-15);
    expect(theta[0]).toBeCloseTo(1, 7);
    expect(theta[1]).toBeCloseTo(1, 7);
    expect(iterations).toBeLessThan(60);
  });

  it("stops where it starts at a minimum, and when it may take no more steps", () => {
    const there = Float64Array.of(1, 1);
    expect(lbfgs(rosenbrock, there)).toEqual({ value: 0, residual: 0, iterations: 0 });
    const { iterations, residual } = lbfgs(rosenbrock, Float64Array.of(-1.2, 1), { iterations: 3 });
    expect(iterations).toBe(3);
    expect(residual).toBeGreaterThan(1e-6);
  });

  it("takes a path that a rotation of the coordinates only rotates", () => {
    const [cos, sin] = [Math.cos(0.7), Math.sin(0.7)];
    const rotate = (x: Float64Array) => Float64Array.of(cos * x[0]! - sin * x[1]!, sin * x[0]! + cos * x[1]!);
    const back = (x: Float64Array) => Float64Array.of(cos * x[0]! + sin * x[1]!, -sin * x[0]! + cos * x[1]!);
    const theta = Float64Array.of(-1.2, 1);
    const turned = rotate(theta);
    lbfgs(rosenbrock, theta, { iterations: 10 });
    lbfgs(
      (x, gradient) => {
        const value = rosenbrock(back(x), gradient);
        gradient.set(rotate(gradient));
        return value;
      },
      turned,
      { iterations: 10 },
    );
    expect(relativeDifference(back(turned), theta)).toBeLessThan(1e-8);
  });
});

function rosenbrock(x: Float64Array, gradient: Float64Array): number {
  const [a, b] = [1 - x[0]!, x[1]! - x[0]! ** 2];
  gradient.set([-2 * a - 400 * x[0]! * b, 200 * b]);
  return a * a + 100 * b * b;
}
