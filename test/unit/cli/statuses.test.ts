import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProblemError, type ProblemKind } from "../../../src/protocol/problem";
import { description, report, run } from "./support";

const head = 'name: superlative\nprompt_templates:\n  - "The superlative of {} is"\n';
const three =
  "samples:\n  - { subject: easy, object: easiest }\n  - { subject: big, object: biggest }\n  - { subject: old, object: oldest }\n";
let cwd = "";
let good = "";

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "relation-lens-"));
  good = join(cwd, "good.relation.yaml");
  await writeFile(good, head + three);
});
afterAll(() => rm(cwd, { recursive: true }));

const many = Array.from({ length: 5000 }, (_, i) => `  - { subject: a${i}, object: b${i} }\n`).join("");

/** A file's content, and the place and the words of the remedy in the message. */
const bad: [string, string | Buffer, string, string][] = [
  ["broken YAML", head + three + "pairs: [\n", ":8:8: ", "brackets"],
  ["a missing slot", head.replace("{}", "it") + three, ":3:5: ", "Write {}"],
  ["duplicate subjects", head + three + "  - { subject: big, object: bigger }\n", ":8:16: ", "Keep the one"],
  ["wrong types", head + "samples: 3\n", ":4:10: ", "one entry per line"],
  ["no samples", head + "samples: []\n", ":4:1: ", "Add samples"],
  ["one sample", head + "samples:\n  - { subject: a, object: b }\n", ":4:1: ", "Add samples"],
  ["5,000 samples", `${head}samples:\n${many}`, ":4:1: ", "random part"],
  ["an empty template", head.replace("The superlative of {} is", "") + three, ":3:5: ", "Write a prompt"],
  ["binary content", Buffer.from([0x61, 0x0a, 0, 1, 2, 3]), ":2:1: ", "UTF-8"],
  ["nothing", "", ":1:1: ", "samples"],
];

describe("input that cannot be used ends with status 2 and a place and a remedy:", () => {
  it.each(bad)("%s", async (_, content, place, remedy) => {
    const file = join(cwd, "bad.relation.yaml");
    await writeFile(file, content);
    const { status, out, err } = await run(["analyze", file, "--out", "-"], { cwd });
    expect(status, err).toBe(2);
    expect(err).toContain(`bad.relation.yaml${place}`);
    expect(err).toContain(remedy);
    expect(err).not.toMatch(/^\s+at /m);
    expect(err.split("\n").length).toBeLessThan(10);
    // One sample still gives the prompts; the others give nothing.
    if (out !== "") expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, parallelism: null });
  });

  it("a file of 50 MB", async () => {
    const file = join(cwd, "large.relation.yaml");
    await writeFile(file, head);
    await truncate(file, 50_000_000);
    const { status, err } = await run(["analyze", file], { cwd });
    expect(status).toBe(2);
    expect(err).toMatch(/large\.relation\.yaml: error: .*50\.0 MB.*1 MB/);
  });

  it("a missing file, among others that are good", async () => {
    let calls = 0;
    const analyze = () =>
      Promise.resolve({ ok: true as const, value: report, problems: [] }).finally(() => (calls += 1));
    const { status, err } = await run(["analyze", good, join(cwd, "none.yaml")], { cwd, engine: { analyze } });
    expect(status).toBe(2);
    expect(err).toContain("none.yaml: error: There is no such file.");
    expect(calls).toBe(0);
  });
});

