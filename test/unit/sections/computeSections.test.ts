import { setMaxListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inline } from "../../../src/engine/compute/tasks";
import { computeSections } from "../../../src/engine/sections/computeSections";
import type { LanguageModel } from "../../../src/engine/models/languageModel";
import type { Study } from "../../../src/engine/sections/study";
import { sections } from "../../../src/protocol/report";
import { linearModel, linearStudy } from "./linearModel";

/** The linear model, which takes a word that it does not know for another. */
function obligingModel(): LanguageModel {
  const model = linearModel();
  const encode = (text: string) =>
    (text.match(/\S+/g) ?? []).reduce((ids, word) => {
      try {
        return [...ids, ...model.tokenizer.encode(word).slice(1)];
      } catch {
        return [...ids, ...model.tokenizer.encode("w0").slice(1)];
      }
    }, model.tokenizer.encode(""));
  return { ...model, tokenizer: { ...model.tokenizer, encode } };
}

/** A study that counts what it does, and is cancelled in the middle of the step with a given number. */
function cancelledAt(step: number, study: Study): { readonly study: Study; readonly steps: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  setMaxListeners(0, signal);
  let steps = 0;
  /** As worker threads do it: what is under way is rejected at once. */
  const cancellable = <T>(run: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (++steps === step) controller.abort();
      const stop = () => reject(signal.reason as Error);
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener("abort", stop, { once: true });
      turn().then(run).then(resolve, reject);
    });
  const { model } = study;
  return {
    steps: () => steps,
    study: {
      ...study,
      signal,
      compute: { run: (...args) => cancellable(() => inline.run(...args)) },
      model: { ...model, forward: (...args) => cancellable(() => model.forward(...args)) },
      pause: () => cancellable(() => Promise.resolve()),
    },
  };
}

const run = (study: Study) =>
  computeSections(sections, {
    studyOf: () => study,
    stage: (_, stage) => stage(),
    onFigures: () => undefined,
  });

describe("all sections together", () => {
  let study: Study;
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => unhandled.push(reason);
  beforeAll(async () => {
    ({ study } = await linearStudy({ model: obligingModel() }));
    process.on("unhandledRejection", listen);
  });
  afterAll(() => {
    process.off("unhandledRejection", listen);
  });

  it("reject once when they are cancelled, whatever is under way", async () => {
    const whole = cancelledAt(Infinity, study);
    await run(whole.study);
    const steps = whole.steps();
    expect(steps).toBeGreaterThan(100);
    // Most is started by the first steps.
    const places = [
      ...Array.from({ length: 20 }, (_, k) => 1 + 2 * k),
      ...Array.from({ length: 4 }, (_, k) => Math.floor((steps * (k + 1)) / 5)),
    ];
    for (const step of places) {
      await expect(run(cancelledAt(step, study).study), `step ${step}`).rejects.toThrow("aborted");
      await turn();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unhandled).toEqual([]);
  });
});
