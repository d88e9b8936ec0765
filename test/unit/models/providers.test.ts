import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { contributes } from "../../../package.json";
import { analyze, describe as describeModel } from "../../../src/engine/engine";
import { checkNames } from "../../../src/engine/models/checks";
import { finalName } from "../../../src/engine/models/editGraph";
import { loadModel, type LoadedModel, type LoadOptions } from "../../../src/engine/models/loadModel";
import { openModel } from "../../../src/engine/models/openModel";
import { chooseProvider } from "../../../src/engine/models/providers";
import { floats, loadRuntime, runSession } from "../../../src/engine/models/runtime";
import { executionProviders, type AnalyzeSettings } from "../../../src/protocol/engine";
import { graphFolder } from "./graphFolder";
import { distance } from "./support";

const opened: LoadedModel[] = [];
afterEach(async () => {
  for (const { hidden } of opened.splice(0)) await hidden.session.release();
});

async function load(options: LoadOptions, folder = graphFolder("gpt2_tied")): Promise<LoadedModel> {
  const model = await loadModel(folder, options);
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
  const all = [
    ...["gpt2_plain", "gpt2_tied", "gpt2_fp16", "gpt2_int8", "llama_plain", "llama_ext", "llama_merged", "llama_int8"],
    ...["genai_fp32", "genai_softcap", "genai_q4", "genai_q4f16", "var_gemma2", "var_neox"],
  ];

  it.each(all)("gives what a small one does (%s)", async (graph) => {
    const folder = graphFolder(graph);
    const small = await load({}, folder);
    const large = await load({ largeBytes: 0 }, folder);
    const { checks, ...description } = large.description;
    expect(small.description).toMatchObject(description);
    // Of one row instead of four, and of the session that stays open.
    const head = ({ name }: { name: string }) => name === checkNames.head;
    expect(checks.filter((c) => !head(c))).toEqual(small.description.checks.filter((c) => !head(c)));
    const { value, tolerance, ok } = checks.find(head)!;
    expect(ok).toBe(true);
    expect(value).toBeLessThan(tolerance);
    expect(large.head.weight).toEqual(small.head.weight);
    expect(await finalStates(large)).toEqual(await finalStates(small));
  });

  it.each([
    ["gpt2_tied", 3],
    ["gpt2_int8", 0],
  ] as const)("is checked in sessions that copy no weights, unless these are quantised (%s)", async (graph, count) => {
    const { InferenceSession } = await loadRuntime();
    const create = vi.spyOn(InferenceSession, "create");
    try {
      await load({ largeBytes: 0 }, graphFolder(graph));
      const extra = create.mock.calls.map(([, options]) => JSON.stringify(options));
      expect(extra).toHaveLength(4);
      expect(extra.map((text) => text.includes("disable_prepacking"))).toEqual(extra.map((_, i) => i < count));
      expect(extra.map((text) => text.includes("ConstantFolding"))).toEqual(extra.map((_, i) => i < count));
    } finally {
      create.mockRestore();
    }
  });
});
