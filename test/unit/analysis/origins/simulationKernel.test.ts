import { describe, expect, it } from "vitest";
import { simulationKernel, type Kernel } from "../../../../src/engine/analysis/origins/simulationKernel";
import { random } from "../../../../src/engine/linalg/random";

const sizes = [
  { contexts: 5, strings: 2, dimension: 1, batch: 3 },
  { contexts: 27, strings: 8, dimension: 3, batch: 4 },
  { contexts: 7, strings: 14, dimension: 16, batch: 2 },
];

function filled(shape: (typeof sizes)[number], scale: number): Kernel {
  const kernel = simulationKernel(shape);
  const draws = random(1, "kernel");
  for (const table of [kernel.f, kernel.g]) for (let i = 0; i < table.length; i++) table[i] = scale * draws.normal();
  return kernel;
}

/** Logits of a context and their softmax, one number after the other. */
function softmax({ f, g }: Kernel, { strings, dimension: d }: (typeof sizes)[number], context: number) {
  const logits = Array.from({ length: strings }, (_, y) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += f[context * d + k]! * g[k * strings + y]!;
    return sum;
  });
  const peak = Math.max(...logits);
  const partition = logits.reduce((sum, logit) => sum + Math.exp(logit - peak), 0);
  return {
    logPartition: peak + Math.log(partition),
    p: logits.map((logit) => Math.exp(logit - peak) / partition),
  };
}

describe.each(sizes)("the kernel for %o", (shape) => {
  const { strings, dimension: d, contexts, batch } = shape;

  it.each([0.01, 1, 40])("gives softmax, its mean of g and its pull on g, with tables of scale %d", (scale) => {
    const kernel = filled(shape, scale);
    const chosen = [contexts - 1, 0].slice(0, batch);
    const pull = new Float64Array(d * strings);
    chosen.forEach((context, sample) => {
      kernel.run(context, sample);
      const { logPartition, p } = softmax(kernel, shape, context);
      expect(kernel.logPartition()).toBeCloseTo(logPartition, 9);
      for (let k = 0; k < d; k++) {
        const expected = p.reduce((sum, weight, y) => sum + weight * kernel.g[k * strings + y]!, 0);
        expect(Math.abs(kernel.expected[sample * d + k]! - expected)).toBeLessThan(1e-12 * scale);
        p.forEach((weight, y) => (pull[k * strings + y]! += weight * kernel.f[context * d + k]!));
      }
    });
    expect(Math.max(...pull.map((value, i) => Math.abs(value - kernel.pull[i]!)))).toBeLessThan(1e-12 * scale);
  });

  it("agrees with finite differences of the log partition", () => {
    const kernel = filled(shape, 0.7);
    const at = () => {
      kernel.run(2, 0);
      return kernel.logPartition();
    };
    const slope = (table: Float64Array, i: number) => {
      const [value, h] = [table[i]!, 1e-5];
      table[i] = value + h;
      const above = at();
      table[i] = value - h;
      const below = at();
      table[i] = value;
      return (above - below) / (2 * h);
    };
    const f = Array.from({ length: d }, (_, k) => slope(kernel.f, 2 * d + k));
    const g = Array.from(kernel.g, (_, i) => slope(kernel.g, i));
    kernel.pull.fill(0);
    at();
    f.forEach((value, k) => expect(kernel.expected[k]).toBeCloseTo(value, 8));
    g.forEach((value, i) => expect(kernel.pull[i]).toBeCloseTo(value, 8));
  });
});
