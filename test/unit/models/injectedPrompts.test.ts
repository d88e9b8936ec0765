import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hiddenStates } from "../../../src/engine/models/hiddenStates";
import { InjectingModel } from "../../../src/engine/models/injectingModel";
import type { Injection, LanguageModel, PromptTokens } from "../../../src/engine/models/languageModel";
import { loadModel, type LoadedModel } from "../../../src/engine/models/loadModel";
import { Cancelled } from "../../../src/engine/models/modelProblem";
import { openModel } from "../../../src/engine/models/openModel";
import { loadRuntime } from "../../../src/engine/models/runtime";
import { finalOf, release, states, streamOf } from "./states";
import { hidden as width, numbers, plainModel, TinyModel, vocabulary } from "./tinyModel";
import { distance, graphs, hasOthers, inputIds, others, refusal, relativeDistance } from "./support";

const vector = numbers("injected", 64);

describe("prompts with and without vectors", () => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await loadModel(join(graphs, "genai_softcap"));
  });
  afterAll(() => release(model));

  const mixed = Array.from({ length: 70 }, (_, i): PromptTokens => {
    const ids = Array.from({ length: 2 + (i % 4) }, (_, t) => 3 + ((i * 31 + t * 17) % 700));
    const injections = i % 3 === 0 ? [] : [{ layer: i % 5, at: i % 2, vector }];
    return { ids, finalAt: [0, ids.length - 1], residualAt: [1], injections };
  });

  it("do not depend on what else is in the run, and keep their order", async () => {
    const layers = [2, 4];
    const seen: number[] = [];
    const onProgress = (done: number, total: number) => {
      expect(total).toBe(70);
      seen.push(done);
    };
    const together = await hiddenStates(model.hidden, mixed, { layers, onProgress }, model.injecting);
    expect(seen.at(-1)).toBe(70);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(together.tokens).toBe(mixed.reduce((sum, p) => sum + p.ids.length, 0));
    for (const [i, prompt] of mixed.entries()) {
      const alone = await hiddenStates(model.hidden, [prompt], { layers }, model.injecting);
      for (const k of [0, 1]) expect(distance(together.final[i]![k]!, alone.final[0]![k]!)).toBeLessThan(1e-5);
      for (const layer of layers) {
        expect(distance(together.residual.get(layer)![i]![0]!, alone.residual.get(layer)![0]![0]!)).toBeLessThan(1e-5);
      }
    }
  });

  it("add up where several are injected at one place", async () => {
    const half = vector.map((x) => x / 2);
    const at = (vectors: readonly Float32Array[]): Injection[] =>
      vectors.map((part) => ({ layer: 2, at: 1, vector: part }));
    const [prompt = []] = inputIds;
    const twice = await states(model, prompt, at([half, half]));
    expect(finalOf(twice)).toEqual(finalOf(await states(model, prompt, at([vector]))));
  });

  it("can be given up between two batches", async () => {
    const controller = new AbortController();
    const prompts = Array.from({ length: 100 }, () => mixed[1]!);
    const seen: number[] = [];
    const onProgress = (done: number) => {
      seen.push(done);
      controller.abort();
    };
    const options = { layers: [], signal: controller.signal, onProgress };
    const running = hiddenStates(model.hidden, prompts, options, model.injecting);
    await expect(running).rejects.toBeInstanceOf(Cancelled);
    expect(seen).toEqual([32]);
  });

  it("are refused at positions, and with vectors, that do not fit", async () => {
    const run = (injection: Injection) =>
      states(model, [5, 6, 7], [injection]).then(
        () => "done",
        (error: unknown) => String(error),
      );
    expect(await run({ layer: 1, at: 3, vector })).toContain("position 3");
    expect(await run({ layer: 1, at: -1, vector })).toContain("position -1");
    expect(await run({ layer: 1, at: 0, vector: vector.subarray(1) })).toContain("63 numbers");
  });

  it("are refused at layers that the model does not have", async () => {
    const problem = await refusal(() => states(model, [5], [{ layer: 5, at: 0, vector }]));
    expect(problem).toMatchObject({ kind: "model", code: "model-not-injectable" });
    expect(problem.message).toContain("after layer 5: only after 0, 1, 2, 3, 4");
  });
});

