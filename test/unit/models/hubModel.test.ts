import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DownloadProgress } from "../../../src/protocol/engine";
import { parseHubId, type HubId } from "../../../src/engine/models/hubId";
import { hubModel, hubVariants, type HubOptions } from "../../../src/engine/models/hubModel";
import { Cancelled } from "../../../src/engine/models/modelProblem";
import { openModel } from "../../../src/engine/models/openModel";
import { commit, embedded, filesOf, gitSha1, HubServer, sha256 } from "./hubServer";
import { graphs, newFolder, refusal } from "./support";

const graph = "onnx/model.onnx";
const files = filesOf(embedded);
const weights = files.get(graph)!;

let server: HubServer;
let cache: string;

beforeEach(async () => {
  server = new HubServer();
  await server.start();
  server.repositories.set("owner/small", files);
  cache = newFolder();
});
afterEach(() => server.stop());

function id(text: string): HubId {
  const parsed = parseHubId(text);
  if (parsed === null) throw new Error(`${text} is no hub id`);
  return parsed;
}

function options(more: Partial<HubOptions> & { token?: string; offline?: boolean } = {}): HubOptions {
  const { token = null, offline = false, ...rest } = more;
  return {
    settings: { cache, endpoint: server.endpoint, token, offline },
    signal: new AbortController().signal,
    freeBytes: 1e9,
    retryDelay: 1,
    ...rest,
  };
}

const repository = () => join(cache, "models--owner--small");
const blobs = () => readdirSync(join(repository(), "blobs"));
const dataRequests = () => server.asked.filter(({ path, range }) => path.startsWith("/cdn/") && range !== "bytes=0-0");

