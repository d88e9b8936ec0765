import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { RelationNode } from "../../../src/extension/trees/relationNode";
import type { ModelNode, ModelTreeNode } from "../../../src/extension/trees/modelNode";
import { analyze, close, configure, eventsOf, eventually, extension, workspaceFile } from "../driver";
import { whileAnswering } from "../person";

const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(`relationLens.${command}`, ...args);

const few = workspaceFile("few.relation.yaml");
const firstTemplate = "The superlative of {} is";

async function relationRow(name: string): Promise<{ node: RelationNode; item: vscode.TreeItem }> {
  const { relationFiles } = await extension().activate();
  const node = (await relationFiles.getChildren()).find(({ uri }) => uri.path.endsWith(`/${name}.relation.yaml`));
  assert.ok(node, `${name} is not in the list`);
  return { node, item: relationFiles.getTreeItem(node) };
}

async function templatesOf(name: string): Promise<vscode.TreeItem[]> {
  const { relationFiles } = await extension().activate();
  const { node } = await relationRow(name);
  return (await relationFiles.getChildren(node)).map((child) => relationFiles.getTreeItem(child));
}

const icon = ({ iconPath }: vscode.TreeItem) => (iconPath instanceof vscode.ThemeIcon ? iconPath.id : undefined);

/** By group, and the names of the actions. */
async function modelRows(): Promise<{ groups: Map<string, ModelNode[]>; actions: string[] }> {
  const { models } = await extension().activate();
  const top: ModelTreeNode[] = await models.getChildren();
  return {
    groups: new Map(top.flatMap((node) => (node.kind === "group" ? [[node.group, [...node.models]] as const] : []))),
    actions: top.flatMap((node) => (node.kind === "action" ? [node.action] : [])),
  };
}

async function modelRow(name: string): Promise<{ node: ModelNode; item: vscode.TreeItem }> {
  const { models } = await extension().activate();
  const node = [...(await modelRows()).groups.values()].flat().find((model) => model.name === name);
  assert.ok(node, `${name} is not in the list`);
  return { node, item: models.getTreeItem(node) };
}

const setting = () => vscode.workspace.getConfiguration("relationLens").inspect<string>("model")?.workspaceValue;

