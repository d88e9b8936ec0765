import { fork } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import type { MutationJob, MutationMessage } from "./mutationWorker";
import { graphs, newFolder } from "./support";
import { plainModel } from "./tinyModel";

const root = resolve(import.meta.dirname, "../../..");
/** Inside the repository, so that it finds onnxruntime. */
const worker = join(root, ".cache", "mutationWorker.cjs");
const longest = 10_000;

beforeAll(async () => {
  await build({
    absWorkingDir: root,
    entryPoints: ["test/unit/models/mutationWorker.ts"],
    outfile: worker,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["onnxruntime-node"],
    logLevel: "warning",
  });
});

/** Runs the edits in a process of their own, which a native crash ends; what is left goes to the next one. */
async function outcomes(job: MutationJob): Promise<MutationMessage[]> {
  const seen: MutationMessage[] = [];
  let left = job.seeds;
  while (left.length > 0) {
    const { messages, fault } = await oneProcess({ ...job, seeds: left });
    const ended = messages.filter(({ state }) => state !== "started");
    seen.push(...ended);
    const running = messages.at(-1);
    if (fault === null) break;
    const seed = running?.state === "started" ? running.seed : left[ended.length]!;
    seen.push({ seed, state: "wrong", why: fault });
    left = left.slice(left.indexOf(seed) + 1);
  }
  return seen;
}

async function oneProcess(job: MutationJob) {
  const child = fork(worker, { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const messages: MutationMessage[] = [];
  const hung = new AbortController();
  const kill = () => {
    hung.abort();
    child.kill("SIGKILL");
  };
  // The first edit also waits for the process and onnxruntime to start.
  let timer = setTimeout(kill, 3 * longest);
  const fault = await new Promise<string | null>((done) => {
    child.on("message", (message: MutationMessage) => {
      messages.push(message);
      clearTimeout(timer);
      timer = setTimeout(kill, longest);
    });
    child.on("exit", (code, signal) => {
      if (hung.signal.aborted) done(`no answer within ${longest / 1000} s`);
      else done(code === 0 ? null : (signal ?? `exit ${code}`));
    });
    child.send(job);
  });
  clearTimeout(timer);
  return { messages, fault };
}

/** Copies of a model's folder, one for each process. */
function folderOf(files: readonly string[]): string {
  const folder = newFolder();
  for (const file of files) copyFileSync(file, join(folder, basename(file)));
  return folder;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^config\.json$|\.onnx(_data|\.data)?$|\.data$/.test(name))
    .map((name) => join(folder, name));
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

/** Two processes, for the two cores that a machine has at least. */
async function inTwo(job: Omit<MutationJob, "seeds" | "folder">, files: readonly string[], count: number) {
  const half = Math.ceil(count / 2);
  const parts = [range(0, half), range(half, count - half)];
  const done = await Promise.all(parts.map((seeds) => outcomes({ ...job, folder: folderOf(files), seeds })));
  return done.flat();
}

function judge(seen: readonly MutationMessage[], count: number): Set<string> {
  expect(seen.filter(({ state }) => state === "wrong")).toEqual([]);
  expect(new Set(seen.map(({ seed }) => seed)).size).toBe(count);
  return new Set(seen.map((message) => (message.state === "refused" ? message.code : message.state)));
}

describe("random edits of a graph are refused, or give a model that passes its checks", () => {
  it.each([
    ["genai_q4f16", 300],
    // Few of its edits are refused for other reasons than that the file is broken or does not run.
    ["gpt2_int8", 900],
    ["llama_ext", 300],
    ["llama_merged", 300],
  ])(
    "%s",
    async (name, count) => {
      const files = filesIn(join(graphs, name));
      const source = files.find((file) => file.endsWith(".onnx"))!;
      const seen = await inTwo({ kind: "graph", source, file: basename(source) }, files, count);
      const kinds = judge(seen, count);
      expect(kinds).toContain("usable");
      expect(kinds.size).toBeGreaterThan(3);
    },
    60_000,
  );

  it("a small one written out node by node", async () => {
    const model = plainModel();
    model.finish();
    const source = join(model.write(), "onnx/model.onnx");
    const files = [join(dirname(dirname(source)), "config.json")];
    const kinds = judge(await inTwo({ kind: "graph", source, file: "model.onnx" }, files, 800), 800);
    expect(kinds).toContain("usable");
    expect(kinds.size).toBeGreaterThan(3);
  }, 60_000);
});

describe("random edits of a tokeniser are refused, or give one that encodes", () => {
  const words = ["<s>", "▁", "c", "a", "t", "▁c", "at", "▁cat", "cat"];
  const vocab = Object.fromEntries(words.map((word, i) => [word, i]));
  const common = { added_tokens: [{ id: 0, content: "<s>", special: true }], post_processor: null };
  const files = {
    "sentencepiece-like": {
      ...common,
      normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
      pre_tokenizer: null,
      decoder: { type: "Replace", pattern: { String: "▁" }, content: " " },
      model: { type: "BPE", unk_token: "<s>", byte_fallback: false, vocab, merges: ["▁ c", "a t", "▁c at"] },
    },
    "byte-level": {
      ...common,
      normalizer: null,
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
      decoder: { type: "ByteLevel" },
      model: { type: "BPE", vocab: { "<s>": 0, c: 1, a: 2, t: 3, Ġ: 4, at: 5, Ġc: 6 }, merges: ["a t", "Ġ c"] },
    },
    "word-level": {
      ...common,
      normalizer: { type: "Lowercase" },
      pre_tokenizer: { type: "Whitespace" },
      decoder: null,
      model: { type: "WordLevel", unk_token: "<s>", vocab },
    },
  };

  it.each(Object.entries(files))(
    "%s",
    async (_, content) => {
      const folder = newFolder();
      mkdirSync(join(folder, "source"));
      const source = join(folder, "source", "tokenizer.json");
      writeFileSync(source, JSON.stringify(content));
      const seen = await inTwo({ kind: "tokenizer", source, file: "tokenizer.json" }, [], 400);
      expect([...judge(seen, 400)].sort()).toEqual(["tokenizer-unusable", "usable"]);
    },
    60_000,
  );
});