describe("the session that vectors are injected into", () => {
  it("is opened once, when first needed, and anew after it was closed", async () => {
    const model = await loadModel(join(graphs, "genai_softcap"));
    const { InferenceSession } = await loadRuntime();
    const opened = vi.spyOn(InferenceSession, "create");
    const injections = [{ layer: 1, at: 0, vector }];
    await states(model, [5, 6]);
    expect(opened).toHaveBeenCalledTimes(0);
    await Promise.all([states(model, [5, 6], injections), states(model, [5, 6, 7], injections)]);
    await states(model, [5, 6], injections);
    expect(opened).toHaveBeenCalledTimes(1);
    await model.injecting.close();
    await states(model, [5, 6], injections);
    expect(opened).toHaveBeenCalledTimes(2);
    opened.mockRestore();
    await release(model);
  });

  it("is refused where nothing injected changes f", async () => {
    const model = await loadModel(join(graphs, "gpt2_plain"));
    const wrong = await loadModel(join(graphs, "var_neox"));
    const problem = await refusal(() => model.injecting.open(wrong.hidden));
    expect(problem).toMatchObject({ kind: "model", code: "model-injection-check" });
    expect(problem.message).toContain("f with zeros injected is off by");
    await release(model);
    await release(wrong);
  });

  it("is refused where a vector does not reach the layer", async () => {
    const model = await loadModel(join(graphs, "gpt2_plain"));
    const { context, sites } = model.injecting;
    const misplaced = sites.slice(1).map((site, i) => ({ ...site, value: sites[i]!.value }));
    const problem = await refusal(() => new InjectingModel(context, misplaced).open(model.hidden));
    expect(problem).toMatchObject({ kind: "model", code: "model-injection-check" });
    expect(problem.message).toContain("layer 3 with a vector injected is off by");
    await release(model);
  });
});

describe("layers that cannot be injected into", () => {
  it("are those that are computed a second time for some reader", async () => {
    const model = plainModel();
    const [middle, branch] = model.nodes.at(-1)!.input as [string, string];
    const again = model.sum(middle, branch);
    const branches = model.sum(model.attention(model.norm(model.stream)), model.mlp(model.norm(again)));
    model.stream = model.sum(model.stream, branches, "h3");
    model.finish();
    const loaded = await loadModel(model.write({ num_hidden_layers: 3 }));
    expect(loaded.injecting.layers).toEqual([0, 1, 3]);
    const problem = await refusal(() => states(loaded, [1, 2], [{ layer: 2, at: 0, vector: numbers("v", width) }]));
    expect(problem.code).toBe("model-not-injectable");
    await release(loaded);
  });

  it("are all where there are no layers", async () => {
    const model = new TinyModel();
    model.embed();
    model.finish();
    const loaded = await loadModel(model.write({}));
    expect(loaded.injecting.layers).toEqual([]);
    const problem = await refusal(() => states(loaded, [1], [{ layer: 0, at: 0, vector: numbers("v", width) }]));
    expect(problem.code).toBe("model-not-injectable");
    expect(problem.message).toContain("its graph shows no layers");
    await release(loaded);
  });
});

describe("a graph that selects the last token before its final norm", () => {
  it("has the same f with vectors injected as one that does not", async () => {
    const whole = plainModel();
    whole.finish();
    const selecting = plainModel();
    const last = selecting.add("Gather", [selecting.stream, selecting.constant(BigInt64Array.of(-1n), [1])], {
      axis: 1n,
    });
    const head = selecting.constant(numbers("head", width * vocabulary), [width, vocabulary]);
    selecting.add("MatMul", [selecting.norm(last), head], {}, "logits");
    const [found, expected] = [await loadModel(selecting.write()), await loadModel(whole.write())];
    expect(found.hidden.lastOnly).toBe(true);
    const injections = [
      { layer: 1, at: 1, vector: numbers("first", width) },
      { layer: 2, at: 3, vector: numbers("second", width) },
    ];
    const ids = [1, 2, 3, 4];
    const actual = await states(found, ids, injections);
    for (const at of ids.keys()) {
      const reached = injections.filter((injection) => injection.at <= at);
      const beginning = await states(expected, ids.slice(0, at + 1), reached);
      expect(distance(actual.final[0]![at]!, beginning.final[0]![at]!), `f at ${at}`).toBeLessThan(1e-5);
    }
    const reference = await states(expected, ids, injections);
    for (const layer of [0, 1, 2]) {
      expect(distance(streamOf(actual, layer), streamOf(reference, layer))).toBeLessThan(1e-5);
    }
    await release(found);
    await release(expected);
  });
});

