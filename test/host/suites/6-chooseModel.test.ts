import * as assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { commit, filesOf, HubServer } from "../../unit/models/hubServer";
import { analyzeUntil, figuresOf, extension, isRunning, workspaceFile } from "../driver";
import { group, whileAnswering, type Person, type Seen } from "../person";

const setting = () => vscode.workspace.getConfiguration("relationLens").inspect<string>("model")?.workspaceValue;
const choose = (argument?: string) => vscode.commands.executeCommand("relationLens.chooseModel", argument);

const modelOfRun = () =>
  analyzeUntil(workspaceFile("superlative.relation.yaml"), (event) => figuresOf(event)?.model?.id);

/** Chooses from the list as a person does. */
async function asPerson(person: Person): Promise<Seen> {
  const seen = await whileAnswering(person, () => choose());
  assert.equal(seen.lists.length, Math.max(1, person.picks?.length ?? 0), "not as many lists as the person answered");
  return seen;
}

describe("choosing a model from the list", () => {
  const environment = ["HF_HOME", "HF_ENDPOINT", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE"];
  const usual = environment.map((name) => [name, process.env[name]] as const);
  const server = new HubServer();
  const small = workspaceFile("exports/small").fsPath;
  const several = workspaceFile("exports/several").fsPath;
  let home = "";
  let outside = "";

  before(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), "relation-lens-home-")));
    outside = join(home, "elsewhere", "other");
    await cp(small, several, { recursive: true });
    await cp(join(small, "onnx", "model.onnx"), join(several, "onnx", "model_q4.onnx"));
    await cp(small, outside, { recursive: true });
    // The cache as the hub's own library writes it: files are links to blobs.
    const repository = join(home, "hub", "models--someone--cached");
    const snapshot = join(repository, "snapshots", commit);
    for (const folder of [join(repository, "refs"), join(repository, "blobs"), join(snapshot, "onnx")]) {
      await mkdir(folder, { recursive: true });
    }
    await writeFile(join(repository, "refs", "main"), commit);
    for (const [name, bytes] of filesOf(small)) {
      const blob = name.replaceAll("/", "-");
      await writeFile(join(repository, "blobs", blob), bytes);
      await symlink(join("../..", name.includes("/") ? ".." : "", "blobs", blob), join(snapshot, name));
    }
    const files = filesOf(small);
    server.repositories.set(
      "owner/many",
      new Map([...files, ["onnx/model_fp16.onnx", Buffer.alloc(1000)], ["onnx/model_q4.onnx", Buffer.alloc(500)]]),
    );
    server.repositories.set("owner/plain", new Map([["README.md", Buffer.from("no graphs")]]));
    await server.start();
    for (const name of environment) Reflect.deleteProperty(process.env, name);
    process.env["HF_HOME"] = home;
    process.env["HF_ENDPOINT"] = server.endpoint;
    await vscode.commands.executeCommand("relationLens.restartEngine");
  });

  after(async () => {
    for (const [name, value] of usual) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await vscode.commands.executeCommand("relationLens.restartEngine");
    await server.stop();
    await rm(home, { recursive: true });
    await rm(several, { recursive: true });
  });

  afterEach(async () => {
    await vscode.workspace
      .getConfiguration("relationLens")
      .update("model", undefined, vscode.ConfigurationTarget.Workspace);
  });

  it("shows every place, with the variants and their sizes", async () => {
    const [list = []] = (await asPerson({})).lists;
    assert.equal(list[0]?.label, "Default");
    assert.deepEqual(group(list, "embedded"), ["embedded-small", "embedded-wide"]);
    assert.deepEqual(group(list, "in this workspace"), ["several", "small"]);
    assert.deepEqual(group(list, "in the Hugging Face cache"), ["someone/cached"]);
    assert.deepEqual(group(list, "others"), ["Browse…", "From the Hugging Face Hub…"]);
    const shown = list.find(({ label }) => label === "several");
    assert.match(shown?.description ?? "", /^fp32 \d\.\d MB, q4 \d\.\d MB$/);
    assert.equal(shown?.detail, "exports/several");
  });

  it("says which one is chosen", async () => {
    const chosen = async () => {
      const [list = []] = (await asPerson({})).lists;
      return list.filter(({ description }) => description?.endsWith("chosen") === true).map(({ label }) => label);
    };
    assert.deepEqual(await chosen(), []);
    for (const [value, label] of [
      ["embedded-wide", "embedded-wide"],
      ["exports/several/onnx/model_q4.onnx", "several"],
      ["someone/cached", "someone/cached"],
    ] as const) {
      await choose(value);
      assert.deepEqual(await chosen(), [label]);
    }
  });

  it("an embedded model, by its name", async () => {
    await asPerson({ picks: ["embedded-wide"] });
    assert.equal(setting(), "embedded-wide");
    assert.equal(await modelOfRun(), "embedded-wide");
  });

  it("a folder of the workspace with one graph, relative to it", async () => {
    await asPerson({ picks: ["small"] });
    assert.equal(setting(), "exports/small");
  });

  it("a folder with variants: one of them, or the one that is preferred", async () => {
    const { lists } = await asPerson({ picks: ["several", "q4"] });
    assert.deepEqual(
      lists[1]?.map(({ label }) => label),
      ["Automatic", "fp32", "q4"],
    );
    assert.equal(setting(), "exports/several/onnx/model_q4.onnx");
    assert.equal(await modelOfRun(), "model_q4.onnx");
    await asPerson({ picks: ["several", "Automatic"] });
    assert.equal(setting(), "exports/several");
  });

  it("a model of the cache, by the name that it has on the hub", async () => {
    await asPerson({ picks: ["someone/cached"] });
    assert.equal(setting(), "someone/cached");
    assert.equal(await modelOfRun(), "someone/cached");
  });

  it("a recent one that is in no other place", async () => {
    await choose(outside);
    const { lists } = await asPerson({ picks: ["other"] });
    assert.deepEqual(group(lists[0] ?? [], "recent").slice(0, 1), ["other"]);
    assert.equal(lists[0]?.find(({ label }) => label === "other")?.detail, outside);
    assert.equal(setting(), outside);
    assert.equal(await modelOfRun(), "other");
  });

  it("recent ones that are listed anyway are not listed twice", async () => {
    await choose("exports/small");
    const [list = []] = (await asPerson({})).lists;
    assert.equal(list.filter(({ label }) => label === "small").length, 1);
  });

  it("a folder that is browsed for", async () => {
    await asPerson({ picks: ["Browse…"], browses: vscode.Uri.file(outside) });
    assert.equal(setting(), outside);
    await asPerson({ picks: ["Browse…"], browses: vscode.Uri.file(small) });
    assert.equal(setting(), "exports/small");
  });

  it("a model of the hub: its variants are asked for, and nothing is downloaded yet", async () => {
    const { lists } = await asPerson({ picks: ["From the Hugging Face Hub…", "q4"], types: " owner/many " });
    assert.deepEqual(
      lists[1]?.map(({ label }) => label),
      ["Automatic", "fp32", "fp16", "q4"],
    );
    assert.equal(setting(), "owner/many:q4");
    assert.ok(server.asked.every(({ path }) => !path.endsWith(".onnx")));
    await asPerson({ picks: ["From the Hugging Face Hub…"], types: "owner/many:fp16" });
    assert.equal(setting(), "owner/many:fp16");
  });

  it("a model of the hub that is downloaded by the next analysis", async () => {
    await asPerson({ picks: ["From the Hugging Face Hub…", "fp32"], types: "owner/many" });
    assert.equal(setting(), "owner/many:fp32");
    assert.match(await modelOfRun(), /^owner\/many/);
    assert.ok(server.asked.some(({ path }) => path.endsWith("model.onnx")));
    const [list = []] = (await asPerson({})).lists;
    assert.ok(group(list, "in the Hugging Face cache").includes("owner/many"));
  });

  for (const [what, types, says] of [
    ["is not on the hub", "owner/none", /owner\/none.*hub/],
    ["has no ONNX export", "owner/plain", /owner\/plain.*ONNX/],
  ] as const) {
    it(`a model that ${what} is said so, and nothing is chosen`, async () => {
      const { errors } = await asPerson({ picks: ["From the Hugging Face Hub…"], types });
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? "", says);
      assert.equal(setting(), undefined);
    });
  }

  it("a text that is no name is refused while it is typed", async () => {
    const { complaint } = await asPerson({ picks: ["From the Hugging Face Hub…"], types: "no name" });
    assert.equal(complaint, "Write owner/name.");
    assert.equal(setting(), undefined);
  });

  it("nothing, where a person gives up at any step", async () => {
    await choose("exports/small");
    for (const person of [
      {},
      { picks: ["several", undefined] },
      { picks: ["Browse…"] },
      { picks: ["From the Hugging Face Hub…"] },
      { picks: ["From the Hugging Face Hub…", undefined], types: "owner/many" },
    ]) {
      const { errors } = await asPerson(person);
      assert.deepEqual(errors, []);
      assert.equal(setting(), "exports/small");
    }
  });

  it("has the ways to another model where no model is found, and where the engine ends", async () => {
    const { engine } = await extension().activate();
    const restart = () => vscode.commands.executeCommand("relationLens.restartEngine");
    process.env["HF_HOME"] = join(home, "empty");
    await restart();
    const [empty = []] = (await asPerson({})).lists;
    assert.deepEqual(group(empty, "in the Hugging Face cache"), []);
    assert.deepEqual(group(empty, "others"), ["Browse…", "From the Hugging Face Hub…"]);
    process.env["HF_HOME"] = home;
    await restart();

    const listing = asPerson({ picks: ["Default"] });
    const kill = setInterval(() => {
      if (engine.pid !== undefined && isRunning(engine.pid)) process.kill(engine.pid, "SIGKILL");
    }, 1);
    const { lists } = await listing.finally(() => clearInterval(kill));
    const [without = []] = lists;
    assert.equal(without[0]?.label, "Default");
    assert.deepEqual(group(without, "embedded"), []);
    assert.ok(group(without, "recent").includes("other"));
    assert.deepEqual(group(without, "others"), ["Browse…", "From the Hugging Face Hub…"]);
  });
});
