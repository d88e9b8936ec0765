import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyze } from "../../../src/engine/engine";
import type { AnalyzeOutcome, AnalyzeSettings, Progress } from "../../../src/protocol/engine";
import { sections, type Report } from "../../../src/protocol/report";

const root = join(import.meta.dirname, "../../..");
const superlative = join(root, "samples/superlative.relation.yaml");
const settings: AnalyzeSettings = { model: null, seed: 1, only: sections, layers: "all", bos: "auto", twins: 1 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "relation-lens-"));
});
afterAll(() => rm(folder, { recursive: true }));

function run(
  params: Partial<Parameters<typeof analyze>[0]> = {},
  hooks: Partial<Parameters<typeof analyze>[1]> = {},
): Promise<AnalyzeOutcome> {
  return analyze(
    { file: superlative, settings, ...params },
    { signal: new AbortController().signal, onProgress: () => undefined, ...hooks },
  );
}

async function reportOf(params: Partial<Parameters<typeof analyze>[0]> = {}): Promise<Report> {
  const outcome = await run(params);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

describe("a report on the embedded model", () => {
  let report: Report;
  const seen: Progress[] = [];
  const activations = () => join(folder, "superlative.safetensors");
  beforeAll(async () => {
    const outcome = await run({ activations: activations() }, { onProgress: (progress) => seen.push(progress) });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    report = outcome.value;
  });

  it("is the same to the last digit for the same file, model and seed", async () => {
    const again = await reportOf();
    expect({ ...again, timing: null }).toEqual({ ...report, timing: null });
  });

  it("survives JSON: every number is finite and nothing is undefined", () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    const bad: string[] = [];
    const walk = (value: unknown, path: string) => {
      if (typeof value === "number" && !Number.isFinite(value)) bad.push(path);
      if (typeof value === "object" && value !== null) {
        for (const [key, child] of Object.entries(value)) walk(child, `${path}.${key}`);
      }
    };
    walk(report, "report");
    expect(bad).toEqual([]);
  });

  it("has every section, with n, null and interval", () => {
    const samples = report.relation.samples.length;
    expect(report.prompts).toHaveLength(samples * report.relation.templates.length);
    expect(report.parallelism?.distributional?.matrix).toHaveLength(report.parallelism?.pairs.length ?? -1);
    expect(report.parallelism?.slopes).toHaveLength(report.parallelism?.pairs.length ?? -1);
    for (const template of report.relation.templates) {
      const own = report.linearity.filter((fit) => fit.template === template);
      const estimators = (layer: "final" | number) =>
        own.filter((fit) => fit.layer === layer).map(({ estimator }) => estimator);
      expect(estimators("final")).toEqual(["leastSquares", "kl", "mean", "identity", "translation", "shuffled"]);
      const kl = template === report.relation.templates[0] ? ["kl"] : [];
      for (const layer of [0, 1, 2, 3, 4]) {
        expect(estimators(layer)).toEqual(["leastSquares", ...kl, "mean", "shuffled"]);
      }
    }
    const own = report.linearity.find(({ estimator }) => estimator === "leastSquares");
    expect(own).toMatchObject({ n: samples, heldOut: "leave one subject out" });
    expect(own?.interval?.[0]).toBeLessThan(own?.r2Logit ?? -1);
    expect(report.linearity.find(({ estimator }) => estimator === "mean")?.r2Logit).toBe(0);
    expect(new Set(report.probes.map(({ layer }) => layer))).toEqual(new Set([0, 1, 2, 3, 4, "final"]));
    const paraphrases = report.subspaces.filter(
      ({ between, layers }) => between === "templates" && layers?.[0] === "final",
    );
    expect(paraphrases).toHaveLength(3);
    // Paraphrases of one question overlap more than fits that share no more than their subjects.
    for (const { overlap, overlapExpected } of paraphrases) expect(overlap).toBeGreaterThan(overlapExpected);
    expect(report.linearityTransfer?.r2OwnIntercept).toHaveLength(report.relation.templates.length);
    expect(report.conceptDirections?.names).toHaveLength(3);
    expect(report.erasure.length).toBeGreaterThan(0);
    expect(new Set(report.steering.map(({ method }) => method))).toContain("minimumNorm");
    expect(report.coupling?.names.length).toBeGreaterThan(2);
    expect(report.parallelism?.distributional?.identifiable).toBe("always");
    expect(report.parallelism?.causal?.identifiable).toBe("underDiversity");
    expect(report.parallelism?.euclidean?.identifiable).toBe("never");
    const tops = new Set(report.prompts.map(({ predictedToken }) => predictedToken.id));
    expect(report.linearity.find(({ template }) => template === "*")?.distinctTopAnswers).toBe(tops.size);
    expect(report.model.checks.every(({ ok }) => ok)).toBe(true);
    expect(report.model.checks.length).toBeGreaterThanOrEqual(3);
  });

  it("reports progress that never falls, and parts that are final", () => {
    const fractions = seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeLessThanOrEqual(1);
    const parts = Object.assign({}, ...seen.map(({ partial }) => partial)) as Partial<Report>;
    const untested = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (key, child: unknown) => (key === "identifiable" ? null : child))) as unknown;
    expect(parts.parallelism).toEqual(untested(report.parallelism));
    expect(parts.probes).toEqual(untested(report.probes));
    expect(parts.steering).toEqual(untested(report.steering));
  });

  it("agrees with the activations that it writes", async () => {
    const bytes = await readFile(activations());
    const headerSize = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + headerSize).toString()) as Record<
      string,
      { shape: number[]; data_offsets: [number, number] }
    >;
    const tensor = (name: string) => {
      const [from, to] = header[name]?.data_offsets ?? [0, 0];
      const at = bytes.subarray(8 + headerSize + from, 8 + headerSize + to);
      return Float32Array.from({ length: at.length / 4 }, (_, i) => at.readFloatLE(4 * i));
    };
    const prompts = report.prompts.length;
    const width = report.model.hiddenSize;
    expect(header["f"]?.shape).toEqual([prompts, width]);
    expect(header["h.0"]?.shape).toEqual([prompts, width]);
    const [f, g, logProbabilities] = [tensor("f"), tensor("g"), tensor("log_probabilities")];
    const tokens = g.length / width;
    const ids = Array.from({ length: tokens }, (_, k) => {
      const [from = 0] = header["token_ids"]?.data_offsets ?? [];
      return Number(bytes.readBigInt64LE(8 + headerSize + from + 8 * k));
    });
    // The report's own log-probabilities, and the log-ratios that f and g give, are those of the file.
    report.prompts.forEach(({ answerToken, logProbability }, i) => {
      const k = ids.indexOf(answerToken.id);
      expect(logProbabilities[i * tokens + k]).toBeCloseTo(logProbability, 4);
      let ratio = 0;
      for (let j = 0; j < width; j++) ratio += (f[i * width + j] ?? 0) * ((g[k * width + j] ?? 0) - (g[j] ?? 0));
      expect(ratio).toBeCloseTo((logProbabilities[i * tokens + k] ?? 0) - (logProbabilities[i * tokens] ?? 0), 3);
    });
  });
});

