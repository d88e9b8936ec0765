import { describe, expect, it } from "vitest";
import { f64x2, FunctionBody } from "../../../../src/engine/analysis/origins/simulationAssembly";
import { exponential } from "../../../../src/engine/analysis/origins/simulationExponential";

/** exp of two numbers, as the kernel computes it. */
function vectorExp(): (a: number, b: number) => readonly [number, number] {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [numbers, table] = [new Float64Array(memory.buffer), 64];
  const body = new FunctionBody(1);
  let constants = 0;
  const constant = (value: number) => {
    const at = table + 2 * constants++;
    numbers.fill(value, at, at + 2);
    return f64x2.load([0x41, 0], at * 8);
  };
  const value = exponential(body, constant)(f64x2.load(body.parameter(0)));
  const module = new WebAssembly.Module(body.module(f64x2.store(body.parameter(0), value, 16)));
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports as { run: (address: number) => void };
  return (a, b) => {
    numbers.set([a, b]);
    run(0);
    return [numbers[2]!, numbers[3]!];
  };
}

describe("exp of two doubles at once", () => {
  const exp = vectorExp();

  it("is exp to a relative error below 1e-15, from 0 down to −700", () => {
    let worst = 0;
    for (let i = 0; i < 400_000; i++) {
      const [a, b] = [-700 * (i / 400_000) ** 3, -i * 1e-5];
      const [ea, eb] = exp(a, b);
      worst = Math.max(worst, Math.abs(ea / Math.exp(a) - 1), Math.abs(eb / Math.exp(b) - 1));
    }
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(1e-15);
  });

  it("is 1 at 0, and no less than exp(−700) far below", () => {
    expect(exp(0, -1e9)).toEqual([1, exp(-700, 0)[0]]);
    expect(exp(-Infinity, 0)[0]).toBeGreaterThan(0);
    expect(exp(-Infinity, 0)[0]).toBeLessThan(1e-300);
  });
});
