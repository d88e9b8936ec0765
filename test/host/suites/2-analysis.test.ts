import * as assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { Report } from "../../../src/protocol/report";
import {
  analyze,
  analyzeToReport,
  analyzeUntil,
  eventually,
  extension,
  panels,
  relationOf,
  workspaceFile,
} from "../driver";

const superlative = workspaceFile("superlative.relation.yaml");
const broken = workspaceFile("broken.relation.yaml");

/** Replaces the text of a document without saving it. */
async function type(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

describe("analysing a file", () => {
  let first: Report | undefined;
  const originals = new Map<vscode.Uri, string>();

  before(async () => {
    for (const uri of [superlative, broken]) originals.set(uri, await readFile(uri.fsPath, "utf8"));
  });

  // The editor may have saved by itself what was typed.
  afterEach(async () => {
    for (const [uri, text] of originals) {
      const document = await vscode.workspace.openTextDocument(uri);
      await type(document, text);
      await document.save();
    }
  });

  it("gives a report, in a panel beside the file", async () => {
    const report = await analyzeToReport(superlative);
    first = report;
    assert.equal(report.relation.name, "superlative");
    assert.equal(report.relation.file, superlative.fsPath);
    assert.equal(report.prompts.length, report.relation.samples.length * report.relation.templates.length);
    assert.ok(Number.isFinite(report.parallelism?.distributional?.mean));
    const [panel, ...others] = await eventually("a panel", () => panels().length > 0 && panels());
    assert.ok(panel);
    assert.deepEqual(others, []);
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === superlative.fsPath);
    assert.equal(editor?.viewColumn, vscode.ViewColumn.One);
    assert.equal(panel.group.viewColumn, vscode.ViewColumn.Two);
  });

  it("gives the same figures again", async () => {
    assert.ok(first);
    const again = await analyzeToReport(superlative);
    assert.deepEqual(again.summary, first.summary);
    assert.deepEqual(again.parallelism, first.parallelism);
  });

  it("takes the active editor when the palette gives no file", async () => {
    await vscode.window.showTextDocument(superlative, { viewColumn: vscode.ViewColumn.One });
    const { file } = await analyzeUntil(undefined, relationOf);
    assert.equal(file, superlative.fsPath);
  });

  it("reuses the panel for another file", async () => {
    const { name } = await analyzeUntil(workspaceFile("capital.relation.yaml"), relationOf);
    assert.equal(name, "capital");
    await eventually("a panel about the other file", () => panels().some(({ label }) => label.includes("capital")));
    assert.equal(panels().length, 1);
  });

  it("analyses unsaved text", async () => {
    assert.ok(first);
    const document = await vscode.workspace.openTextDocument(superlative);
    const lines = document.getText().split("\n");
    const samples = lines.filter((line) => line.includes("subject:"));
    await type(document, lines.filter((line) => !samples.slice(-3).includes(line)).join("\n"));
    assert.ok(document.isDirty);
    const relation = await analyzeUntil(superlative, relationOf);
    assert.equal(relation.samples.length, first.relation.samples.length - 3);
  });

  it("puts problems where they are in the text, and takes them away once mended", async () => {
    const event = await analyze(broken);
    assert.equal(event.type, "problems");
    const [diagnostic] = await eventually("a diagnostic", () => {
      const found = vscode.languages.getDiagnostics(broken);
      return found.length > 0 && found;
    });
    assert.ok(diagnostic);
    const document = await vscode.workspace.openTextDocument(broken);
    assert.equal(diagnostic.source, "Relation Lens");
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.match(document.getText(diagnostic.range), /This template has no slot/);

    await type(document, document.getText().replace("This template has no slot", "The superlative of {} is"));
    await analyzeToReport(broken);
    // Three samples are few, which a hint says.
    const { Hint } = vscode.DiagnosticSeverity;
    await eventually("no diagnostics", () =>
      vscode.languages.getDiagnostics(broken).every(({ severity }) => severity === Hint),
    );
  });

  it("says what is wrong with a file that is no text", async () => {
    const event = await analyze(workspaceFile("binary.relation.yaml"));
    assert.equal(event.type, "problems");
    assert.ok(event.problems.every(({ message, remedy }) => message !== "" && remedy !== ""));
  });

  it("leaves nothing running", async () => {
    const { runs } = await extension().activate();
    assert.equal(runs.busy, false);
  });
});
