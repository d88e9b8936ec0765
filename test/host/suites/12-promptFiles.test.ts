import * as assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { RunEvent } from "../../../src/extension/analysisRuns";
import {
  analyze,
  analyzeToReport,
  analyzeUntil,
  configure,
  eventsOf,
  eventually,
  extension,
  panels,
  relationOf,
  workspaceFile,
} from "../driver";
import { group, whileAnswering, type Person } from "../person";

const folder = workspaceFile("prompts12");
const file = (name: string) => vscode.Uri.joinPath(folder, name);

const yaml = (lines: string, words: readonly (readonly [string, string])[]) =>
  `${lines}\nsamples:\n${words.map(([subject, object]) => `  - { subject: ${subject}, object: ${object} }\n`).join("")}`;
const words = [
  ["easy", "easiest"],
  ["lucky", "luckiest"],
  ["big", "biggest"],
  ["old", "oldest"],
] as const;
const pairs = (separator: string) => words.map((pair) => pair.join(separator)).join("\n");

const files: Readonly<Record<string, string>> = {
  "alone.txt": "The superlative of {} is",
  "other.txt": "The superlative of {{subject}} is",
  "unsuited.relation.yaml": yaml('prompt_templates: ["The opposite of {} is"]', words),
  "beside.prompt.md": "---\nmode: ask\n---\nThe superlative of ${input:word} is\n",
  "beside.relation.yaml": yaml('prompt_templates: ["Nothing is more {} than this: it is the"]', words),
  "named.relation.yaml": yaml("template: named-prompt.txt", words.slice(1)),
  "named-prompt.txt": "Of all that is {}, it is the",
  "superlative.tsv": pairs("\t"),
  "nobody-asks.tsv": pairs("\t"),
  "two-variables.promptfoo.yaml": [
    'prompts: ["More {{word}} than {{other}} is the"]',
    "tests: [{ vars: { word: [easy, lucky, big, old], other: [wide, rich, cold, dark] } }]",
    "",
  ].join("\n"),
  "two-lists.txt": [
    ": superlative",
    "easy easiest lucky luckiest",
    "big biggest old oldest",
    ": plural",
    "dog dogs cat cats",
    "cow cows tree trees",
    "",
  ].join("\n"),
  "broken.prompt.md": "What is the superlative?\n",
};

/** What the report will say of the relation; the rest of the analysis is not waited for. */
const relationAt = (uri: vscode.Uri) => analyzeUntil(uri, relationOf);
/** Analyses while a person answers. */
async function asPerson(person: Person, uri: vscode.Uri, command = "relationLens.analyze") {
  let relation: ReturnType<typeof relationOf>;
  let events: readonly RunEvent[] = [];
  const seen = await whileAnswering(person, async () => {
    events = await eventsOf(
      () => vscode.commands.executeCommand(command, uri),
      (event) => {
        relation ??= relationOf(event);
        if (relation !== undefined) void vscode.commands.executeCommand("relationLens.cancel");
      },
    );
  });
  return { ...seen, events, relation };
}
const subjectsOf = (relation: ReturnType<typeof relationOf>) => relation?.samples.map(({ subject }) => subject);