describe("exit status", () => {
  it.each([
    ["usage", 1],
    ["input", 2],
    ["model", 3],
    ["internal", 70],
  ] satisfies [ProblemKind, number][])("of a problem of kind %s is %i", async (kind, status) => {
    const problems = [
      { kind, code: "some-code", severity: "error" as const, message: "It is so.", remedy: "Do this." },
    ];
    const outcome = await run(["analyze", good], {
      cwd,
      engine: { analyze: () => Promise.resolve({ ok: false, problems }) },
    });
    const thrown = await run(["model", "m"], {
      engine: { describe: () => Promise.reject(new ProblemError(problems)) },
    });
    for (const ran of [outcome, thrown]) {
      expect(ran.status).toBe(status);
      expect(ran.err).toContain("error: It is so. Do this. [some-code]\n");
      expect(ran.out).toBe("");
    }
  });

  it("of a fault is 70, in one line; the trace is there with --verbose", async () => {
    const engine = { analyze: () => Promise.reject(new TypeError("x is undefined")) };
    const quiet = await run(["analyze", good], { cwd, engine });
    expect(quiet.status).toBe(70);
    expect(quiet.err).toBe(
      "error: Relation Lens stopped because of a fault of its own: x is undefined. Run again with --verbose for details.\n",
    );
    const verbose = await run(["analyze", good, "--verbose"], { cwd, engine });
    expect(verbose.status).toBe(70);
    expect(verbose.err).toMatch(/^\s+at /m);
  });

  it("of a model whose check fails is 3, with the description still printed", async () => {
    const checks = [{ name: "head", value: 1, tolerance: 1e-3, ok: false }];
    const describe = () => Promise.resolve({ ok: true as const, value: { ...description, checks }, problems: [] });
    const { status, out } = await run(["model", "m", "--json"], { engine: { describe } });
    expect(status).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ hiddenSize: 8, checks });
  });

  it("of an interruption is 130, also when the engine does not stop", async () => {
    const controller = new AbortController();
    const stops = (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((__, reject) => signal.addEventListener("abort", () => reject(new Error("Cancelled."))));
    const ran = run(["analyze", good, "--out", "-"], { cwd, signal: controller.signal, engine: { analyze: stops } });
    setTimeout(() => controller.abort(), 50);
    expect(await ran).toEqual({ status: 130, out: "", err: "Interrupted.\n" });

    const deaf = new AbortController();
    const stuck = run(["analyze", good], {
      cwd,
      signal: deaf.signal,
      engine: { analyze: () => new Promise(() => undefined) },
    });
    const began = performance.now();
    deaf.abort();
    expect((await stuck).status).toBe(130);
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe("streams", () => {
  it("--out - prints JSON on standard output and nothing else", async () => {
    const { status, out, err } = await run(["analyze", good, "--out", "-", "--verbose"], { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, relation: { name: "superlative", file: good } });
    expect(out).toContain("[1, 0.7123]");
    expect(err).toContain("a line of the log");
  });

  it("progress is a line per phase where there is no terminal, and a bar where there is", async () => {
    const plain = await run(["analyze", good], { cwd });
    expect(plain.err).toBe("good.relation.yaml: opening the model\ngood.relation.yaml: parallelism\n");
    const terminal = await run(["analyze", good], { cwd, terminal: true });
    expect(terminal.err).toContain("50% parallelism · 1 of 2");
    expect(terminal.err.endsWith("\r\u001b[K")).toBe(true);
    expect(terminal.err).not.toContain("\n");
  });

  it("warnings of the file are printed once", async () => {
    const file = join(cwd, "warned.relation.yaml");
    await writeFile(file, head + three + "zzz: 1\n");
    const { status, err } = await run(["analyze", file], { cwd });
    expect(status).toBe(0);
    expect(err.match(/warned\.relation\.yaml:8:1: warning: /g)).toHaveLength(1);
  });

  it("the model is described in JSON with the keys of the contract", async () => {
    const { out } = await run(["model", "m", "--json"]);
    expect(Object.keys(JSON.parse(out) as object)).toEqual(
      expect.arrayContaining([
        "file",
        "hiddenSize",
        "vocabularySize",
        "layers",
        "dtype",
        "head",
        "hasTokenizer",
        "checks",
      ]),
    );
    expect((await run(["model", "m"])).out).toContain("ok      head reproduces the logits: 2.5e-7 (at most 1.0e-3)");
  });

  it("the model is opened on the provider and with the threads asked for, and a stand-in is named", async () => {
    const asked: unknown[] = [];
    const providerFallback = "The execution provider cuda cannot be used here: there is none.";
    const describe = (params: unknown) => {
      asked.push(params);
      return Promise.resolve({ ok: true as const, value: { ...description, providerFallback }, problems: [] });
    };
    const { status, out } = await run("model m --provider cuda --threads 3".split(" "), { engine: { describe } });
    await run(["model", "m"], { engine: { describe } });
    expect(asked).toEqual([
      { model: "m", provider: "cuda", threads: 3 },
      { model: "m", provider: "auto", threads: 0 },
    ]);
    expect(status).toBe(0);
    expect(out).toContain(`note: ${providerFallback}\n`);
  });
});
