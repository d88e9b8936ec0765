import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { hiddenStates } from "../../../src/engine/models/hiddenStates";
import { loadModel, type LoadedModel } from "../../../src/engine/models/loadModel";
import { Cancelled } from "../../../src/engine/models/modelProblem";
import { hidden as width, numbers, plainModel, vocabulary } from "./tinyModel";
import { distance, graphs } from "./support";

const prompt = (ids: readonly number[], finalAt = [ids.length - 1], residualAt: readonly number[] = []) => ({
  ids,
  finalAt,
  residualAt,
});

describe("hidden states of prompts", () => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await loadModel(join(graphs, "genai_softcap"));
  });
  afterAll(async () => {
    await model.hidden.session.release();
  });

  it("do not depend on what else is in the run", async () => {
    const prompts = Array.from({ length: 75 }, (_, i) =>
      prompt(
        Array.from({ length: 2 + (i % 4) }, (_, t) => 3 + ((i * 31 + t * 17) % 700)),
        [0, 1],
        [1],
      ),
    );
    const together = await hiddenStates(model.hidden, prompts, { layers: [3, 1] });
    expect(together.tokens).toBe(prompts.reduce((sum, p) => sum + p.ids.length, 0));
    expect([...together.residual.keys()]).toEqual([3, 1]);
    for (const i of [0, 1, 42, 74]) {
      const alone = await hiddenStates(model.hidden, [prompts[i]!], { layers: [3, 1] });
      for (const k of [0, 1]) expect(distance(together.final[i]![k]!, alone.final[0]![k]!)).toBeLessThan(1e-5);
      for (const layer of [1, 3]) {
        expect(distance(together.residual.get(layer)![i]![0]!, alone.residual.get(layer)![0]![0]!)).toBeLessThan(1e-5);
      }
    }
  });

  it("at a token depend on nothing after it", async () => {
    const { final } = await hiddenStates(model.hidden, [prompt([5, 17, 99, 3], [1, 3]), prompt([5, 17])], {
      layers: [],
    });
    expect(distance(final[0]![0]!, final[1]![0]!)).toBeLessThan(1e-5);
    expect(distance(final[0]![1]!, final[1]![0]!)).toBeGreaterThan(1e-2);
  });

  it("can be given up between two batches", async () => {
    const controller = new AbortController();
    const prompts = Array.from({ length: 100 }, () => prompt([5, 17, 99]));
    const seen: number[] = [];
    const running = hiddenStates(model.hidden, prompts, {
      layers: [],
      signal: controller.signal,
      onProgress: (done, total) => {
        expect(total).toBe(100);
        seen.push(done);
        controller.abort();
      },
    });
    await expect(running).rejects.toBeInstanceOf(Cancelled);
    expect(seen).toEqual([32]);
  });

  it("let other work happen between two batches", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    await hiddenStates(
      model.hidden,
      Array.from({ length: 400 }, () => prompt([5, 17, 99])),
      { layers: [] },
    );
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it("are refused for layers and positions that do not exist", async () => {
    await expect(hiddenStates(model.hidden, [prompt([5])], { layers: [5] })).rejects.toThrow("no layer 5");
    await expect(hiddenStates(model.hidden, [prompt([5], [1])], { layers: [] })).rejects.toThrow("position 1");
  });
});

describe("a graph that selects the last token before its final norm", () => {
  it("is run once for every position that is asked for", async () => {
    const whole = plainModel();
    whole.finish();
    const selecting = plainModel();
    const last = selecting.add("Gather", [selecting.stream, selecting.constant(BigInt64Array.of(-1n), [1])], {
      axis: 1n,
    });
    selecting.add(
      "MatMul",
      [selecting.norm(last), selecting.constant(numbers("head", width * vocabulary), [width, vocabulary])],
      {},
      "logits",
    );

    const prompts = [prompt([1, 2, 3, 4], [3, 1], [2]), prompt([4, 3], [0, 1], [0])];
    const layers = [0, 2];
    const found = await loadModel(selecting.write());
    const expected = await loadModel(whole.write());
    expect([expected.hidden.lastOnly, found.hidden.lastOnly]).toEqual([false, true]);
    const states = await hiddenStates(found.hidden, prompts, { layers });
    const streams = await hiddenStates(expected.hidden, prompts, { layers });
    for (const [i, { ids, finalAt }] of prompts.entries()) {
      expect(states.final[i]!.length).toBe(finalAt.length);
      for (const [k, at] of finalAt.entries()) {
        const beginning = prompt(ids.slice(0, at + 1));
        const { final } = await hiddenStates(expected.hidden, [beginning], { layers: [] });
        expect(distance(states.final[i]![k]!, final[0]![0]!)).toBeLessThan(1e-5);
      }
      for (const l of layers) {
        expect(distance(states.residual.get(l)![i]![0]!, streams.residual.get(l)![i]![0]!)).toBeLessThan(1e-5);
      }
    }
  });
});