describe("prompt files", () => {
  before(async () => {
    await mkdir(folder.fsPath, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(file(name).fsPath), { recursive: true });
      await writeFile(file(name).fsPath, text);
    }
  });
  after(() => rm(folder.fsPath, { recursive: true, force: true }));
  afterEach(async () => {
    await configure({ twins: undefined });
    for (const { document } of vscode.window.visibleTextEditors) {
      if (!document.isDirty) continue;
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    }
  });

  for (const [name, picks, samples] of [
    ["young.md", ["young.relation.yaml"], 32],
    ["capital.prompt.md", ["capital"], 38],
    ["superlative.prompty", ["superlative"], 32],
    ["past-tense.prompt", ["past-tense"], 36],
    ["plural.promptfoo.yaml", [], 20],
    ["sound.chat.json", ["animal-sound"], 30],
    ["opposite.txt", ["antonym"], 36],
    ["gender.tsv", ["gendered-noun"], 24],
    ["demonym.jsonl", ["nationality"], 24],
    ["capital-analogies.txt", ["capital"], 24],
    ["I05 [adjective - comparative].txt", ["comparative"], 24],
  ] as const) {
    it(`${name} is analysed from the file to its prompts`, async () => {
      const uri = workspaceFile(`prompts/${name}`);
      const { relation, lists } = await asPerson({ picks }, uri);
      assert.equal(relation?.samples.length, samples);
      assert.equal(relation.file, uri.fsPath);
      assert.equal(lists.length, picks.length);
    });
  }

  it("a prompt becomes a report in a panel of its name", async () => {
    await configure({ twins: 0 });
    const report = await analyzeToReport(file("beside.prompt.md"));
    assert.deepEqual(
      report.prompts.map(({ text }) => text),
      words.map(([subject]) => `The superlative of ${subject} is`),
    );
    assert.equal(report.relation.subjects, "beside.relation.yaml");
    assert.ok(report.parallelism?.distributional);
    await eventually("a panel about the prompt", () => panels().some(({ label }) => label.includes("beside")));
  });

  it("a relation file may take its templates from a prompt file, and the prompt its subjects from there", async () => {
    for (const name of ["named.relation.yaml", "named-prompt.txt"]) {
      const relation = await relationAt(file(name));
      assert.deepEqual(relation.templates, ["Of all that is {}, it is the"]);
      assert.deepEqual(subjectsOf(relation), ["lucky", "big", "old"]);
    }
  });

  it("a list of pairs is asked about by the built-in relation of its name", async () => {
    const relation = await relationAt(file("superlative.tsv"));
    assert.ok(relation.templates.includes("The superlative of {} is"));
    assert.deepEqual(
      subjectsOf(relation),
      words.map(([subject]) => subject),
    );
  });

  it("a list that nothing asks about takes the prompts of the relation that is picked", async () => {
    const { lists, relation } = await asPerson({ picks: ["plural"] }, file("nobody-asks.tsv"));
    assert.equal(lists[0]?.find(({ label }) => label === "plural")?.detail, "The plural of {} is");
    assert.ok(relation?.templates.includes("The plural of {} is"));
    assert.deepEqual(
      subjectsOf(relation),
      words.map(([subject]) => subject),
    );
  });

  it("unsaved text is what is analysed", async () => {
    const document = await vscode.workspace.openTextDocument(file("beside.prompt.md"));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(3).range.start, "Say it: ");
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.deepEqual((await relationAt(document.uri)).templates, ["Say it: The superlative of {} is"]);
  });

  it("a problem is marked where it is in the text", async () => {
    const event = await analyze(file("broken.prompt.md"));
    assert.equal(event.type, "problems");
    const [diagnostic] = await eventually("a diagnostic", () => {
      const found = vscode.languages.getDiagnostics(file("broken.prompt.md"));
      return found.length > 0 && found;
    });
    assert.equal(diagnostic?.code, "prompt-no-slot");
    assert.match(diagnostic.message, /\$\{input:/);
  });
});

describe("a file that leaves a choice", () => {
  const choose = (uri: vscode.Uri, pick: string) => asPerson({ picks: [pick] }, uri, "relationLens.chooseSubjects");
  const write = (name: string, text = files[name] ?? "") => writeFile(file(name).fsPath, text);

  before(async () => {
    await mkdir(folder.fsPath, { recursive: true });
    for (const name of ["two-variables.promptfoo.yaml", "two-lists.txt"]) await write(name);
  });
  after(() => rm(folder.fsPath, { recursive: true, force: true }));

  it("of variables is read by the first, until another is picked", async () => {
    const uri = file("two-variables.promptfoo.yaml");
    assert.deepEqual((await relationAt(uri)).templates, ["More {} than wide is the"]);
    const { lists, relation } = await choose(uri, "Variable: other");
    const [list = []] = lists;
    assert.deepEqual(group(list, "what takes the subject's place"), ["Variable: word", "Variable: other"]);
    assert.equal(list.find(({ label }) => label === "Variable: word")?.description, "chosen");
    assert.deepEqual(relation?.templates, ["More easy than {} is the"]);
    assert.deepEqual(subjectsOf(relation), ["wide", "rich", "cold", "dark"]);
  });

  it("is remembered, by assessments too", async () => {
    const uri = file("two-variables.promptfoo.yaml");
    assert.deepEqual((await relationAt(uri)).templates, ["More easy than {} is the"]);
    const { assessments } = await extension().activate();
    const source = new vscode.CancellationTokenSource();
    const ended = await assessments.assess(uri, { settings: { only: ["linearity"], twins: 0 } }, source.token);
    assert.ok(ended.type === "done");
    assert.deepEqual(ended.value.digest.templates, ["More easy than {} is the"]);
  });

  it("can be made anew once the variable has another name", async () => {
    const name = "two-variables.promptfoo.yaml";
    await write(name, files[name]?.replaceAll("other", "second"));
    const event = await analyze(file(name));
    assert.ok(event.type === "problems");
    assert.equal(event.problems[0]?.code, "prompt-unknown-slot");
    const { relation } = await choose(file(name), "Variable: second");
    assert.deepEqual(subjectsOf(relation), ["wide", "rich", "cold", "dark"]);
  });

  it("of lists is read by the first, until another is picked, with the prompts that ask about it", async () => {
    const uri = file("two-lists.txt");
    assert.deepEqual(subjectsOf(await relationAt(uri)), ["easy", "lucky", "big", "old"]);
    const { lists, relation } = await choose(uri, "List: plural");
    assert.deepEqual(group(lists[0] ?? [], "lists of this file"), ["List: superlative", "List: plural"]);
    assert.deepEqual(subjectsOf(relation), ["dog", "cat", "cow", "tree"]);
    assert.ok(relation?.templates.includes("The plural of {} is"));
  });
});