describe("the views of the side bar", function () {
  this.timeout(240_000);

  const original = { text: "" };
  let place = "";

  before(async () => {
    await configure({ twins: 0, layers: "last" });
    original.text = await readFile(few.fsPath, "utf8");
    place = await realpath(await mkdtemp(join(tmpdir(), "relation-lens-place-")));
  });

  after(async () => {
    await configure({ twins: undefined, layers: undefined, model: undefined });
    await writeFile(few.fsPath, original.text);
    await rm(place, { recursive: true });
    await close("report");
  });

  it("start no engine when they are shown", async () => {
    const { engine } = await extension().activate();
    await run("restartEngine");
    for (const view of ["relations", "models", "reports"]) await run(`${view}.focus`);
    const { groups, actions } = await modelRows();
    assert.deepEqual(
      groups.get("embedded")?.map(({ name }) => name),
      ["embedded-small", "embedded-wide"],
    );
    await wait(500);
    assert.equal(engine.pid, undefined);
    assert.ok(actions.includes("download"));
  });

  describe("relations", () => {
    it("are those of the workspace, with their templates, before anything has run", async () => {
      const { item } = await relationRow("young");
      assert.equal(item.description, "not analysed yet");
      assert.equal(icon(item), "circle-outline");
      assert.equal(String(item.command?.arguments?.[0]), workspaceFile("young.relation.yaml").toString());
      const [template] = await templatesOf("young");
      assert.equal(template?.label, "The young of the {} is the");
      assert.equal(template.description, "");
    });

    it("say how the last analysis ended, per template too", async () => {
      const { node } = await relationRow("few");
      const last = (await eventsOf(() => run("analyze", node))).at(-1);
      assert.equal(last?.type, "report", JSON.stringify(last));
      const { item } = await relationRow("few");
      const { templates, samples } = last.digest;
      const asked = templates.length * samples.length;
      const right = samples.flatMap(({ prompts }) => prompts).filter((prompt) => prompt?.rank === 1).length;
      assert.match(String(item.description), new RegExp(`^${right}/${asked} right · .*embedded-small · \\d`));
      assert.ok((item.tooltip as vscode.MarkdownString).value.includes("The model gives the object first in"));
      assert.equal(icon(item), right / asked >= 0.5 ? "graph-line" : "circle-slash");
      const scores = (await templatesOf("few")).map(({ description }) => String(description));
      assert.equal(scores.length, templates.length);
      for (const score of scores) assert.match(score, new RegExp(`^\\d+/${samples.length} right$`));
    });

    it("are marked once their text has changed, saved or not, and no longer when it is as it was", async () => {
      const document = await vscode.workspace.openTextDocument(few);
      const editor = await vscode.window.showTextDocument(document);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "# changed\n"));
      const changed = await relationRow("few");
      assert.match(String(changed.item.description), /^file changed since · /);
      assert.equal(icon(changed.item), "warning");
      const [template] = await templatesOf("few");
      assert.match(String(template?.description), /before the change$/);
      const options = template?.command?.arguments?.[1] as vscode.TextDocumentShowOptions;
      assert.ok(options.selection);
      assert.equal(document.getText(options.selection).includes(firstTemplate), true);
      await vscode.commands.executeCommand("workbench.action.files.revert");
      assert.doesNotMatch(String((await relationRow("few")).item.description), /changed/);
    });

    it("that cannot be analysed say why", async () => {
      await analyze(workspaceFile("broken.relation.yaml"));
      const { item } = await relationRow("broken");
      assert.match(String(item.description), /^cannot be analysed · /);
      assert.equal(icon(item), "error");
      assert.ok((item.tooltip as vscode.MarkdownString).value.length > 40);
    });

    it("are drawn anew when a result comes, and not when nothing changes", async () => {
      const { relationFiles } = await extension().activate();
      await relationFiles.getChildren();
      await wait(500);
      let drawn = 0;
      const subscription = relationFiles.onDidChangeTreeData(() => drawn++);
      const { mtime } = await stat(workspaceFile("README.md").fsPath);
      await writeFile(workspaceFile("note.txt").fsPath, String(mtime));
      await wait(600);
      assert.equal(drawn, 0);
      await analyze(few);
      await eventually("drawn anew", () => drawn > 0);
      subscription.dispose();
      await rm(workspaceFile("note.txt").fsPath);
    });
  });

  describe("Analyze All Relations", () => {
    it("takes them in turn, and leaves out the rest once one is cancelled", async () => {
      const started: string[] = [];
      let reports = 0;
      const seen = await whileAnswering({}, () =>
        eventsOf(
          () => run("analyzeAll"),
          (event) => {
            if (event.type === "started") started.push(event.uri.path.split("/").at(-1) ?? "");
            if (event.type === "report") reports++;
            if (event.type === "progress" && started.length === 4) void run("cancel");
          },
        ),
      );
      assert.equal(started.length, 4);
      assert.deepEqual(started, [...started].sort());
      assert.equal(started[0], "binary.relation.yaml");
      assert.equal(reports, 1, "capital, after binary and broken, before category");
      assert.match(
        seen.informations[0] ?? "",
        /^1 of 17 relations were analysed before the rest was left out\. 2 cannot be/,
      );
      assert.match(String((await relationRow("capital")).item.description), /right · /);
    });
  });

  describe("models", () => {
    it("are listed with sizes once the engine runs, and the loaded one is marked", async () => {
      await configure({ model: "embedded-wide" });
      await analyze(few);
      const { groups, actions } = await modelRows();
      assert.deepEqual(actions, ["download"]);
      assert.deepEqual(
        groups.get("workspace")?.map(({ name }) => name),
        ["small"],
      );
      const wide = await modelRow("embedded-wide");
      assert.match(String(wide.item.description), /^in use · loaded · hidden size 160 · fp32 \d\.\d MB$/);
      const small = await modelRow("embedded-small");
      assert.match(String(small.item.description), /^hidden size 96 · fp32/);
      await run("restartEngine");
      assert.doesNotMatch(String((await modelRow("embedded-wide")).item.description), /loaded/);
    });

    it("are used, and looked for, by a click", async () => {
      await run("refreshModels");
      const { node } = await modelRow("small");
      await run("useModel", node);
      assert.equal(setting(), "exports/small");
      const { item } = await modelRow("small");
      assert.match(String(item.description), /^in use/);
      assert.match(String(item.contextValue), /^model workspace here chosen$/);
    });

    it("show what the loader found, and its checks", async () => {
      const { models } = await extension().activate();
      const { node, item } = await modelRow("embedded-small");
      assert.equal(item.collapsibleState, vscode.TreeItemCollapsibleState.None);
      await whileAnswering({}, () => run("showModelChecks", node));
      const described = await modelRow("embedded-small");
      assert.equal(described.item.collapsibleState, vscode.TreeItemCollapsibleState.Collapsed);
      const rows = (await models.getChildren(described.node)).map((child) => models.getTreeItem(child));
      assert.equal(rows.find(({ label }) => label === "hidden size")?.description, "96");
      const checks = rows.filter((row) => icon(row) === "pass");
      assert.ok(checks.length > 0);
      for (const check of checks) assert.match(String(check.description), /e[-+]\d+ \(at most \d/);
    });

    it("that cannot be opened say why when their checks are asked for", async () => {
      await configure({ model: "/none/nothing" });
      const { node, item } = await modelRow("nothing");
      assert.match(String(item.contextValue), /^model recent chosen$/);
      const { errors } = await whileAnswering({}, () => run("showModelChecks", node));
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? "", /nothing/);
    });

    it("used before can be taken off the list", async () => {
      await configure({ model: undefined });
      await vscode.commands.executeCommand("relationLens.chooseModel", "elsewhere/forgotten");
      await configure({ model: undefined });
      const { node } = await modelRow("elsewhere/forgotten");
      assert.equal(node.group, "recent");
      await run("forgetModel", node);
      const { groups } = await modelRows();
      assert.ok(!(groups.get("recent") ?? []).some(({ value }) => value === "elsewhere/forgotten"));
    });

    it("are compared with on the relation at hand", async () => {
      await vscode.window.showTextDocument(few, { viewColumn: vscode.ViewColumn.One });
      const { node } = await modelRow("embedded-wide");
      const events = await eventsOf(
        () => run("compareWithModel", node),
        (event) => {
          if (event.type === "progress") void run("cancel");
        },
      );
      const [first] = events;
      assert.equal(first?.type, "started");
      assert.equal(first.models.compare, "embedded-wide");
      assert.equal(first.uri.fsPath, few.fsPath);
    });
  });

  describe("Open Samples", () => {
    it("opens those that the workspace has", async () => {
      await run("openSamples");
      const opened = vscode.window.activeTextEditor?.document.uri.path ?? "";
      assert.match(opened, /\/superlative\.relation\.yaml$/);
    });

    it("copies them where the person says, and never overwrites", async () => {
      const hidden = workspaceFile("superlative.relation.yaml");
      const moved = workspaceFile("superlative.moved");
      await vscode.workspace.fs.rename(hidden, moved);
      try {
        const person = { browses: vscode.Uri.file(place), presses: [undefined, undefined] };
        const copy = () => whileAnswering(person, () => run("openSamples"));
        const { informations } = await copy();
        const folder = join(place, "relation-lens-samples");
        assert.deepEqual(informations, [`The samples are in ${folder}.`]);
        const shipped = join(extension().extensionPath, "samples");
        const names = async (path: string) => (await readdir(path)).sort();
        assert.deepEqual(await names(folder), await names(shipped));
        const edited = join(folder, "superlative.relation.yaml");
        await writeFile(edited, "mine");
        await copy();
        assert.equal(await readFile(edited, "utf8"), "mine");
        assert.deepEqual(await names(place), ["relation-lens-samples"]);
        await rm(edited);
        await copy();
        assert.deepEqual(await names(place), ["relation-lens-samples", "relation-lens-samples-2"]);
        assert.equal(existsSync(edited), false);
        await whileAnswering({}, () => run("openSamples"));
        assert.equal((await names(place)).length, 2);
      } finally {
        await vscode.workspace.fs.rename(moved, hidden);
      }
    });
  });
});

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly Step[] }[];
  };
}

