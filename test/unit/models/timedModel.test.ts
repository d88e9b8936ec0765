import { expect, test } from "vitest";
import type { LanguageModel } from "../../../src/engine/models/languageModel";
import { timedModel } from "../../../src/engine/models/timedModel";

test("passes that overlap count once, and a pause between two does not count", async () => {
  let clock = 0;
  let total = 0;
  const ends: (() => void)[] = [];
  const model = {
    logits: () => new Promise<Float32Array>((resolve) => ends.push(() => resolve(new Float32Array(0)))),
  } as unknown as LanguageModel;
  const timed = timedModel(
    model,
    (seconds) => (total += seconds),
    () => clock,
  );
  const at = async (time: number, what: () => unknown) => {
    clock = time;
    what();
    await new Promise((resolve) => setImmediate(resolve));
  };
  await at(1, () => timed.logits(new Float32Array(0)));
  await at(2, () => timed.logits(new Float32Array(0)));
  await at(4, () => ends[0]?.());
  await at(5, () => ends[1]?.());
  await at(9, () => timed.logits(new Float32Array(0)));
  await at(10, () => ends[2]?.());
  expect(total).toBe(4 + 1);
});

test("a pass that fails counts too", async () => {
  let total = 0;
  const model = { logits: () => Promise.reject(new Error("no")) } as unknown as LanguageModel;
  const times = [1, 3];
  const timed = timedModel(
    model,
    (seconds) => (total += seconds),
    () => times.shift() ?? 0,
  );
  await expect(timed.logits(new Float32Array(0))).rejects.toThrow("no");
  expect(total).toBe(2);
});
