import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, copyFile, mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { Report } from "../../../src/protocol/report";
import {
  analyze,
  close,
  configure,
  eventsOf,
  eventually,
  extension,
  messagesTo,
  panels,
  reportOf,
  workspaceFile,
} from "../driver";
import { whileAnswering } from "../person";

const folder = workspaceFile("reports");
const at = (name: string) => vscode.Uri.joinPath(folder, name);
const [small, wide, cut, other] = ["small", "wide", "cut", "other"].map((name) => at(`${name}.report.json`)) as [
  vscode.Uri,
  vscode.Uri,
  vscode.Uri,
  vscode.Uri,
];
const relation = at("few.relation.yaml");
const model = vscode.Uri.joinPath(folder, "model");

const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(`relationLens.${command}`, ...args);

/** What the tree shows, by file name. */
async function shown(): Promise<Map<string, vscode.TreeItem>> {
  const { reports } = await extension().activate();
  const items = (await reports.getChildren()).map(
    (report) => [report.uri.path.split("/").at(-1) ?? "", reports.getTreeItem(report)] as const,
  );
  return new Map(items);
}

async function description(file: vscode.Uri): Promise<string> {
  return String((await shown()).get(file.path.split("/").at(-1) ?? "")?.description);
}

/** Analyses the relation with a model, and saves what the panel would. */
async function save(location: string, target: vscode.Uri): Promise<Report> {
  await configure({ model: location });
  const event = await analyze(relation);
  assert.equal(event.type, "report", JSON.stringify(event));
  const bytes = Buffer.concat(event.report);
  await writeFile(target.fsPath, bytes);
  return JSON.parse(bytes.toString("utf8")) as Report;
}

