import * as assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
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

  afterEach(async () => {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (!document.isDirty) continue;
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.files.revert");
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
    const lines = document.getText().trimEnd().split("\n");
    await type(document, `${lines.slice(0, -3).join("\n")}\n`);
    assert.ok(document.isDirty);
    const { samples } = await analyzeUntil(superlative, relationOf);
    assert.equal(samples.length, first.relation.samples.length - 3);
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
    await eventually("no diagnostics", () => vscode.languages.getDiagnostics(broken).length === 0);
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
