import * as assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { parseRelation } from "../../../src/formats/relationFile";
import { eventually, extension, workspaceFile } from "../driver";
import { note } from "../measurements";
import { whileAnswering } from "../person";

const yaml = workspaceFile("editing.relation.yaml");
const json = workspaceFile("editing.relation.json");
const prompt = workspaceFile("editing.txt");

const template = '  - "A {} b"';
const three = "  - { subject: a, object: b }\n  - { subject: c, object: d }\n  - { subject: e, object: f }";
const relation = (templates = template, samples = three, more = "") =>
  `name: plural\nprompt_templates:\n${templates}\nsamples:\n${samples}\n${more}`;
const inJson = (templates: string, samples: string) =>
  `{\n  "prompt_templates": [${templates}],\n  "samples": [\n    ${samples}\n  ]\n}\n`;
const threeInJson = '{ "subject": "a" },\n    { "subject": "c" },\n    { "subject": "e" }';

async function show(uri: vscode.Uri, text: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
  return document;
}

const codesOf = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).map(({ code }) => (typeof code === "string" ? code : ""));

function diagnosticOf(uri: vscode.Uri, code: string): Promise<vscode.Diagnostic> {
  return eventually(`${code} among ${codesOf(uri).join(", ")}`, () =>
    vscode.languages.getDiagnostics(uri).find((diagnostic) => diagnostic.code === code),
  );
}

async function actionsFor(uri: vscode.Uri, { range }: vscode.Diagnostic): Promise<readonly vscode.CodeAction[]> {
  return vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, range, "quickfix");
}

/** The editor's window hears of diagnostics a little later than this process. */
async function actionCalled(title: RegExp, uri: vscode.Uri, diagnostic: vscode.Diagnostic): Promise<vscode.CodeAction> {
  for (let i = 0; ; i++) {
    const actions = await actionsFor(uri, diagnostic);
    const action = actions.find((found) => title.test(found.title));
    if (action !== undefined) return action;
    assert.ok(i < 50, `${String(title)} is not among ${actions.map((found) => found.title).join(", ")}`);
    await wait(100);
  }
}

async function apply(action: vscode.CodeAction): Promise<void> {
  assert.ok(action.edit, `${action.title} changes nothing`);
  assert.ok(await vscode.workspace.applyEdit(action.edit), action.title);
}

async function suggestions(document: vscode.TextDocument, behind: string): Promise<readonly string[]> {
  const at = document.positionAt(document.getText().indexOf(behind) + behind.length);
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    document.uri,
    at,
  );
  return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
}

async function hoverText(document: vscode.TextDocument, over: string): Promise<string> {
  const at = document.positionAt(document.getText().indexOf(over) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, at);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value.replaceAll("\\", "") : ""))
    .join("\n");
}

/** [code, title of the fix, text] */
const mistakes: readonly (readonly [string, RegExp, string])[] = [
  ["relation-template-no-slot", /^Write \{\} instead of \{x\}$/, relation('  - "A {x} b"')],
  ["relation-template-no-slot", /^Write \{\} instead of “c”$/, relation('  - "Is c right"')],
  ["relation-template-no-slot", /^Add \{\} at the end$/, relation('  - "The word"')],
  ["relation-template-two-slots", /^Keep the first \{\} only$/, relation('  - "A {} and {}"')],
  ["relation-template-ends-in-space", /^Remove the spaces$/, relation('  - "A {} b "')],
  ["relation-template-empty", /^Remove this template$/, relation(`${template}\n  - ""`)],
  ["relation-duplicate-template", /^Remove this template$/, relation(`${template}\n${template}`)],
  ["relation-no-templates", /^Add a template$/, relation("")],
  ["relation-duplicate-subject", /^Remove this sample$/, relation(template, `${three}\n  - { subject: a, object: z }`)],
  ["relation-missing-key", /^Remove this sample$/, relation(template, `${three}\n  - { object: z }`)],
  ["relation-duplicate-pair", /^Remove this pair$/, relation(template, three, "pairs: [[a, b], [a, b]]\n")],
  ["relation-same-words", /^Remove this pair$/, relation(template, three, "pairs:\n  - [a, b]\n  - [a, a]\n")],
  ["relation-spaces-around", /^Remove the spaces$/, relation(template, three.replace("object: b", 'object: " b"'))],
  ["relation-value-as-text", /^Write "1990"$/, relation(template, three.replace("object: b", "object: 1990"))],
  ["relation-empty-word", /^Remove “object”$/, relation(template, three.replace("object: b", 'object: ""'))],
  ["relation-unknown-key", /^Rename to “pairs”$/, relation(template, three, "pair: [[a, b]]\n")],
  ["relation-unknown-key", /^Remove “colour”$/, relation(template, three, "colour: red\n")],
  ["relation-duplicate-key", /^Remove “name”$/, relation(template, three, "name: y\n")],
  ["relation-wrong-type", /^Make it a list$/, relation().replace(`\n${template}`, ' "A {} b"')],
  ["relation-wrong-type", /^Put quotes around the template$/, relation("  - Q: is {} b")],
  ["relation-bad-yaml", /^Put quotes around the template$/, relation("  - {} is the capital of")],
  ["relation-no-samples", /^Add a sample$/, relation(template, "")],
  ["relation-few-samples", /^Add a sample$/, relation(template, three.split("\n").slice(0, 2).join("\n"))],
];

