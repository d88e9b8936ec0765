import * as assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { runTests } from "../../../src/extension/testing/runTests";
import { toolNames } from "../../../src/extension/tools/relationTools";
import type { EngineClient } from "../../../src/extension/engineClient";
import { analyze, configure, eventually, extension, workspaceFile } from "../driver";

const file = workspaceFile("expecting.relation.yaml");
const text = `prompt_templates: ["The superlative of {} is"]
samples:
  - { subject: easy, object: easiest }
  - { subject: lucky, object: luckiest }
  - { subject: big, object: biggest }
  - { subject: kind, object: kindest }
expect:
  prompts.accuracy: 1
  prompts[subject=easy].rank: ">= 2"
  linearity.faithfullness: "> 0"
`;
const write = (content: string) => vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));

/** What a run says of each item, by its id. */
interface Recorded {
  readonly states: Map<string, string>;
  readonly messages: Map<string, readonly vscode.TestMessage[]>;
  output: string;
}

/** Runs items with a run that remembers what it is told. */
async function run(
  items: readonly vscode.TestItem[] | undefined,
  { cancelAt, exclude }: { cancelAt?: string; exclude?: readonly vscode.TestItem[] } = {},
): Promise<Recorded> {
  const { tests, assessments } = await extension().activate();
  const { controller } = tests;
  const recorded: Recorded = { states: new Map(), messages: new Map(), output: "" };
  const source = new vscode.CancellationTokenSource();
  const state =
    (name: string) => (item: vscode.TestItem, messages?: vscode.TestMessage | readonly vscode.TestMessage[]) => {
      recorded.states.set(item.id, name);
      if (typeof messages === "object")
        recorded.messages.set(item.id, messages instanceof vscode.TestMessage ? [messages] : messages);
      if (name === cancelAt) source.cancel();
    };
  const testRun = {
    token: source.token,
    enqueued: state("enqueued"),
    started: state("started"),
    passed: state("passed"),
    failed: state("failed"),
    errored: state("errored"),
    skipped: state("skipped"),
    appendOutput: (line: string) => (recorded.output += line),
    end: () => recorded.states.set("end", "ended"),
  };
  const recording = {
    items: controller.items,
    createTestRun: () => testRun,
  } as unknown as vscode.TestController;
  const request = new vscode.TestRunRequest(items, exclude);
  await runTests(request, new vscode.CancellationTokenSource().token, recording, assessments);
  assert.equal(recorded.states.get("end"), "ended");
  return recorded;
}

async function item(): Promise<vscode.TestItem> {
  const { tests } = await extension().activate();
  await tests.controller.resolveHandler?.(undefined);
  return eventually("the file among the tests", () => tests.controller.items.get(file.toString()));
}

const textOf = (message: string | vscode.MarkdownString | undefined) =>
  typeof message === "string" ? message : (message?.value ?? "");

const childOf = (parent: vscode.TestItem, id: string) => {
  const child = parent.children.get(id);
  assert.ok(child, `${id} is not among the tests`);
  return child;
};

