import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { contributes } from "../../../package.json";
import { analyze, describe as describeModel } from "../../../src/engine/engine";
import { finalName } from "../../../src/engine/models/editGraph";
import { loadModel, type LoadedModel, type LoadOptions } from "../../../src/engine/models/loadModel";
import { openModel } from "../../../src/engine/models/openModel";
import { chooseProvider } from "../../../src/engine/models/providers";
import { floats, loadRuntime, runSession } from "../../../src/engine/models/runtime";
import { executionProviders, type AnalyzeSettings } from "../../../src/protocol/engine";
import { distance, graphs } from "./support";

const opened: LoadedModel[] = [];
afterEach(async () => {
  for (const { hidden } of opened.splice(0)) await hidden.session.release();
});

async function load(options: LoadOptions): Promise<LoadedModel> {
  const model = await loadModel(join(graphs, "gpt2_tied"), options);
  opened.push(model);
  return model;
}

async function finalStates({ hidden }: LoadedModel): Promise<Float32Array> {
  const feeds = hidden.inputs.feeds(hidden.runtime, [[3, 1, 4, 1, 5]]);
  return floats((await runSession(hidden.session, feeds, [finalName])).get(finalName));
}

/** None of the three systems that have both of these has the other's. */
const elsewhere = process.platform === "win32" ? "coreml" : "dml";

describe("execution providers", () => {
  it("are those that the setting offers", () => {
    const setting = contributes.configuration.properties["relationLens.executionProvider"];
    expect(setting.enum).toEqual(executionProviders);
    expect(setting.markdownEnumDescriptions).toHaveLength(executionProviders.length);
  });

  it("auto and cpu are the CPU, with the threads asked for", async () => {
    for (const wanted of ["auto", "cpu"] as const) {
      expect(await chooseProvider(wanted, 2)).toEqual({
        execution: { provider: "cpu", threads: 2 },
        fallback: null,
      });
    }
  });

  it("one that this system does not offer falls back to the CPU and says why", async () => {
    const { execution, fallback } = await chooseProvider(elsewhere, 0);
    expect(execution.provider).toBe("cpu");
    expect(fallback).toContain(`${elsewhere} cannot be used here`);
    const offered = (await loadRuntime()).listSupportedBackends().map(({ name }) => name);
    expect(fallback).toContain(offered.join(", "));
  });

  it("every one either runs or falls back", async () => {
    for (const wanted of executionProviders) {
      const { execution, fallback } = await chooseProvider(wanted, 0);
      expect(execution.provider === "cpu").toBe(fallback !== null || wanted === "auto" || wanted === "cpu");
    }
  });

  it("a model that was opened with the fallback says so and works", async () => {
    const folder = join(import.meta.dirname, "../../../models/embedded-small");
    const model = await openModel(folder, { bos: "auto", provider: elsewhere });
    const usual = await openModel(folder, { bos: "auto" });
    try {
      expect(model.description.providerFallback).toContain(elsewhere);
      expect(usual.description.providerFallback).toBeUndefined();
      expect(model.description.checks).toEqual(usual.description.checks);
    } finally {
      await model.close();
      await usual.close();
    }
  });

  it("the report warns of it", async () => {
    const settings: AnalyzeSettings = {
      model: null,
      seed: 0,
      only: ["parallelism"],
      layers: "last",
      bos: "auto",
      provider: elsewhere,
      threads: 1,
    };
    const file = join(import.meta.dirname, "../../../samples/superlative.relation.yaml");
    const outcome = await analyze(
      { file, settings },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    const warnings = outcome.value.warnings.filter(({ code }) => code === "provider-fallback");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(elsewhere);
    expect(outcome.value.settings).toMatchObject({ provider: elsewhere, threads: 1 });
  });
});

describe("a description of a model", () => {
  const hooks = { signal: new AbortController().signal, onProgress: () => undefined };

  it("is of the model as it runs on the provider asked for, or says why it is not", async () => {
    const outcome = await describeModel({ model: "embedded-small", provider: elsewhere }, hooks);
    const usual = await describeModel({ model: "embedded-small" }, hooks);
    if (!outcome.ok || !usual.ok) throw new Error(JSON.stringify([outcome.problems, usual.problems]));
    const { providerFallback, ...description } = outcome.value;
    expect(providerFallback).toContain(`${elsewhere} cannot be used here`);
    expect(description).toEqual(usual.value);
  });

  it("is made with the threads asked for, in every session", async () => {
    const { InferenceSession } = await loadRuntime();
    const create = vi.spyOn(InferenceSession, "create");
    try {
      expect(await describeModel({ model: "embedded-small", threads: 3 }, hooks)).toMatchObject({ ok: true });
      const threads = create.mock.calls.map(
        ([, options]) => (options as { intraOpNumThreads?: number }).intraOpNumThreads,
      );
      expect(threads.length).toBeGreaterThan(2);
      expect(new Set(threads)).toEqual(new Set([3]));
    } finally {
      create.mockRestore();
    }
  });

  it("is given up when it is cancelled", async () => {
    const cancelled = describeModel({ model: "embedded-small" }, { ...hooks, signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toThrow(/abort|cancel/i);
  });
});

describe("threads", () => {
  it("change no figure beyond rounding", async () => {
    const one = await finalStates(await load({ execution: { provider: "cpu", threads: 1 } }));
    const two = await finalStates(await load({ execution: { provider: "cpu", threads: 2 } }));
    expect(distance(one, two)).toBeLessThan(1e-5);
  });
});

describe("a large model", () => {
  it("gives what a small one does, with one session open at a time", async () => {
    const small = await load({});
    const large = await load({ largeBytes: 0 });
    expect(large.description).toEqual(small.description);
    expect(large.head.weight).toEqual(small.head.weight);
    expect(await finalStates(large)).toEqual(await finalStates(small));
  });
});