describe("saved reports", function () {
  this.timeout(240_000);

  let first: Report;

  before(async () => {
    await configure({ twins: 0, layers: "last" });
    await mkdir(join(model.fsPath, "onnx"), { recursive: true });
    await copyFile(workspaceFile("few.relation.yaml").fsPath, relation.fsPath);
    for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"]) {
      const source = join(workspaceFile("exports/small").fsPath, name);
      if (existsSync(source)) await copyFile(source, join(model.fsPath, name));
    }
    first = await save("reports/model", small);
    await save("embedded-wide", wide);
    await configure({ model: undefined });
    await writeFile(cut.fsPath, JSON.stringify(first).slice(0, -100));
    await writeFile(other.fsPath, '{ "scripts": {} }');
  });

  after(async () => {
    await configure({ twins: undefined, layers: undefined, model: undefined });
    await rm(folder.fsPath, { recursive: true });
  });

  it("are listed with relation, model and date", async () => {
    const items = await shown();
    assert.deepEqual(
      [...items.keys()].sort(),
      ["cut", "other", "small", "wide"].map((name) => `${name}.report.json`),
    );
    const item = items.get("small.report.json");
    assert.equal(item?.label, "few");
    assert.match(String(item.description), /^model · .*\d{4}.*$/);
    assert.doesNotMatch(String(item.description), /since|not/);
    assert.equal(item.contextValue, "report");
    assert.match(await description(wide), /^embedded-wide · /);
    assert.match(await description(other), /^not a report/);
  });

  it("open in the panel as they were saved, without an analysis", async () => {
    const events = await eventsOf(() => run("openReport", small));
    assert.deepEqual(
      events.map(({ type }) => type),
      ["started", "report"],
    );
    assert.deepEqual(reportOf(events), first);
    const [, event] = events;
    assert.equal(event?.type === "report" && event.live, false);
    assert.equal(event?.uri.fsPath, relation.fsPath);
    assert.ok(panels().some(({ label }) => label.includes("few")));
  });

  it("open from the palette: one of the workspace, or one that is browsed for", async () => {
    const picked = await eventsOf(() =>
      whileAnswering({ picks: ["reports/wide.report.json"] }, () => run("openReport")),
    );
    assert.equal(reportOf(picked).model.id, "embedded-wide");
    const browsed = await eventsOf(() =>
      whileAnswering({ picks: ["Browse…"], browses: small }, () => run("openReport")),
    );
    assert.equal(reportOf(browsed).model.id, "model");
    assert.deepEqual(await eventsOf(() => whileAnswering({}, () => run("openReport"))), []);
  });

  it("that are none, or cut off, are said to be so", async () => {
    for (const [file, reason] of [
      [other, /not a report of Relation Lens/],
      [cut, /cut off/],
      [at("none.report.json"), /not a report of Relation Lens/],
    ] as const) {
      const { errors } = await whileAnswering({}, async () => {
        assert.deepEqual(await eventsOf(() => run("openReport", file)), []);
      });
      assert.equal(errors.length, 1, file.path);
      assert.match(errors[0] ?? "", reason);
    }
  });

  it("of relations and of the simulation open in their pages", async () => {
    const { relations, simulation } = await extension().activate();
    const selection = [relation, workspaceFile("plural.relation.yaml")];
    const compared = (await messagesTo(relations, () => run("compareRelations", relation, selection))).at(-1);
    assert.equal(compared?.type, "relations", JSON.stringify(compared));
    await close("simulation");
    const simulated = (await messagesTo(simulation, () => run("originsSimulation"))).at(-1);
    assert.equal(simulated?.type, "simulation", JSON.stringify(simulated));
    const [several, origins] = [at("several.report.json"), at("origins.report.json")];
    await writeFile(several.fsPath, JSON.stringify(compared.report));
    await writeFile(origins.fsPath, JSON.stringify(simulated.report));
    assert.equal((await shown()).get("several.report.json")?.label, "few, plural");
    assert.equal((await shown()).get("origins.report.json")?.label, "Origins simulation, 4 concepts");
    assert.deepEqual((await messagesTo(relations, () => run("openReport", several))).at(-1), {
      ...compared,
      problems: [],
    });
    assert.deepEqual((await messagesTo(simulation, () => run("openReport", origins))).at(-1), simulated);
    await rm(several.fsPath);
    await rm(origins.fsPath);
  });

  it("are compared: two that are selected, or picked one after the other", async () => {
    const elements = [{ uri: small }, { uri: wide }];
    const { model: own, comparison } = reportOf(await eventsOf(() => run("compareReports", elements[0], elements)));
    assert.deepEqual([own.id, comparison?.model.id], ["model", "embedded-wide"]);
    assert.equal(comparison?.distances, null);
    assert.ok(comparison.verdicts.some(({ left, right }) => left !== null && right !== null && left !== right));
    const picks = ["reports/wide.report.json", "reports/small.report.json"];
    const picked = await eventsOf(() => whileAnswering({ picks }, () => run("compareReports")));
    assert.equal(reportOf(picked).model.id, "embedded-wide");
    const { lists } = await whileAnswering({}, () => run("compareReports", elements[0], [elements[0]]));
    assert.ok(lists[0]?.every(({ label }) => label !== "reports/small.report.json"));
  });

  it("that cannot be compared are said to be so", async () => {
    const { errors } = await whileAnswering({}, async () => {
      assert.deepEqual(await eventsOf(() => run("compareReports", small, [small, other])), []);
    });
    assert.match(errors.join(), /other\.report\.json is not a report/);
    const { warnings } = await whileAnswering({}, () => run("compareReports", small, [small, wide, cut]));
    assert.match(warnings.join(), /3 are selected/);
    const last = (await eventsOf(() => run("compareReports", small, [small, cut]))).at(-1);
    assert.equal(last?.type, "problems", JSON.stringify(last));
  });

  it("open their relation file", async () => {
    await run("openRelationOfReport", { uri: small });
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, relation.fsPath);
  });

  it("say that the relation file changed since, and not when its text is as it was", async () => {
    const { reports } = await extension().activate();
    await shown();
    const text = await readFile(relation.fsPath, "utf8");
    const told = new Promise((resolve) => {
      const subscription = reports.onDidChangeTreeData(() => {
        subscription.dispose();
        resolve(true);
      });
    });
    await appendFile(relation.fsPath, "\n# changed\n");
    assert.equal(await Promise.race([told, wait(5000, false)]), true, "the tree was not told");
    assert.match(await description(small), /file changed since/);
    assert.ok((await shown()).get("small.report.json")?.iconPath instanceof vscode.ThemeIcon);
    await writeFile(relation.fsPath, text);
    assert.doesNotMatch(await description(small), /since/);
  });

  it("are drawn anew where something has changed, and left alone where nothing has", async () => {
    const { reports } = await extension().activate();
    await shown();
    let drawn = 0;
    const subscription = reports.onDidChangeTreeData(() => drawn++);
    try {
      await run("refreshReports");
      await wait(1500);
      assert.equal(drawn, 0, "drawn anew without a change");
      const later = new Date(Date.now() + 60_000);
      await utimes(small.fsPath, later, later);
      await run("refreshReports");
      await eventually("the list drawn anew", () => drawn > 0);
      await shown();
    } finally {
      subscription.dispose();
    }
  });

  it("say that the model changed since, and not when it was only copied", async () => {
    const graph = join(model.fsPath, "onnx", "model.onnx");
    const bytes = await readFile(graph);
    await writeFile(graph, bytes);
    assert.doesNotMatch(await description(small), /since/);
    await writeFile(
      graph,
      bytes.map((byte, i) => (i > bytes.length / 2 ? byte ^ 1 : byte)),
    );
    assert.match(await description(small), /model changed since/);
    assert.doesNotMatch(await description(wide), /since/);
    await rm(graph);
    assert.doesNotMatch(await description(small), /since/);
  });

  it("find a relation file that was moved with them, and say that one is gone", async () => {
    const moved = workspaceFile("moved");
    await mkdir(moved.fsPath, { recursive: true });
    const [report, file] = [vscode.Uri.joinPath(moved, "m.report.json"), join(moved.fsPath, "few.relation.yaml")];
    await copyFile(small.fsPath, report.fsPath);
    await copyFile(relation.fsPath, file);
    await rm(relation.fsPath);
    assert.match(await description(small), /file not found/);
    assert.doesNotMatch(await description(report), /since|not found/);
    const events = await eventsOf(() => run("openReport", report));
    assert.equal(events.at(-1)?.uri.fsPath, file);
    const { warnings } = await whileAnswering({}, () => run("openRelationOfReport", { uri: small }));
    assert.match(warnings.join(), /not there any more/);
    await copyFile(file, relation.fsPath);
    await rm(moved.fsPath, { recursive: true });
  });

  it("are deleted once that is confirmed", async () => {
    const doomed = at("doomed.report.json");
    await copyFile(small.fsPath, doomed.fsPath);
    const asked = await whileAnswering({ presses: [undefined] }, () => run("deleteReport", { uri: doomed }));
    assert.match(asked.warnings.join(), /doomed\.report\.json/);
    assert.ok(existsSync(doomed.fsPath));
    await whileAnswering({ presses: ["Move to Trash", "Delete Permanently"] }, () =>
      run("deleteReport", { uri: doomed }),
    );
    assert.ok(!existsSync(doomed.fsPath));
    assert.ok(existsSync(small.fsPath));
  });
});