describe("expectations in the Test Explorer", () => {
  before(() => write(text));
  afterEach(() => write(text));
  after(() => vscode.workspace.fs.delete(file));

  it("are found in the workspace, at their lines", async () => {
    const found = await item();
    assert.equal(found.label, "expecting");
    const children = [...found.children].map(([, child]) => [child.label, child.description, child.range?.start.line]);
    assert.deepEqual(children, [
      ["prompts.accuracy", "1", 7],
      ["prompts[subject=easy].rank", ">= 2", 8],
      ["linearity.faithfullness", "> 0", 9],
    ]);
    const { tests } = await extension().activate();
    const others = [...tests.controller.items].filter(([id]) => id.endsWith("plural.relation.yaml"));
    assert.deepEqual(others, [], "a file that expects nothing has no tests");
  });

  it("follow the text, also unsaved, and go with it", async () => {
    const found = await item();
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file, new vscode.Position(0, 0), "# a line more\n");
    await vscode.workspace.applyEdit(edit);
    await eventually("the line below", () => childOf(found, "prompts.accuracy").range?.start.line === 8);
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await eventually("the line again", () => childOf(found, "prompts.accuracy").range?.start.line === 7);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await write(text.slice(0, text.indexOf("expect")));
    const { tests } = await extension().activate();
    await eventually("no tests", () => tests.controller.items.get(file.toString()) === undefined);
    await write(text);
    await item();
  });

  it("pass and fail with what was expected and found, at their lines", async () => {
    const found = await item();
    const { states, messages, output } = await run([found]);
    assert.equal(states.get("prompts.accuracy"), "passed");
    assert.equal(states.get("prompts[subject=easy].rank"), "failed");
    assert.equal(states.get("linearity.faithfullness"), "failed");
    const [message] = messages.get("prompts[subject=easy].rank") ?? [];
    assert.equal(textOf(message?.message), "prompts[subject=easy].rank is 1, not >= 2.");
    assert.equal(message?.location?.range.start.line, 8);
    const [unknown] = messages.get("linearity.faithfullness") ?? [];
    assert.match(textOf(unknown?.message), /Did you mean linearity\.faithfulness\?/);
    assert.match(output, /expecting\.relation\.yaml in embedded-small, seed 0\r\n/);
    assert.match(output, /The model gives the object first in 4 of 4 prompts/);
  });

  it("run one by one, and without those that are left out", async () => {
    const found = await item();
    const one = await run([childOf(found, "prompts.accuracy")]);
    assert.deepEqual([...one.states.keys()], ["prompts.accuracy", "end"]);
    const { tests } = await extension().activate();
    const samples = [...tests.controller.items].flatMap(([id, other]) => (id === found.id ? [] : [other]));
    assert.ok(samples.length > 0);
    const left = await run(undefined, { exclude: [childOf(found, "linearity.faithfullness"), ...samples] });
    assert.deepEqual([...left.states.keys()].sort(), ["end", "prompts.accuracy", "prompts[subject=easy].rank"]);
    assert.equal(left.states.get("prompts.accuracy"), "passed");
  });

  it("are errors, with the remedy and the place, where the file or the model cannot be used", async () => {
    await write(text.replace("The superlative of {} is", "No slot"));
    const found = await item();
    const { states, messages } = await run([found]);
    assert.equal(states.get("prompts.accuracy"), "errored");
    const [message] = messages.get("prompts.accuracy") ?? [];
    assert.match(textOf(message?.message), /slot/);
    assert.equal(message?.location?.range.start.line, 0);
    await write(`model: nowhere/at-all\n${text}`);
    const { states: other } = await run([await item()]);
    assert.equal(other.get("prompts.accuracy"), "errored");
  });

  it("stop when they are cancelled", async () => {
    const { runs } = await extension().activate();
    const { states } = await run([await item()], { cancelAt: "started" });
    assert.equal(states.get("prompts.accuracy"), "skipped");
    await eventually("an idle engine", () => !runs.busy);
  });

  it("leave no panel, and no event of an analysis, behind", async () => {
    const { runs } = await extension().activate();
    const seen: string[] = [];
    const subscription = runs.onDidHappen(({ type }) => seen.push(type));
    await run([await item()]);
    subscription.dispose();
    assert.deepEqual(seen, []);
  });
});

