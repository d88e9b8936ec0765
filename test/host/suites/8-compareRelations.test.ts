import * as assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { eventually, extension, messagesTo, panels, workspaceFile } from "../driver";
import { whileAnswering, type Person, type Seen } from "../person";

const names = ["superlative.relation.yaml", "past-tense.relation.yaml", "plural.relation.yaml"] as const;
const [superlative, pastTense, plural] = [
  workspaceFile(names[0]),
  workspaceFile(names[1]),
  workspaceFile(names[2]),
] as const;

const command = (argument?: vscode.Uri, selection?: readonly vscode.Uri[]) =>
  vscode.commands.executeCommand("relationLens.compareRelations", argument, selection);

const page = async () => (await extension().activate()).relations;

/** What the page is sent, and what the person sees meanwhile. */
async function compare(person: Person, ...args: Parameters<typeof command>) {
  let seen: Seen | undefined;
  const messages = await messagesTo(await page(), async () => {
    seen = await whileAnswering(person, () => command(...args));
  });
  assert.ok(seen);
  return { messages, seen, last: messages.at(-1) };
}

describe("comparing relations", function () {
  this.timeout(240_000);

  it("takes the files that are selected in the explorer, in a page of their own", async () => {
    const { messages, last, seen } = await compare({}, superlative, [superlative, pastTense]);
    assert.deepEqual(seen.lists, []);
    assert.deepEqual(messages[0], { type: "started", files: [superlative.fsPath, pastTense.fsPath] });
    assert.ok(messages.filter(({ type }) => type === "progress").length > 2);
    assert.equal(last?.type, "relations", JSON.stringify(last));
    assert.deepEqual(
      last.report.relations.map(({ name }) => name),
      ["superlative", "past tense"],
    );
    const overlap = last.report.subspaces?.matrix ?? [];
    assert.equal(overlap.length, 2);
    const [panel, ...others] = await eventually("a page", () => panels("relations").length > 0 && panels("relations"));
    assert.ok(panel);
    assert.deepEqual(others, []);
  });

  it("asks which, with the one that is clicked picked, where only one is selected", async () => {
    const person = { picks: [[names[0], names[2]]] };
    const { last, seen } = await compare(person, superlative, [superlative]);
    assert.equal(seen.lists.length, 1);
    const [list = []] = seen.lists;
    assert.ok(list.length > 3);
    assert.deepEqual(
      list.filter(({ picked }) => picked).map(({ label }) => label),
      [names[0]],
    );
    assert.equal(last?.type, "relations");
    assert.deepEqual(
      last.report.relations.map(({ file }) => file),
      [superlative.fsPath, plural.fsPath],
    );
    assert.equal(panels("relations").length, 1);
  });

  it("from the palette, picks the file of the active editor", async () => {
    await vscode.window.showTextDocument(pastTense);
    const { seen, messages } = await compare({});
    assert.deepEqual(
      seen.lists[0]?.filter(({ picked }) => picked).map(({ label }) => label),
      [names[1]],
    );
    assert.deepEqual(messages, []);
  });

  it("says that one is too few", async () => {
    const { seen, messages } = await compare({ picks: [[names[0]]] }, superlative, [superlative]);
    assert.deepEqual(messages, []);
    assert.equal(seen.warnings.length, 1);
    assert.match(seen.warnings[0] ?? "", /two relation files/);
  });

  it("shows what is wrong with a file", async () => {
    const { last } = await compare({}, superlative, [superlative, workspaceFile("binary.relation.yaml")]);
    assert.equal(last?.type, "problems", JSON.stringify(last));
    assert.match(last.problems[0]?.file ?? "", /binary/);
  });

  it("is cancelled, and gives way to an analysis", async () => {
    for (const interrupt of ["relationLens.cancel", "relationLens.analyze"]) {
      let interrupted: PromiseLike<unknown> | undefined;
      const messages = await messagesTo(
        await page(),
        () => command(superlative, [superlative, pastTense]),
        ({ type }) => {
          if (type === "progress") interrupted ??= vscode.commands.executeCommand(interrupt, superlative);
        },
      );
      assert.equal(messages.at(-1)?.type, "cancelled");
      if (interrupt === "relationLens.analyze") await vscode.commands.executeCommand("relationLens.cancel");
      await interrupted;
    }
  });

  it("says that the engine ended", async () => {
    const { engine } = await extension().activate();
    const { errors } = await whileAnswering({ presses: [undefined] }, async () => {
      const messages = await messagesTo(
        await page(),
        () => command(superlative, [superlative, pastTense]),
        ({ type }) => {
          if (type === "progress" && engine.pid !== undefined) process.kill(engine.pid, "SIGKILL");
        },
      );
      const last = messages.at(-1);
      assert.equal(last?.type, "problems");
      assert.equal(last.problems[0]?.code, "engine-crashed");
    });
    assert.equal(errors.length, 1);
  });
});