describe("a relation that is not linear", () => {
  // The KL of its held-out answers has a false minimum at small λ, from which it rises before it falls to the mean's.
  it("has no map by KL that loses more than the mean answer does, and none that changes answers", async () => {
    const { linearity } = await reportOf({
      file: join(root, "samples/equality.relation.yaml"),
      settings: { ...settings, only: ["linearity"], layers: [0], twins: 0 },
    });
    const ofEstimator = (name: string) =>
      linearity.filter(({ estimator, layer, template }) => estimator === name && layer === "final" && template !== "*");
    const means = ofEstimator("mean").map(({ klInAnswers }) => klInAnswers ?? NaN);
    expect(means).toHaveLength(3);
    ofEstimator("kl").forEach(({ klInAnswers }, t) => expect(klInAnswers).toBeLessThan(means[t] ?? NaN));
    for (const { rank, causality } of linearity) if (rank === null) expect(causality).toBeNull();
  });
});

describe("what a person may choose", () => {
  it("sections and layers", async () => {
    const report = await reportOf({ settings: { ...settings, only: ["probes"], layers: [0, 2] } });
    expect(report.parallelism).toBeNull();
    expect(report.linearity).toEqual([]);
    expect(new Set(report.probes.map(({ layer }) => layer))).toEqual(new Set([0, 2, "final"]));
  });

  it("a layer that is not there is refused by name", async () => {
    const outcome = await run({ settings: { ...settings, layers: [9] } });
    expect(outcome.ok).toBe(false);
    expect(outcome.problems[0]).toMatchObject({ code: "layer-not-there", message: "The model has no layer 9." });
  });

  it("a folder that is no model is refused, and the engine goes on", async () => {
    const outcome = await run({ settings: { ...settings, model: folder } });
    expect(outcome.ok).toBe(false);
    expect(outcome.problems[0]?.kind).toBe("model");
    expect((await run({ settings: { ...settings, only: ["parallelism"] } })).ok).toBe(true);
  });

  it("the unsaved text of the editor", async () => {
    const text = (await readFile(superlative, "utf8")).replace("name: superlative", "name: unsaved");
    const report = await reportOf({ text, settings: { ...settings, only: ["parallelism"] } });
    expect(report.relation.name).toBe("unsaved");
  });
});