const commandsIn = (text: string) => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command ?? "");

describe("the walkthrough and the welcome texts", () => {
  const { walkthroughs, viewsWelcome } = (extension().packageJSON as Manifest).contributes;
  const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

  it("name commands that exist", async () => {
    await extension().activate();
    const known = new Set(await vscode.commands.getCommands());
    const named = [
      ...steps.map(({ description }) => description),
      ...viewsWelcome.map(({ contents }) => contents),
    ].flatMap(commandsIn);
    const completing = steps
      .flatMap(({ completionEvents }) => completionEvents)
      .flatMap((event) => /^onCommand:(.*)$/.exec(event)?.[1] ?? []);
    assert.ok(named.length >= 10);
    assert.deepEqual(
      [...new Set([...named, ...completing])].filter((command) => !known.has(command)),
      [],
    );
  });

  it("have small pictures of every theme", async () => {
    assert.equal(steps.length, 6);
    for (const { id, media } of steps) {
      assert.deepEqual(Object.keys(media.image).sort(), ["dark", "hc", "hcLight", "light"], id);
      for (const file of Object.values(media.image)) {
        const { size } = await stat(join(extension().extensionPath, file));
        assert.ok(size > 5_000 && size < 150_000, `${file}: ${size} bytes`);
      }
    }
  });

  it("show every text in words, not as keys", () => {
    const texts = [
      ...steps.flatMap(({ title, description, media }) => [title, description, media.altText]),
      ...viewsWelcome.map(({ contents }) => contents),
    ];
    for (const text of texts) assert.doesNotMatch(text, /^%/);
  });

  it("greet in every view that may be empty", () => {
    const greeted = new Set(viewsWelcome.map(({ view }) => view));
    for (const view of ["relationLens.relations", "relationLens.reports"]) assert.ok(greeted.has(view), view);
  });
});
