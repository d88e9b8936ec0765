import * as assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { RunEvent } from "../../../src/extension/analysisRuns";
import type { Report } from "../../../src/protocol/report";
import { busyTime } from "../busyTime";
import { analyzeToReport, close, configure, eventsOf, eventually, extension, panels, workspaceFile } from "../driver";
import { note } from "../measurements";

const file = workspaceFile("in-text.relation.yaml");
const templates = ["The superlative of {} is", "Nothing is more {} than this: it is the"];
const adjectives = ["easy", "lucky", "happy", "busy", "heavy", "early", "funny", "tall", "short", "strong"];
const superlative = (word: string) => `${word.replace(/y$/, "i")}est`;
const text = [
  "# A comment.",
  "name: in-text",
  "prompt_templates:",
  ...templates.map((template) => `  - "${template}"`),
  "samples:",
  ...adjectives.map((subject) => `  - { subject: ${subject}, object: ${superlative(subject)} }`),
  "",
].join("\n");
/** The model gives this subject another word. */
const wrong = text.replace("object: tallest", "object: ball");

const everything = new vscode.Range(0, 0, 100_000, 0);

async function lenses(uri = file): Promise<readonly { readonly line: number; readonly title: string }[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
  return found.map(({ range, command }) => ({ line: range.start.line, title: command?.title ?? "" }));
}

const titles = async (line: number) => (await lenses()).filter((lens) => lens.line === line).map(({ title }) => title);

async function hints(uri = file): Promise<readonly { readonly line: number; readonly label: string }[]> {
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    "vscode.executeInlayHintProvider",
    uri,
    everything,
  );
  return found
    .filter(({ label }) => typeof label === "string" && label.includes("#"))
    .map(({ position, label }) => ({ line: position.line, label: label as string }));
}

const labels = async () => (await hints()).map(({ label }) => label);

async function becomes<T>(what: string, look: () => Promise<T>, wanted: (seen: T) => boolean): Promise<T> {
  let seen = await look();
  for (const start = Date.now(); !wanted(seen) && Date.now() - start < 5000; seen = await look()) await wait(30);
  assert.ok(wanted(seen), `never: ${what}, but ${JSON.stringify(seen)}`);
  return seen;
}

