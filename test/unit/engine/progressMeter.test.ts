import { expect, test } from "vitest";
import { ProgressMeter } from "../../../src/engine/progressMeter";
import type { Progress } from "../../../src/protocol/engine";

function meter(controller = new AbortController()) {
  const sent: Progress[] = [];
  const progress = new ProgressMeter({ signal: controller.signal, onProgress: (step) => sent.push(step) }, [
    "load",
    "linearity",
    "probes",
    "report",
  ]);
  return { progress, sent };
}

test("the fraction never falls while phases run side by side, and ends at 1", () => {
  const { progress, sent } = meter();
  progress.within("load", 1, "");
  progress.within("linearity", 0.5, "");
  progress.within("probes", 0.2, "");
  progress.within("linearity", 0.4, "a late message");
  progress.publish("probes", { probes: [] });
  progress.within("linearity", 1, "");
  progress.within("report", 1, "");
  const fractions = sent.map(({ fraction }) => fraction);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions.at(-1)).toBeCloseTo(1, 12);
  expect(new Set(fractions).size).toBeGreaterThan(4);
  expect(sent[4]?.partial).toEqual({ probes: [] });
});

test("a pause lets a cancellation in", async () => {
  const controller = new AbortController();
  const { progress } = meter(controller);
  setImmediate(() => controller.abort(new Error("cancelled")));
  await expect(progress.pause("load", 0, "")).rejects.toThrow("cancelled");
});