describe("a download", () => {
  it("lays the files out as Python's huggingface_hub does, byte for byte", async () => {
    const { location, id: name } = await hubModel(id("owner/small"), options());
    const snapshot = join(repository(), "snapshots", commit);
    expect({ location, name }).toEqual({ location: join(snapshot, graph), name: "owner/small" });
    expect(readFileSync(join(repository(), "refs/main"), "utf8")).toBe(commit);
    for (const path of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
      expect(readFileSync(join(snapshot, path)).equals(files.get(path)!)).toBe(true);
      expect(readlinkSync(join(snapshot, path))).toBe(`../../blobs/${gitSha1(files.get(path)!)}`);
    }
    expect(readFileSync(location).equals(weights)).toBe(true);
    expect(readlinkSync(location)).toBe(`../../../blobs/${sha256(weights)}`);
    expect(blobs().filter((blob) => !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(blob))).toEqual([]);
    expect(existsSync(join(snapshot, "README.md"))).toBe(false);
  });

  it("is opened through the links of the cache", async () => {
    const { location } = await hubModel(id("owner/small"), options());
    expect(lstatSync(location).isSymbolicLink()).toBe(true);
    const [fromHub, original] = [
      await openModel(location, { bos: "auto" }),
      await openModel(embedded, { bos: "auto" }),
    ];
    const tokens = original.tokenizer.encode("The superlative of big is");
    expect(fromHub.tokenizer.encode("The superlative of big is")).toEqual(tokens);
    expect(fromHub.unembedding.weight).toEqual(original.unembedding.weight);
    await Promise.all([fromHub.close(), original.close()]);
  });

  it("needs no network the second time", async () => {
    const first = await hubModel(id("owner/small"), options());
    await server.stop();
    const before = server.asked.length;
    expect(await hubModel(id("owner/small"), options())).toEqual(first);
    expect(await hubModel(id(`owner/small@${commit}`), options({ offline: true }))).toMatchObject({
      location: first.location,
    });
    expect(server.asked.length).toBe(before);
  });

  it("counts bytes that never fall and end at the sum of the files", async () => {
    const steps: DownloadProgress[] = [];
    server.breaks.set(graph, [200_000, 300_000]);
    await hubModel(id("owner/small"), options({ onDownload: (step) => steps.push(step) }));
    const wanted = ["config.json", "tokenizer.json", "tokenizer_config.json", graph];
    const total = wanted.reduce((sum, path) => sum + files.get(path)!.length, 0);
    expect(steps.at(-1)).toEqual({ model: "owner/small", file: graph, bytes: total, total });
    expect(steps.every(({ bytes }, i) => bytes >= (steps[i - 1]?.bytes ?? 0))).toBe(true);
    expect(new Set(steps.map((step) => step.total))).toEqual(new Set([total]));
  });

  it("continues with Range where the connection breaks, and fetches nothing twice", async () => {
    server.breaks.set(graph, [200_000]);
    const { location } = await hubModel(id("owner/small"), options());
    expect(readFileSync(location).equals(weights)).toBe(true);
    expect(dataRequests().map(({ range }) => range)).toEqual([null, `bytes=200000-${weights.length - 1}`]);
  });

  it("begins again where the server does not answer Range", async () => {
    server.answersRange = false;
    server.breaks.set(graph, [200_000]);
    const steps: number[] = [];
    const { location } = await hubModel(id("owner/small"), options({ onDownload: ({ bytes }) => steps.push(bytes) }));
    expect(readFileSync(location).equals(weights)).toBe(true);
    expect(steps.every((bytes, i) => bytes >= (steps[i - 1] ?? 0))).toBe(true);
  });

  it("takes files that are in Xet storage by plain requests, so that they can be continued too", async () => {
    server.xet = true;
    server.breaks.set(graph, [200_000]);
    const { location } = await hubModel(id("owner/small"), options());
    expect(readFileSync(location).equals(weights)).toBe(true);
    expect(dataRequests().map(({ range }) => range)).toEqual([null, `bytes=200000-${weights.length - 1}`]);
  });

  it("gives up where the connection always breaks, and continues when it is run again", async () => {
    server.breaks.set(graph, [150_000, 0, 0, 0, 0, 0, 0, 0]);
    const problem = await refusal(() => hubModel(id("owner/small"), options()));
    expect(problem).toMatchObject({ kind: "model", code: "hub-interrupted" });
    expect(problem.message).toContain(`byte 150000 of ${weights.length}`);
    expect(existsSync(join(repository(), "refs/main"))).toBe(false);
    server.breaks.clear();
    server.asked.length = 0;
    await hubModel(id("owner/small"), options());
    expect(dataRequests().map(({ range }) => range)).toEqual([`bytes=150000-${weights.length - 1}`]);
  });

  it("leaves a part when cancelled, with which the next one continues", async () => {
    const controller = new AbortController();
    const partial = join(repository(), "blobs", `${sha256(weights)}.incomplete`);
    const kept = 4 * 65_536;
    server.onPiece = async (_, sent) => {
      if (sent < kept) return;
      await vi.waitUntil(() => statSync(partial).size === kept);
      controller.abort();
      await new Promise(() => undefined);
    };
    const outcome = hubModel(id("owner/small"), options({ signal: controller.signal }));
    await expect(outcome).rejects.toBeInstanceOf(Cancelled);
    expect(statSync(partial).size).toBe(kept);
    server.onPiece = () => undefined;
    server.asked.length = 0;
    const { location } = await hubModel(id("owner/small"), options());
    expect(dataRequests().map(({ range }) => range)).toEqual([`bytes=${kept}-${weights.length - 1}`]);
    expect(readFileSync(location).equals(weights)).toBe(true);
    expect(existsSync(partial)).toBe(false);
  });

  it("refuses bytes with a wrong checksum and removes them", async () => {
    for (const [path, oid] of [
      [graph, "a".repeat(64)],
      ["config.json", "b".repeat(40)],
    ] as const) {
      server.listed.set(path, { oid });
      const problem = await refusal(() => hubModel(id("owner/small"), options()));
      expect(problem).toMatchObject({ code: "hub-checksum" });
      expect(problem.message).toContain(path);
      expect(blobs().filter((blob) => blob.startsWith(oid))).toEqual([]);
      server.listed.clear();
    }
  });

  it("refuses what a damaged part becomes, and gets it right the next time", async () => {
    await hubModel(id("owner/small"), options());
    const again = { ...options().settings, cache: newFolder() };
    const target = join(again.cache, "models--owner--small/blobs");
    await refusal(() => {
      server.breaks.set(graph, [150_000, 0, 0, 0, 0, 0, 0, 0]);
      return hubModel(id("owner/small"), { ...options(), settings: again });
    });
    server.breaks.clear();
    writeFileSync(join(target, `${sha256(weights)}.incomplete`), Buffer.alloc(150_000, 1));
    const problem = await refusal(() => hubModel(id("owner/small"), { ...options(), settings: again }));
    expect(problem.code).toBe("hub-checksum");
    const { location } = await hubModel(id("owner/small"), { ...options(), settings: again });
    expect(readFileSync(location).equals(weights)).toBe(true);
  });

  it("is left to another program that is at it, unless that one is gone", async () => {
    mkdirSync(join(repository(), "blobs"), { recursive: true });
    const lock = join(repository(), "blobs", `${sha256(weights)}.lock`);
    writeFileSync(lock, String(process.ppid));
    expect(await refusal(() => hubModel(id("owner/small"), options()))).toMatchObject({ code: "hub-busy" });
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(lock, String(gone));
    const second: string[] = [];
    server.onPiece = async () => {
      server.onPiece = () => undefined;
      second.push((await refusal(() => hubModel(id("owner/small"), options()))).code);
    };
    await hubModel(id("owner/small"), options());
    expect(second).toEqual(["hub-busy"]);
    expect(readFileSync(join(repository(), "snapshots", commit, graph)).equals(weights)).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });

  it("brings the data of a graph along, whatever its name", async () => {
    const external = filesOf(join(graphs, "llama_ext"));
    expect(external.has("model.onnx_data")).toBe(true);
    const { "tokenizer.json": tokenizer } = Object.fromEntries(files);
    const named = (data: string) =>
      new Map([
        ["tokenizer.json", tokenizer!],
        ["config.json", external.get("config.json")!],
        [
          "model.onnx",
          Buffer.from(external.get("model.onnx")!.toString("latin1").replaceAll("model.onnx_data", data), "latin1"),
        ],
        [data, external.get("model.onnx_data")!],
      ]);
    for (const [i, data] of ["model.onnx_data", "other_weights.1"].entries()) {
      expect(data).toHaveLength(15);
      server.repositories.set(`owner/data${i}`, named(data));
      const { location } = await hubModel(id(`owner/data${i}`), options());
      expect(readFileSync(join(location, "..", data)).equals(external.get("model.onnx_data")!)).toBe(true);
    }
  });
});