describe("subjects of a template alone", () => {
  before(async () => {
    await mkdir(folder.fsPath, { recursive: true });
    for (const name of ["alone.txt", "other.txt", "unsuited.relation.yaml"]) {
      await writeFile(file(name).fsPath, files[name] ?? "");
    }
  });
  after(() => rm(folder.fsPath, { recursive: true, force: true }));

  it("are asked for, and nothing is analysed where nobody answers", async () => {
    const { lists, events } = await asPerson({}, file("alone.txt"));
    const [list = []] = lists;
    assert.equal(lists.length, 1);
    assert.ok(group(list, "in this workspace").includes("unsuited.relation.yaml"));
    assert.ok(group(list, "built-in, of facts").includes("capital"));
    assert.deepEqual(group(list, "others"), ["Type Subjects…", "Browse…"]);
    assert.match(list.find(({ label }) => label === "antonym")?.detail ?? "", /^hot → cold, /);
    assert.deepEqual(events, []);
  });

  it("are picked once, and remembered", async () => {
    const first = await asPerson({ picks: ["superlative"] }, file("alone.txt"));
    assert.equal(first.relation?.subjects, "collection/superlative");
    const again = await asPerson({}, file("alone.txt"));
    assert.equal(again.lists.length, 0);
    assert.deepEqual(again.relation, first.relation);
  });

  it("are changed by a command, whose list says what is chosen", async () => {
    const { lists, relation } = await asPerson(
      { picks: ["unsuited.relation.yaml"] },
      file("alone.txt"),
      "relationLens.chooseSubjects",
    );
    assert.match(lists[0]?.find(({ label }) => label === "superlative")?.description ?? "", /chosen$/);
    assert.equal(relation?.subjects, "unsuited.relation.yaml");
    assert.deepEqual(
      subjectsOf(relation),
      words.map(([subject]) => subject),
    );
  });

  it("are typed, with or without objects", async () => {
    const types = "easy => easiest, lucky; big → biggest, easy";
    const { relation } = await asPerson({ picks: ["Type Subjects…"], types }, file("other.txt"));
    assert.deepEqual(
      relation?.samples.map(({ subject, object }) => [subject, object]),
      [
        ["easy", "easiest"],
        ["lucky", null],
        ["big", "biggest"],
      ],
    );
    assert.equal(relation.subjects, "typed");
  });

  it("that are too few are refused while they are typed", async () => {
    const person = { picks: ["Type Subjects…"], types: "easy, lucky" };
    const { complaint, events } = await asPerson(person, file("other.txt"), "relationLens.chooseSubjects");
    assert.match(complaint ?? "", /at least 3/);
    assert.deepEqual(events, []);
  });

  it("are browsed for; of a file without subjects the analysis says so", async () => {
    const person = { picks: ["Browse…"], browses: file("alone.txt") };
    const { events } = await asPerson(person, file("other.txt"), "relationLens.chooseSubjects");
    const last = events.at(-1);
    assert.ok(last?.type === "problems");
    assert.equal(last.problems[0]?.code, "subjects-file-empty");
  });

  it("come with a suggestion where a built-in relation has the name of the file", async () => {
    await writeFile(file("capital.txt").fsPath, "The capital of {} is");
    const { lists } = await asPerson({}, file("capital.txt"));
    assert.deepEqual(group(lists[0] ?? [], "of the same name"), ["capital"]);
    assert.ok(!group(lists[0] ?? [], "built-in, of facts").includes("capital"));
  });

  it("of the active editor, where it has a place to fill in, and not of any text", async () => {
    await vscode.window.showTextDocument(file("alone.txt"), { viewColumn: vscode.ViewColumn.One });
    assert.equal((await analyzeUntil(undefined, relationOf)).file, file("alone.txt").fsPath);
  });
});
