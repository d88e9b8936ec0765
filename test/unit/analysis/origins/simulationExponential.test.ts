import { describe, expect, it } from "vitest";
import { exponential } from "../../../../src/engine/analysis/origins/simulationExponential";
import { int, load, Locals, moduleOf, store } from "../../../../src/engine/linalg/simd/assembler";

/** exp of two numbers, as the kernel computes it. */
function vectorExp(): (a: number, b: number) => readonly [number, number] {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const [numbers, table] = [new Float64Array(memory.buffer), 64];
  let constants = 0;
  const constant = (value: number) => {
    const at = table + 2 * constants++;
    numbers.fill(value, at, at + 2);
    return load(int(0), at * 8);
  };
  const kernel = Locals.kernel("run", 0, (locals) => store(int(0), exponential(locals, constant)(load(int(0))), 16));
  const module = new WebAssembly.Module(moduleOf([kernel]));
  const { run } = new WebAssembly.Instance(module, { memory: { memory } }).exports as { run: () => void };
  return (a, b) => {
    numbers.set([a, b]);
    run();
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