describe("tools for assistants", () => {
  const token = () => new vscode.CancellationTokenSource().token;
  const invoke = async (tool: "analyze" | "compare", input: object, cancellation = token()) => {
    const { tools } = await extension().activate();
    const result = await tools[tool].invoke({ input, toolInvocationToken: undefined }, cancellation);
    const [part] = result?.content ?? [];
    assert.ok(part instanceof vscode.LanguageModelTextPart);
    return part.value;
  };
  const relation = {
    name: "inline",
    prompt_templates: ["The superlative of {} is"],
    samples: ["easy", "lucky", "big", "kind"].map((subject) => ({ subject, object: `${subject}est` })),
  };

  it("are registered with what they take", async () => {
    await extension().activate();
    for (const name of Object.values(toolNames)) {
      const tool = vscode.lm.tools.find((known) => known.name === name);
      assert.ok(tool, `${name} is not registered`);
      assert.ok(tool.description.length > 100);
      const schema = tool.inputSchema as { properties: Record<string, unknown> };
      for (const key of ["file", "relation", "model", "seed"]) assert.ok(key in schema.properties, key);
    }
  });

  it("answer with verdicts, figures and how to read them", async () => {
    const answer = await invoke("analyze", { file: "few.relation.yaml", sections: ["parallelism"], twins: false });
    assert.match(answer, /The model gives the object first/);
    assert.match(answer, /\| property \| value \| 95% interval \| null \|/);
    assert.match(answer, /parallelism, distributional \|/);
    assert.match(answer, /How to read it/);
    assert.doesNotMatch(answer, /probe accuracy/);
  });

  it("take a relation that is in no file", async () => {
    const answer = await invoke("analyze", { relation, sections: ["parallelism"], twins: false, seed: 3 });
    assert.match(answer, /\*\*inline\*\* in \*\*embedded-small\*\*: 4 samples × 1 phrasing, seed 3/);
    const files = await vscode.workspace.findFiles("inline*");
    assert.deepEqual(files, [], "nothing is written");
  });

  it("compare models", async function () {
    this.timeout(180_000);
    // Two hundred contexts in two models would take longer than what is tested.
    await configure({ contexts: "passages.txt" });
    const answer = await invoke("compare", {
      relation,
      compare: "embedded-wide",
      sections: ["parallelism"],
      twins: false,
    });
    await configure({ contexts: undefined });
    assert.match(answer, /Compared with \*\*embedded-wide\*\*/);
    assert.match(answer, /\| property \| embedded-small \| embedded-wide \| verdict \|/);
  });

  it("say what to do instead where something is wrong", async () => {
    const told = async (input: object, pattern: RegExp) =>
      assert.rejects(
        invoke("analyze", input),
        (error: Error) => pattern.test(error.message) || assert.fail(error.message),
      );
    await told({}, /Give either file, .*or relation/);
    await told({ file: "few.relation.yaml", relation }, /Give either/);
    await told(
      { file: "none.relation.yaml" },
      /There is no file none\.relation\.yaml\. Relation files of the workspace: .*few/,
    );
    await told({ file: "/etc/passwd" }, /not in the workspace/);
    await told({ file: "../outside.relation.yaml" }, /not in the workspace/);
    await told({ file: "broken.relation.yaml" }, /broken\.relation\.yaml:\d+:\d+: error \[relation-[a-z-]+\]: .*slot/);
    await told({ file: "few.relation.yaml", sections: ["probe"] }, /sections\.0: .*"probe"/);
    await told({ relation, model: "no/where" }, /\[[a-z-]+\]/);
  });

  it("ask before they run, and say so where a model would be downloaded", async () => {
    const { tools } = await extension().activate();
    const asked = await tools.compare.prepareInvocation?.({ input: { relation, compare: "owner/large" } }, token());
    assert.equal(asked?.confirmationMessages?.title, "Compare embedded-small with owner/large on inline");
    assert.match(textOf(asked.confirmationMessages.message), /owner\/large is not on this machine it is downloaded/);
  });

  it("stop when they are cancelled", async () => {
    const source = new vscode.CancellationTokenSource();
    const { runs } = await extension().activate();
    const answer = invoke("analyze", { file: "superlative.relation.yaml" }, source.token);
    await eventually("a busy engine", () => runs.busy);
    source.cancel();
    await assert.rejects(answer, (error) => error instanceof vscode.CancellationError);
  });

  it("leave the analysis that is steered by hand as it is", async () => {
    const { engine } = await extension().activate();
    const event = await analyze(workspaceFile("few.relation.yaml"));
    assert.equal(event.type, "report");
    await invoke("analyze", { relation, sections: ["parallelism"], twins: false });
    const params = {
      layer: "final",
      method: "minimumNorm",
      alpha: 1,
      template: 0,
      sample: 0,
      to: 1,
      continuation: 0,
    } as const;
    const steered = await (engine as EngineClient).steer(params, token());
    assert.ok(steered?.ok, JSON.stringify(steered));
    assert.match(steered.value.prompt, new RegExp(event.digest.samples[0]?.subject ?? "no sample"));
  });
});
