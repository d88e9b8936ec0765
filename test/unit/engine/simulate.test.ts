import { describe, expect, it } from "vitest";
import type { SimulationCheckpoint, SimulationReport, SimulationSettings } from "../../../src/protocol/simulation";
import { simulate } from "../../../src/engine/simulate";

const settings: SimulationSettings = { concepts: 3, runs: 2, optimizer: "sgd", seed: 0 };

async function finished(more: Partial<SimulationSettings> = {}): Promise<SimulationReport> {
  const outcome = await simulate(
    { settings: { ...settings, ...more } },
    { signal: new AbortController().signal, onCheckpoint: () => undefined },
  );
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

describe("the simulation", () => {
  it("runs until its curves are flat, and reports where they ended", async () => {
    const report = await finished();
    expect(report.converged).toEqual([true, true]);
    expect(report.settings).toEqual({ ...settings, dimension: 3, steps: 50_000, masks: 1, strings: 1 });
    const ends = report.curves.map((curve) => curve.at(-1)!);
    for (const { step } of ends) {
      expect(step % 500).toBe(0);
      expect(step).toBeLessThan(50_000);
    }
    for (const figure of ["loss", "lossFloor", "unembedding", "embedding", "cross", "betweenConcepts"] as const) {
      const [a, b] = ends.map((end) => end[figure]) as [number, number];
      expect(report[figure].mean).toBeCloseTo((a + b) / 2, 14);
      expect(report[figure].se).toBeCloseTo(Math.abs(a - b) / 2, 14);
    }
    report.matrices.cross.forEach((line, i) =>
      line.forEach((value, j) =>
        expect(value).toBeCloseTo((ends[0]!.crossMatrix[i]![j]! + ends[1]!.crossMatrix[i]![j]!) / 2, 14),
      ),
    );
    expect(report.unembedding.mean).toBeGreaterThan(0.95);
    expect(Math.abs(report.initial.unembedding.mean)).toBeLessThan(0.5);
    expect(report.headline[2]).toMatch(/^The curve became flat within [\d,]+ steps, 0\.0\d\d nats above/);
  });

  it("gives each run a graph of its own, and the same ones under the same seed", async () => {
    const [a, b] = [await finished({ steps: 500 }), await finished({ steps: 500 })];
    expect({ ...a, seconds: 0 }).toEqual({ ...b, seconds: 0 });
    expect(a.curves[0]![1]!.loss).not.toBe(a.curves[1]![1]!.loss);
    expect(a.lossFloor.se).toBeGreaterThan(0);
    expect(a.converged).toEqual([false, false]);
    expect(a.headline[2]).toContain("0 of 2 runs");
  });

  it("has no standard error with one run", async () => {
    expect((await finished({ runs: 1, steps: 100 })).unembedding.se).toBeNull();
  });

  it("measures at the hundredths of any number of steps, and at the last", async () => {
    const [curve] = (await finished({ runs: 1, steps: 101 })).curves;
    expect(curve!.map(({ step }) => step)).toEqual(Array.from({ length: 101 }, (_, i) => Math.round(i * 1.01)));
  });

  it("tells checkpoints at most ten times a second, with a fraction that never falls", async () => {
    const told: { checkpoint: SimulationCheckpoint; fraction: number; at: number }[] = [];
    const onCheckpoint = (checkpoint: SimulationCheckpoint, fraction: number) =>
      told.push({ checkpoint, fraction, at: performance.now() });
    await simulate({ settings: { ...settings, runs: 4 } }, { signal: new AbortController().signal, onCheckpoint });
    expect(told.length).toBeGreaterThan(3);
    told.slice(1).forEach(({ at, fraction }, i) => {
      expect(at - told[i]!.at).toBeGreaterThan(99);
      expect(fraction).toBeGreaterThanOrEqual(told[i]!.fraction);
    });
    expect(told.at(-1)!.fraction).toBeLessThanOrEqual(1);
  });

  it("stops within 200 ms of a cancellation", async () => {
    const controller = new AbortController();
    let cancelled = NaN;
    const onCheckpoint = ({ step }: SimulationCheckpoint) => {
      if (step === 0 || controller.signal.aborted) return;
      cancelled = performance.now();
      controller.abort();
    };
    await expect(
      simulate({ settings: { ...settings, concepts: 5 } }, { signal: controller.signal, onCheckpoint }),
    ).rejects.toThrow("abort");
    expect(performance.now() - cancelled).toBeLessThan(200);
  });

  it.each([
    [{ concepts: 2 }, "simulation-settings", "concepts = 2"],
    [{ masks: 0 }, "simulation-settings", "masks = 0"],
    [{ seed: 0.5 }, "simulation-settings", "seed = 0.5"],
    [{ strings: 0.25 }, "simulation-too-sparse", "steering vectors"],
  ])("says why %o cannot be run", async (more, code, words) => {
    const outcome = await simulate(
      { settings: { ...settings, ...more } },
      { signal: new AbortController().signal, onCheckpoint: () => undefined },
    );
    expect(outcome.problems[0]).toMatchObject({ kind: "usage", code });
    expect(outcome.problems[0]!.message).toContain(words);
  });
});