const vectors = v.array(v.number());
/** Made with PyTorch in float64 by `make.py` beside it. */
const autograd = v.parse(
  v.object({
    prompts: v.array(v.object({ ids: vectors })),
    directions: v.array(vectors),
    injected: v.array(
      v.object({ prompt: v.number(), layer: v.number(), at: v.number(), direction: v.number(), f: vectors }),
    ),
  }),
  JSON.parse(readFileSync(join(graphs, "../jacobian/embedded-small.json"), "utf8")),
);

describe("the embedded model", () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await openModel(resolve(graphs, "../../../models/embedded-small"), { bos: "auto" });
  });
  afterAll(() => model.close());

  it("can be injected into at every layer", () => {
    expect(model.injectable).toEqual([0, 1, 2, 3, 4]);
  });

  it.each(autograd.injected)("gives PyTorch's f: prompt $prompt, layer $layer", async (injected) => {
    const { ids } = autograd.prompts[injected.prompt]!;
    const direction = Float32Array.from(autograd.directions[injected.direction]!);
    const injections = [{ layer: injected.layer, at: injected.at, vector: direction }];
    const run = async (more: Partial<PromptTokens>) =>
      (await model.forward([{ ids, finalAt: [ids.length - 1], residualAt: [], ...more }], { layers: [] }))
        .final[0]![0]!;
    expect(relativeDistance(await run({ injections }), injected.f)).toBeLessThan(2e-6);
    expect(relativeDistance(await run({}), injected.f)).toBeGreaterThan(1e-2);
  });
});

describe.skipIf(!hasOthers)("models made by others", () => {
  // Its layers look up the tokens' ids again, so that f depends on more than the stream.
  it("with embeddings for each layer take the vector, but not the other prompt's f", async () => {
    const model = await loadModel(join(others, "models/ple-D96-s0"));
    expect(model.injecting.layers).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const [prompt, other] = [
      [5, 17, 99, 3],
      [8, 200, 31, 64],
    ];
    const [plain, target] = [await states(model, prompt), await states(model, other)];
    for (const layer of model.injecting.layers) {
      const injections = prompt.map((_, at): Injection => {
        const from = plain.residual.get(layer)![0]![at]!;
        return { layer, at, vector: Float32Array.from(target.residual.get(layer)![0]![at]!, (x, i) => x - from[i]!) };
      });
      const injected = await states(model, prompt, injections);
      expect(relativeDistance(streamOf(injected, layer), streamOf(target, layer))).toBeLessThan(1e-5);
      const error = relativeDistance(finalOf(injected), finalOf(target));
      if (layer === 6) expect(error).toBeLessThan(1e-5);
      else expect(error, `layer ${layer}`).toBeGreaterThan(1e-2);
    }
    await release(model);
  });

  it("with a fused embedding take vectors at all layers but that one", async () => {
    const model = await loadModel(join(others, "exports/genai-tiny-random-gpt2-fp32"));
    expect(model.injecting.layers).toEqual([1, 2, 3, 4, 5]);
    await model.injecting.open(model.hidden);
    await release(model);
  });

  it("that are recurrent take none", async () => {
    const model = await openModel(join(others, "models/lstm-c3M-s0"), { bos: "auto" });
    expect(model.injectable).toEqual([]);
    const injections = [{ layer: 0, at: 0, vector: new Float32Array(128) }];
    const prompt = { ids: [5], finalAt: [0], residualAt: [], injections };
    expect((await refusal(() => model.forward([prompt], { layers: [] }))).code).toBe("model-not-injectable");
    await model.close();
  });
});