describe("variants", () => {
  const suffixes = ["", "_fp16", "_quantized", "_q4", "_q4f16", "_O9"];
  const sizes = [4000, 2000, 1000, 600, 500, 1];

  beforeEach(() => {
    const variants = suffixes.map((suffix, i) => [`onnx/model${suffix}.onnx`, weights.subarray(0, sizes[i])] as const);
    const data = ["onnx/model_fp16.onnx_data", weights.subarray(0, 100)] as const;
    server.repositories.set("owner/many", new Map([...files, ...variants, data]));
  });

  it("are listed with the sizes of their graphs and data, the most precise first", async () => {
    const listed = await hubVariants(id("owner/many"), options());
    expect(listed).toEqual([
      { file: "onnx/model.onnx", dtype: "fp32", bytes: 4000 },
      { file: "onnx/model_fp16.onnx", dtype: "fp16", bytes: 2100 },
      { file: "onnx/model_quantized.onnx", dtype: "q8", bytes: 1000 },
      { file: "onnx/model_q4.onnx", dtype: "q4", bytes: 600 },
      { file: "onnx/model_q4f16.onnx", dtype: "q4f16", bytes: 500 },
    ]);
  });

  it("default to the best that takes 1.3 times its size of the free memory, else the smallest", async () => {
    const chosen: string[] = [];
    for (const freeBytes of [5201, 5200, 2700, 1300, 700, 10]) {
      cache = newFolder();
      chosen.push((await hubModel(id("owner/many"), options({ freeBytes }))).id);
    }
    expect(chosen).toEqual(["", ":fp16", ":q8", ":q4", ":q4f16", ":q4f16"].map((variant) => `owner/many${variant}`));
  });

  it("are had by name", async () => {
    const { location, id: name } = await hubModel(id("owner/many@main:quantized"), options());
    expect(location.endsWith("onnx/model_quantized.onnx")).toBe(true);
    expect(name).toBe("owner/many@main:quantized");
    const problem = await refusal(() => hubModel(id("owner/many:bf16"), options()));
    expect(problem).toMatchObject({ code: "hub-no-variant", remedy: "Choose from fp32, fp16, q8, q4, q4f16." });
  });
});