describe("a cancellation", () => {
  it("ends the run between two steps", async () => {
    const controller = new AbortController();
    const running = run(
      {},
      { signal: controller.signal, onProgress: ({ phase }) => phase === "linearity" && controller.abort() },
    );
    await expect(running).rejects.toThrow();
  });
});

describe("relations with little in them", () => {
  const write = async (text: string) => {
    const file = join(folder, "little.relation.yaml");
    await writeFile(file, text);
    return file;
  };

  it("without objects take the model's own answers, and say so", async () => {
    const samples = ["easy", "lucky", "happy", "fast"].map((subject) => `  - { subject: ${subject} }`).join("\n");
    const file = await write(`name: bare\nprompt_templates: ["The superlative of {} is"]\nsamples:\n${samples}\n`);
    const report = await reportOf({ file });
    expect(report.warnings.map(({ code }) => code)).toContain("no-objects");
    expect(report.prompts.every(({ rank, object }) => rank === 1 && object === null)).toBe(true);
    expect(report.parallelism).toBeNull();
  });

  it("with some objects alone say so", async () => {
    const samples = ["easy", "lucky", "fast"].map((subject) => `  - { subject: ${subject} }`).join("\n");
    const file = await write(
      `name: half\nprompt_templates: ["The superlative of {} is"]\nsamples:\n${samples}\n  - { subject: old, object: oldest }\n`,
    );
    const { warnings } = await reportOf({ file, settings: { ...settings, only: ["linearity"] } });
    expect(warnings.find(({ code }) => code === "some-without-object")?.message).toContain("3 of 4 samples");
  });

  it("with objects that begin with one token are told at their line", async () => {
    const file = await write(
      'name: c\nprompt_templates: ["The thing of {} is"]\nsamples:\n  - { subject: easy, object: qqa }\n  - { subject: lucky, object: qqb }\n  - { subject: fast, object: fastest }\n',
    );
    const outcome = await run({ file });
    expect(outcome.ok).toBe(true);
    expect(outcome.problems).toMatchObject([
      { code: "answers-share-first-token", severity: "warning", position: { line: 5 }, file },
    ]);
  });

  it("with no two answers to tell apart are refused", async () => {
    const file = await write(
      'name: c\nprompt_templates: ["The thing of {} is"]\nsamples:\n  - { subject: easy, object: qqa }\n  - { subject: lucky, object: qqb }\n  - { subject: fast, object: qqc }\n',
    );
    const outcome = await run({ file });
    expect(outcome).toMatchObject({ ok: false, problems: [{ severity: "error", position: { line: 5 } }] });
  });
});