const mistakesInJson: typeof mistakes = [
  ["relation-template-no-slot", /^Write \{\} instead of <x>$/, inJson('"A <x> b"', threeInJson)],
  ["relation-template-ends-in-space", /^Remove the spaces$/, inJson('"A {} "', threeInJson)],
  ["relation-duplicate-subject", /^Remove this sample$/, inJson('"A {}"', `${threeInJson},\n    { "subject": "a" }`)],
  ["relation-unknown-key", /^Remove “x1”$/, inJson('"A {}"', threeInJson.replace('"a"', '"a", "x1": 1'))],
];

describe("editing relation files", () => {
  before(async () => {
    await extension().activate();
    for (const uri of [yaml, json, prompt]) await vscode.workspace.fs.writeFile(uri, new Uint8Array());
  });

  after(async () => {
    for (const { document } of vscode.window.visibleTextEditors) {
      if (!document.isDirty) continue;
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const uri of [yaml, json, prompt]) await vscode.workspace.fs.delete(uri);
  });

  for (const [uri, cases] of [
    [yaml, mistakes],
    [json, mistakesInJson],
  ] as const) {
    for (const [code, title, text] of cases) {
      it(`${code} in ${uri.path.slice(-4)} is shown while typing, and mended by “${title.source}”`, async () => {
        const document = await show(uri, text);
        const diagnostic = await diagnosticOf(uri, code);
        const count = codesOf(uri).filter((found) => found === code).length;
        const action = await actionCalled(title, uri, diagnostic);
        await apply(action);
        const { problems } = parseRelation(document.getText(), uri.fsPath);
        assert.equal(problems.filter((problem) => problem.code === code).length, count - 1, document.getText());
        assert.ok(!problems.some((problem) => /bad-(yaml|json)/.test(problem.code)), document.getText());
        await eventually(
          "no such diagnostic",
          () => codesOf(uri).filter((found) => found === code).length === count - 1,
        );
      });
    }
  }

  it("a file with few samples gets a mark, and samples of the built-in relation of its name", async () => {
    const document = await show(yaml, relation());
    const diagnostic = await diagnosticOf(yaml, "relation-figures-unsettled");
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Hint);
    const action = await actionCalled(/^Add 17 samples of the built-in relation “plural”$/, yaml, diagnostic);
    await apply(action);
    assert.equal(parseRelation(document.getText(), yaml.fsPath).relation?.samples.length, 20);
    await eventually("no mark", () => !codesOf(yaml).includes("relation-figures-unsettled"));
  });

  it("answers with one first token are told of once an engine runs, and the later is removed", async () => {
    const { engine } = await extension().activate();
    const colliding = three
      .replace("object: b", "object: easiest")
      .replace("object: d", "object: zzqa")
      .replace("object: f", "object: zzqb");
    const document = await show(yaml, relation(template, colliding));
    await engine.models({ workspaceFolders: [] });
    await document.save();
    const diagnostic = await diagnosticOf(yaml, "answers-share-first-token");
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Warning);
    assert.equal(document.getText(diagnostic.range), "zzqb");
    assert.ok(codesOf(yaml).includes("answer-several-tokens"));
    const { line } = diagnostic.range.start;
    // What is typed above moves it; what is typed in it takes it away.
    const typed = new vscode.WorkspaceEdit();
    typed.insert(yaml, new vscode.Position(0, 0), "# a comment\n");
    await vscode.workspace.applyEdit(typed);
    const moved = await eventually("a moved diagnostic", () =>
      vscode.languages
        .getDiagnostics(yaml)
        .find(({ code, range }) => code === diagnostic.code && range.start.line === line + 1),
    );
    await apply(await actionCalled(/^Remove this sample$/, yaml, moved));
    assert.ok(!document.getText().includes("zzqb"));
    await eventually("no such diagnostic", () => !codesOf(yaml).includes("answers-share-first-token"));
  });

  it("mends all that does not change the relation on source.fixAll", async () => {
    const document = await show(
      yaml,
      relation('  - "A {} b "\n  - "A {} b "', `${three}\n  - { subject: 7, object: " h" }`),
    );
    await diagnosticOf(yaml, "relation-value-as-text");
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      yaml,
      new vscode.Range(0, 0, document.lineCount, 0),
      "source.fixAll.relationLens",
    );
    const [action, ...others] = actions;
    assert.ok(action);
    assert.deepEqual(others, []);
    await apply(action);
    assert.deepEqual(parseRelation(document.getText(), yaml.fsPath).problems, []);
  });

  it("completes keys, samples, files, models and figures", async () => {
    const document = await show(yaml, `${relation()}control_relations:\n  - c\nmodel: e\nexpect:\n  linearity.\npa\n`);
    const has = async (behind: string, ...labels: string[]) => {
      const found = await suggestions(document, behind);
      for (const label of labels) assert.ok(found.includes(label), `${label} is not among ${found.join(", ")}`);
    };
    await has("\npa", "pairs", "properties");
    await has("  - c", "capital.relation.yaml");
    await has("model: e", "embedded-small", "embedded-wide");
    await has("  linearity.", "linearity.faithfulness");
    await show(yaml, relation(template, `${three}\n  - `));
    await has("object: f }\n  - ", "sample", "subject");
  });

  it("explains keys, and fills templates in", async () => {
    const document = await show(yaml, relation());
    assert.match(await hoverText(document, "samples"), /Subjects with their objects/);
    assert.match(await hoverText(document, "A {} b"), /A a b → b/);
    assert.match(await hoverText(document, "subject: c"), /What goes into the slot/);
  });

  it("lists what a file consists of in the outline", async () => {
    await show(yaml, relation(template, three, "pairs:\n  - [x, y]\n"));
    const symbols = await eventually("symbols", () => true).then(() =>
      vscode.commands.executeCommand<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", yaml),
    );
    const [root] = symbols;
    assert.equal(root?.name, "plural");
    assert.deepEqual(
      root.children.map(({ name, children }) => [name, children.map((child) => child.name)]),
      [
        ["prompt_templates", ["A {} b"]],
        ["samples", ["a → b", "c → d", "e → f"]],
        ["pairs", ["x → y"]],
      ],
    );
  });

  it("stays fast in a file of a thousand samples", async () => {
    const samples = Array.from({ length: 1000 }, (_, i) => `  - { subject: word${i}, object: other${i} }`).join("\n");
    const document = await show(yaml, relation('  - "A {x} b"', samples));
    const diagnostic = await diagnosticOf(yaml, "relation-template-no-slot");
    const timed = async (what: string, run: () => PromiseLike<unknown>) => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        await run();
        times.push(performance.now() - start);
      }
      const median = times.toSorted((a, b) => a - b)[2] ?? 0;
      note(`1,000 samples, ${what}: ${median.toFixed(0)} ms`);
      assert.ok(median < 1500, `${what}: ${median} ms`);
    };
    await timed("quick fixes", () => actionsFor(yaml, diagnostic));
    await timed("completion", () => suggestions(document, "samples:\n  - { "));
    await timed("hover", () => hoverText(document, "word500"));
    await timed("outline", () => vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", yaml));
    await timed("reading the text", () => Promise.resolve(parseRelation(document.getText(), yaml.fsPath)));
  });

  it("makes a new relation file, named after the relation, to fill in", async () => {
    await whileAnswering({ types: "to young" }, () => vscode.commands.executeCommand("relationLens.newRelation"));
    const document = await eventually("a new file", () => {
      const shown = vscode.window.activeTextEditor?.document;
      return shown?.isUntitled === true && shown.getText() !== "" && shown;
    });
    assert.equal(document.uri.path, workspaceFile("to-young.relation.yaml").path);
    assert.equal(document.languageId, "yaml");
    const { relation: made, problems } = parseRelation(document.getText(), document.uri.fsPath);
    assert.deepEqual(problems, []);
    assert.equal(made?.name, "to young");
    assert.equal(made.samples.length, 3);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    const { complaint } = await whileAnswering({ types: " " }, () =>
      vscode.commands.executeCommand("relationLens.newRelation"),
    );
    assert.equal(complaint, "Write a name.");
  });

  it("drafts a relation from selected pairs, and from a word of a prompt", async () => {
    const draft = async (text: string, from: number, to: number) => {
      const document = await show(prompt, text);
      const editor = vscode.window.activeTextEditor;
      assert.ok(editor);
      editor.selection = new vscode.Selection(document.positionAt(from), document.positionAt(to));
      await vscode.commands.executeCommand("relationLens.createFromSelection");
      const made = await eventually("a draft", () => {
        const shown = vscode.window.activeTextEditor?.document;
        return shown?.isUntitled === true && shown.getText() !== "" && shown;
      });
      const { relation: read } = parseRelation(made.getText(), made.uri.fsPath);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
      assert.ok(read, made.getText());
      return read;
    };
    const pairs = "easy easiest\nbig biggest\nold oldest\n";
    assert.deepEqual((await draft(pairs, 0, pairs.length)).samples, [
      { subject: "easy", object: "easiest" },
      { subject: "big", object: "biggest" },
      { subject: "old", object: "oldest" },
    ]);
    const asked = "The capital of France is";
    const start = asked.indexOf("France");
    const { templates, samples } = await draft(asked, start, start + "France".length);
    assert.deepEqual([templates, samples], [["The capital of {} is"], [{ subject: "France" }]]);
  });

  it("says what to select where nothing useful is", async () => {
    await show(prompt, "nothing");
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const { warnings } = await whileAnswering({}, () =>
      vscode.commands.executeCommand("relationLens.createFromSelection"),
    );
    assert.match(warnings[0] ?? "", /^Select lines/);
  });
});
