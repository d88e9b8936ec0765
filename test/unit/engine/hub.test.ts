import { mkdirSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { analyze, describe as describeModel, models } from "../../../src/engine/engine";
import { chooseModel } from "../../../src/engine/modelStore";
import type { Progress } from "../../../src/protocol/engine";
import { embedded, filesOf, HubServer } from "../models/hubServer";
import { newFolder } from "../models/support";
import { run } from "../cli/support";

let server: HubServer;
const settings = { model: null, seed: 0, only: [], layers: "last", bos: "auto" } as const;
const relation = `name: superlative
model: owner/small
prompt_templates:
  - The superlative of {} is
samples:
  - { subject: big, object: biggest }
  - { subject: easy, object: easiest }
  - { subject: fast, object: fastest }
`;

beforeEach(async () => {
  server = new HubServer();
  await server.start();
  server.repositories.set("owner/small", filesOf(embedded));
  vi.stubEnv("HF_HOME", newFolder());
  vi.stubEnv("HF_ENDPOINT", server.endpoint);
  for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE"]) vi.stubEnv(name, "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

const hooks = (onProgress: (progress: Progress) => void = () => undefined) => ({
  signal: new AbortController().signal,
  onProgress,
  onLog: () => undefined,
});

it("analyses with the hub id that a relation file names, and gives the figures of the same model in a folder", async () => {
  const file = join(newFolder(), "a.relation.yaml");
  writeFileSync(file, relation);
  const steps: Progress[] = [];
  const fromHub = await analyze(
    { file, settings },
    hooks((step) => steps.push(step)),
  );
  const local = await analyze({ file, settings: { ...settings, model: embedded } }, hooks());
  if (!fromHub.ok || !local.ok) throw new Error("no report");
  expect(fromHub.value.model.id).toBe("owner/small");
  expect(fromHub.value.prompts).toEqual(local.value.prompts);
  expect(steps.some(({ download, phase }) => phase === "load" && download?.model === "owner/small")).toBe(true);
  expect(steps.every(({ fraction }, i) => fraction >= (steps[i - 1]?.fraction ?? 0))).toBe(true);
});

it("takes a folder before a hub id of the same name", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, "owner"));
  cpSync(embedded, join(folder, "owner/small"), { recursive: true });
  const file = join(folder, "a.relation.yaml");
  writeFileSync(file, relation);
  expect(chooseModel(null, "owner/small", file)).toEqual({ location: join(folder, "owner/small"), id: "small" });
  expect((await analyze({ file, settings }, hooks())).ok).toBe(true);
  expect(server.asked).toEqual([]);
});

it("shows a model of the hub, and why one cannot be had, on the command line", async () => {
  const engine = { describe: describeModel };
  const shown = await run(["model", "owner/small"], { engine });
  expect(shown.status).toBe(0);
  expect(shown.out).toMatch(/^owner\/small\n/);
  expect(shown.err).toMatch(/^owner\/small: downloading owner\/small, \d+\.\d MB\n$/);
  expect((await run(["model", "owner/small"], { engine })).err).toBe("");
  const missing = await run(["model", "owner/none"], { engine });
  expect(missing.status).toBe(3);
  expect(missing.err).toContain("[hub-not-found]");
});

it("lists the models that are here, and the variants of one on the hub", async () => {
  await describeModel({ model: "owner/small" }, hooks());
  const here = await models({ workspaceFolders: [] }, hooks());
  if (!here.ok) throw new Error("no list");
  expect(here.value.map(({ id, origin }) => `${origin} ${id}`)).toEqual([
    "embedded embedded-small",
    "embedded embedded-wide",
    "cache owner/small",
  ]);
  const asked = await models({ workspaceFolders: [], hubId: "owner/small" }, hooks());
  expect(asked.ok && asked.value.at(-1)).toMatchObject({ origin: "hub", variants: here.value.at(-1)?.variants });
  expect(await models({ workspaceFolders: [], hubId: "nothing" }, hooks())).toMatchObject({ ok: false });
});