async function replace(from: string, to: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, from);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  edit.replace(file, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** What the hint of a sample says of a report, told in the test's own way. */
function expected(report: Report, t: number, s: number, what: "answers" | "all"): string {
  const template = report.relation.templates[t] ?? "";
  const subject = report.relation.samples[s]?.subject ?? "";
  const prompt = report.prompts.find((other) => other.template === template && other.subject === subject);
  assert.ok(prompt);
  const p = Math.exp(prompt.logProbability);
  const parts = [
    `#${prompt.rank}`,
    p > 0.995 ? "1.0" : p < 0.005 ? "<.01" : `.${String(Math.round(100 * p)).padStart(2, "0")}`,
  ];
  if (prompt.rank !== 1) parts.push(`“${prompt.predictedToken.text.trim()}”`);
  if (what === "answers") return parts.join(" ");
  const { pairs = [], distributional } = report.parallelism ?? {};
  const pair = pairs.findIndex(({ from }) => from.trim() === subject);
  if (pair >= 0 && distributional != null) {
    const row = distributional.matrix[pair] ?? [];
    const mean = (row.reduce((sum, cosine) => sum + cosine, 0) - 1) / (row.length - 1);
    parts.push(mean > (distributional.randomPairsUpper ?? Infinity) ? "∥" : "∦");
  }
  const map = report.linearity.find(
    (fit) => fit.template === template && fit.layer === "final" && fit.estimator === "leastSquares",
  );
  parts.push(map?.agreement?.[s] === true ? "✓" : "✗");
  return parts.join(" ");
}

const allExpected = (report: Report, t: number, what: "answers" | "all") =>
  report.relation.samples.map((_, s) => expected(report, t, s, what));

describe("what an analysis found, in the text", function () {
  this.timeout(120_000);
  let document: vscode.TextDocument;
  let report: Report;
  const analyzeAgain = "$(history) Stale: Analyze Again";

  before(async () => {
    await extension().activate();
    await writeFile(file.fsPath, wrong);
    await configure({ twins: 0, layers: "last" });
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  });

  after(async () => {
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    if (panels().length > 0) await close("report");
    const changed = ["twins", "layers", "codeLens", "inlayHints", "markWrongAnswers", "analyzeOnSave"];
    await configure(Object.fromEntries(changed.map((name) => [name, undefined])));
    await rm(file.fsPath);
  });

  it("offers to analyse and to compare, above the name, and knows nothing else yet", async () => {
    const found = await becomes("two lenses", lenses, (seen) => seen.length === 2);
    assert.deepEqual(
      found.map(({ title }) => title),
      ["$(graph-line) Analyze", "Compare Models…"],
    );
    assert.deepEqual(
      found.map(({ line }) => line),
      [1, 1],
    );
    assert.deepEqual(await hints(), []);
  });

  it("says what was found: a headline above the name, right answers above each template", async () => {
    report = await analyzeToReport(file);
    const found = await becomes("lenses of results", lenses, (seen) => seen.length === 7);
    const [, , headline, ...overTemplates] = found;
    assert.match(headline?.title ?? "", /^\w[\w ]* \.\d\d.* · \w[\w ,]* [−.\d]+ · embedded-small$/);
    templates.forEach((template, t) => {
      const own = report.prompts.filter((prompt) => prompt.template === template);
      const right = own.filter(({ rank }) => rank === 1).length;
      assert.ok(right > 0 && right < own.length, `${right}`);
      const [answers, choice] = overTemplates.slice(2 * t, 2 * t + 2);
      assert.deepEqual(answers, { line: 3 + t, title: `${right} of 10 right` });
      assert.equal(choice?.title, t === 0 ? "$(eye) shown behind the samples" : "Show Behind the Samples");
    });
  });

  it("has each sample's figures behind it", async () => {
    const found = await becomes("ten hints", hints, (seen) => seen.length === 10);
    assert.deepEqual(
      found.map(({ label }) => label),
      allExpected(report, 0, "all"),
    );
    assert.deepEqual(
      found.map(({ line }) => line),
      adjectives.map((_, s) => 6 + s),
    );
    assert.match(found[adjectives.indexOf("tall")]?.label ?? "", /^#[2-9]\d* \S+ “tallest”/);
    note(`hints: ${found.map(({ label }) => label).join("  ")}`);
  });

  it("shows the figures of another template", async () => {
    await vscode.commands.executeCommand("relationLens.showTemplateInText", file, 1);
    await becomes("hints of the second template", labels, (seen) => seen[0] === expected(report, 1, 0, "all"));
    assert.deepEqual(await labels(), allExpected(report, 1, "all"));
    assert.deepEqual((await titles(4)).at(-1), "$(eye) shown behind the samples");
    await vscode.commands.executeCommand("relationLens.showTemplateInText", file, 0);
    assert.deepEqual(await labels(), allExpected(report, 0, "all"));
  });

  it("follows the settings", async () => {
    await configure({ inlayHints: "answers" });
    assert.deepEqual(await labels(), allExpected(report, 0, "answers"));
    await configure({ inlayHints: "off" });
    assert.deepEqual(await labels(), []);
    await configure({ inlayHints: undefined, codeLens: false });
    assert.deepEqual(await lenses(), []);
    await configure({ codeLens: undefined });
    assert.equal((await lenses()).length, 7);
  });

  it("moves with the text at once, and is not stale for a comment", async () => {
    await replace("samples:", "# Nothing that matters.\n\nsamples:");
    // Asked before the text is read anew.
    assert.deepEqual(
      (await hints()).map(({ line }) => line),
      adjectives.map((_, s) => 8 + s),
    );
    await wait(600);
    assert.deepEqual(await labels(), allExpected(report, 0, "all"));
    assert.equal((await titles(1))[0], "$(graph-line) Analyze");
    await replace("# Nothing that matters.\n\n", "");
  });

  it("is stale after an edit that matters, and fresh again once it is undone", async () => {
    await replace("Nothing is more {}", "Nothing at all is more {}");
    await becomes(
      "stale",
      () => titles(1),
      ([first]) => first === analyzeAgain,
    );
    assert.deepEqual(
      await labels(),
      allExpected(report, 0, "all").map((label) => `~ ${label}`),
    );
    // The edited template was not analysed.
    assert.deepEqual(await titles(4), []);
    await replace("Nothing at all is more {}", "Nothing is more {}");
    await becomes(
      "fresh",
      () => titles(1),
      ([first]) => first === "$(graph-line) Analyze",
    );
    assert.deepEqual(await labels(), allExpected(report, 0, "all"));
    assert.equal((await titles(4)).length, 2);
  });

  it("has nothing to say of a sample that was changed", async () => {
    await replace("object: luckiest", "object: luckier");
    await becomes(
      "nine stale hints",
      hints,
      (seen) => seen.length === 9 && seen.every(({ line, label }) => line !== 7 && label.startsWith("~ ")),
    );
    await replace("object: luckier", "object: luckiest");
    await becomes(
      "ten fresh hints",
      labels,
      (seen) => seen.length === 10 && seen.every((label) => !label.includes("~")),
    );
  });

  it("is stale, and does not vanish, while the text cannot be read", async () => {
    await replace("  - { subject: strong, object: strongest }", "  - { subject: strong, object:");
    await becomes(
      "stale",
      () => titles(1),
      ([first]) => first === analyzeAgain,
    );
    assert.ok((await hints()).length >= 9, JSON.stringify(await hints()));
    await replace("  - { subject: strong, object:", "  - { subject: strong, object: strongest }");
    await becomes(
      "fresh",
      () => titles(1),
      ([first]) => first === "$(graph-line) Analyze",
    );
  });

  it("opens the panel, which runs the analysis again once it is about another file", async () => {
    await close("report");
    const none = await eventsOf(() => vscode.commands.executeCommand("relationLens.showResult", file, "prompts"));
    assert.deepEqual(none, []);
    await eventually("the panel", () => panels().length === 1);
    await analyzeToReport(workspaceFile("few.relation.yaml"));
    const events = await eventsOf(() => vscode.commands.executeCommand("relationLens.showResult", file, "overview"));
    assert.deepEqual([events[0]?.type, events.at(-1)?.type], ["started", "report"]);
    assert.equal(events[0]?.uri.fsPath, file.fsPath);
  });

  describe("on save", () => {
    const seen: RunEvent["type"][] = [];
    const save = async (from: string, to: string, pause: number, until?: RunEvent["type"]) => {
      const events = await eventsOf(
        async () => {
          seen.length = 0;
          await replace(from, to);
          // The editor gives up on a save that waits too long for a busy machine.
          await becomes("saved", async () => (await document.save()) && !document.isDirty, Boolean);
          const start = Date.now();
          while (Date.now() - start < pause && !(until !== undefined && seen.includes(until))) await wait(20);
        },
        ({ type }) => {
          seen.push(type);
        },
      );
      return events.map(({ type }) => type).filter((type) => type !== "progress");
    };

    it("runs nothing, unless it is asked to", async () => {
      assert.deepEqual(await save("object: ball", "object: hall", 1000), []);
    });

    it("runs the analysis of what has changed", async () => {
      await configure({ analyzeOnSave: true });
      assert.deepEqual(await save("object: hall", "object: tallest", 30_000, "report"), ["started", "report"]);
      await becomes(
        "fresh",
        () => titles(1),
        ([first]) => first === "$(graph-line) Analyze",
      );
      assert.match((await labels())[adjectives.indexOf("tall")] ?? "", /^#1 /);
    });

    it("runs nothing for a comment, nor for a text that cannot be analysed", async () => {
      assert.deepEqual(await save("# A comment.", "# Another comment.", 1000), []);
      assert.deepEqual(await save("name: in-text", "name: [in-text", 1000), []);
      assert.deepEqual(await save("name: [in-text", "name: in-text", 1000), []);
    });

    it("cancels the run of the text before, and only the last of quick saves runs", async () => {
      assert.deepEqual(await save("object: easiest", "object: easier", 30_000, "progress"), ["started"]);
      const { engine } = await extension().activate();
      // However fast the machine, the run of the text before has not ended when the others are saved.
      process.kill(engine.pid ?? assert.fail("no engine runs"), "SIGSTOP");
      const ended = await save("object: easier", "object: easy", 0);
      assert.deepEqual(ended, []);
      const rest = await save("object: easy ", "object: easiest ", 30_000, "report");
      assert.deepEqual(rest, ["cancelled", "started", "report"]);
      assert.equal(document.getText(), wrong.replace("ball", "tallest").replace("# A", "# Another"));
      await becomes(
        "fresh",
        () => titles(1),
        ([first]) => first === "$(graph-line) Analyze",
      );
    });
  });
});

describe("a long file", function () {
  this.timeout(180_000);
  const long = workspaceFile("long.relation.yaml");
  const saved = workspaceFile("long.report.json");
  const count = 1000;
  const samples = Array.from({ length: count }, (_, i) => ({
    subject: `subject${i}`,
    object: `object${i}`,
    label: null,
  }));

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    if (panels().length > 0) await close("report");
    await Promise.all([rm(long.fsPath, { force: true }), rm(saved.fsPath, { force: true })]);
  });

  it("is answered about in milliseconds while somebody types in it", async () => {
    const lines = samples.map(({ subject, object }) => `  - { subject: ${subject}, object: ${object} }`);
    await writeFile(
      long.fsPath,
      ["name: long", "prompt_templates:", '  - "A {} is"', "samples:", ...lines, ""].join("\n"),
    );
    const made = await analyzeToReport(workspaceFile("few.relation.yaml"));
    const [prompt] = made.prompts;
    assert.ok(prompt);
    const relation = { ...made.relation, name: "long", file: long.fsPath, templates: ["A {} is"], samples };
    const prompts = samples.map(({ subject, object }) => ({ ...prompt, template: "A {} is", subject, object }));
    await writeFile(saved.fsPath, JSON.stringify({ ...made, relation, prompts, linearity: [], parallelism: null }));
    await vscode.commands.executeCommand("relationLens.openReport", saved);
    const document = await vscode.workspace.openTextDocument(long);
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await becomes(
      "all hints",
      () => hints(long),
      (seen) => seen.length === count,
    );
    // What was opened is of this text: its templates and samples are those of the file.
    assert.equal((await lenses(long))[0]?.title, "$(graph-line) Analyze");

    const times: number[] = [];
    const end = document.lineAt(503).range.end;
    for (let i = 0; i < 15; i++) {
      await editor.edit((edit) => edit.insert(end.translate(i), "\n"), { undoStopBefore: false, undoStopAfter: false });
      const start = busyTime();
      const found = await hints(long);
      times.push(busyTime() - start);
      assert.equal(found.length, count);
      assert.equal(found.at(-1)?.line, 1003 + i + 1);
    }
    const median = times.sort((a, b) => a - b)[7] ?? NaN;
    note(
      `hints of 1,000 samples after a key: ${median.toFixed(1)} ms of the extension host, with the way there and back`,
    );
    assert.ok(median < 20, `${median} ms`);
  });
});
