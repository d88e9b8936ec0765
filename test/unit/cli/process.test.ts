import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const relation =
  'prompt_templates:\n  - "The superlative of {} is"\nsamples:\n' +
  "  - { subject: easy, object: easiest }\n  - { subject: big, object: biggest }\n  - { subject: old, object: oldest }\n";
let folder = "";

/** Puts an engine of the test's own where the command line loads the real one; it fails where it must not be loaded. */
const otherEngine: Plugin = {
  name: "other-engine",
  setup(bundle) {
    bundle.onResolve({ filter: /engine\/engine$/ }, () => ({ path: join(folder, "engine.ts") }));
  },
};

const engine = `
import { analyzeLikeEngine, describeLikeEngine as describe } from ${JSON.stringify(join(root, "test/unit/cli/likeEngine"))};
console.error("engine loaded");
export { describe };
export async function analyze(params, hooks) {
  if (params.settings.seed === 1) {
    hooks.onProgress({ phase: "load", detail: "", fraction: 0 });
    const timer = setInterval(() => undefined, 1000);
    return new Promise((_, reject) =>
      hooks.signal.addEventListener("abort", () => { clearInterval(timer); reject(new Error("Cancelled.")); }));
  }
  if (params.settings.seed === 2) {
    setTimeout(() => { throw new Error("thrown where nobody waits"); }, 10);
    return new Promise(() => undefined);
  }
  const outcome = await analyzeLikeEngine(params, hooks);
  if (params.settings.seed === 3) outcome.value.prompts = Array.from({ length: 100_000 }, (_, i) => ({ text: "prompt " + i }));
  return outcome;
}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "relation-lens-bin-"));
  await writeFile(join(folder, "engine.ts"), engine);
  await writeFile(join(folder, "a.relation.yaml"), relation);
  await build({
    entryPoints: [join(root, "src/cli/main.ts")],
    outfile: join(folder, "cli.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    plugins: [otherEngine],
    logLevel: "error",
  });
});
afterAll(() => rm(folder, { recursive: true }));

function start(...argv: string[]): ChildProcess {
  return spawn(process.execPath, [join(folder, "cli.js"), ...argv], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
}

async function ended(child: ChildProcess): Promise<{ status: number | null; out: string; err: string }> {
  let out = "";
  let err = "";
  child.stdout!.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr!.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, out, err };
}

describe("the program", () => {
  it("prints a long report on a pipe to the last byte, and nothing else", async () => {
    const { status, out, err } = await ended(start("analyze", "a.relation.yaml", "--seed", "3", "--out", "-"));
    expect({ status, err }).toMatchObject({ status: 0 });
    expect((JSON.parse(out) as { prompts: unknown[] }).prompts).toHaveLength(100_000);
  });

  it("does not load the engine for help, wrong usage or bad input", async () => {
    for (const argv of [["--help"], ["analyze"], ["analyze", "none.yaml"]]) {
      expect((await ended(start(...argv))).err).not.toContain("engine loaded");
    }
    expect((await ended(start("model", "m"))).err).toContain("engine loaded");
  });

  it("ends with 130 when it is interrupted", async () => {
    const child = start("analyze", "a.relation.yaml", "--seed", "1");
    child.stderr!.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("opening the model")) child.kill("SIGINT");
    });
    const { status, out, err } = await ended(child);
    expect({ status, out }).toEqual({ status: 130, out: "" });
    expect(err).toContain("Interrupted.");
  });

  it("tells a fault that nobody waits for in one sentence", async () => {
    const { status, err } = await ended(start("analyze", "a.relation.yaml", "--seed", "2"));
    expect(status).toBe(70);
    expect(err).toContain("thrown where nobody waits. Run again with --verbose");
    expect(err).not.toMatch(/^\s+at /m);
  });

  it("is quiet when the reader of its output stops early", async () => {
    const child = start("analyze", "a.relation.yaml", "--seed", "3", "--out", "-");
    child.stdout!.once("data", () => child.stdout!.destroy());
    let err = "";
    child.stderr!.on("data", (chunk: Buffer) => (err += chunk.toString()));
    const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
    expect(status).toBe(0);
    expect(err).not.toContain("EPIPE");
  });
});