describe("a model that cannot be had", () => {
  it("is not on the hub, or not in that revision", async () => {
    expect(await refusal(() => hubModel(id("owner/none"), options()))).toMatchObject({
      kind: "model",
      code: "hub-not-found",
      message: `There is no folder owner/none here, and no model owner/none on ${new URL(server.endpoint).host}.`,
    });
    const problem = await refusal(() => hubModel(id("owner/small@v2"), options()));
    expect(problem.message).toContain("owner/small with the revision v2");
  });

  it("needs a token", async () => {
    server.gated.set("owner/small", "hf_right");
    const without = await refusal(() => hubModel(id("owner/small"), options()));
    expect(without.code).toBe("hub-gated");
    expect(without.remedy).toContain("HF_TOKEN");
    const wrong = await refusal(() => hubModel(id("owner/small"), options({ token: "hf_wrong" })));
    expect(wrong.message).toContain("the owner of this access token");
    await hubModel(id("owner/small"), options({ token: "hf_right" }));
  });

  it("shows its token to no other origin", async () => {
    server.pagesElsewhere = true;
    await hubModel(id("owner/small"), options({ token: "hf_right" }));
    const elsewhere = server.asked.filter(({ host }) => host !== new URL(server.endpoint).host);
    expect(new Set(elsewhere.map(({ path }) => path.split("/")[1]))).toEqual(new Set(["api", "cdn"]));
    expect(elsewhere.filter(({ authorization }) => authorization !== null)).toEqual([]);
    expect(server.asked.length).toBeGreaterThan(elsewhere.length);
  });

  it("is out of reach", async () => {
    expect((await refusal(() => hubModel(id("owner/small"), options({ offline: true })))).message).toContain(
      "HF_HUB_OFFLINE is set",
    );
    await server.stop();
    const problem = await refusal(() => hubModel(id("owner/small"), options()));
    expect(problem).toMatchObject({ kind: "model", code: "hub-offline" });
    expect(problem.message).toContain("ECONNREFUSED");
  });

  it("has no ONNX export", async () => {
    server.repositories.set("owner/torch", new Map([["config.json", files.get("config.json")!]]));
    const problem = await refusal(() => hubModel(id("owner/torch"), options()));
    expect(problem.code).toBe("hub-no-onnx");
    expect(problem.remedy).toContain("text-generation");
  });

  it("is larger than the disk", async () => {
    server.listed.set(graph, { size: 2 ** 52 });
    expect((await refusal(() => hubModel(id("owner/small"), options()))).code).toBe("hub-disk-full");
  });

  it("is answered by something that is no hub", async () => {
    server.listed.set(graph, { oid: "../../outside" });
    expect((await refusal(() => hubModel(id("owner/small"), options()))).code).toBe("hub-answer");
  });
});
