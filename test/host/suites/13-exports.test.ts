import * as assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { csvText } from "../../../src/formats/exports/csv";
import { reportTables } from "../../../src/formats/exports/reportTables";
import { saveText } from "../../../src/extension/views/exports";
import { saveActivations } from "../../../src/extension/views/saveActivations";
import { saveTables } from "../../../src/extension/views/saveTables";
import type { SavedTable } from "../../../src/protocol/panel";
import type { Report } from "../../../src/protocol/report";
import { analyzeToReport, eventsOf, extension, reportOf, workspaceFile } from "../driver";
import { whileAnswering } from "../person";

const few = workspaceFile("few.relation.yaml");
const out = workspaceFile("exported");
const path = (name: string) => join(out.fsPath, name);

interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** What a safetensors file says of its tensors [safetensors, header]. */
async function tensorsOf(file: string): Promise<Readonly<Record<string, Tensor>>> {
  const bytes = await readFile(file);
  const length = Number(bytes.readBigUInt64LE(0));
  return JSON.parse(bytes.subarray(8, 8 + length).toString("utf8")) as Record<string, Tensor>;
}

describe("exports", () => {
  let report: Report;
  let tables: readonly SavedTable[];

  before(async () => {
    await vscode.workspace.fs.createDirectory(out);
    report = await analyzeToReport(few);
    tables = reportTables(report).map((table) => ({ name: `${table.name}.csv`, text: csvText(table) }));
  });
  after(() => rm(out.fsPath, { recursive: true, force: true }));

  it("saves the tables in a folder of their own, and says where", async () => {
    const { informations } = await whileAnswering({ browses: out }, () => saveTables(tables, few.fsPath));
    assert.deepEqual((await readdir(path("few.tables"))).sort(), tables.map(({ name }) => name).sort());
    for (const { name, text } of tables) assert.equal(await readFile(path(`few.tables/${name}`), "utf8"), text);
    assert.deepEqual(informations, [`${tables.length} tables were saved in ${path("few.tables")}.`]);
  });

  it("takes another folder where the first is there already", async () => {
    await writeFile(path("few.tables/properties.csv"), "mine");
    await whileAnswering({ browses: out }, () => saveTables(tables, few.fsPath));
    assert.equal(await readFile(path("few.tables/properties.csv"), "utf8"), "mine");
    assert.equal((await readdir(path("few.tables-2"))).length, tables.length);
  });

  it("saves nothing where the person declines", async () => {
    const before = await readdir(out.fsPath);
    await whileAnswering({}, () => saveTables(tables, few.fsPath));
    const { runs } = await extension().activate();
    const events = await eventsOf(() =>
      whileAnswering({}, () => saveActivations({ file: few.fsPath, models: {} }, runs)),
    );
    assert.deepEqual(events, []);
    assert.deepEqual(await readdir(out.fsPath), before);
  });

  it("proposes a text beside the relation file, without a folder that its name may have", async () => {
    const target = vscode.Uri.file(path("few.tex"));
    const { proposed } = await whileAnswering({ saves: target }, () =>
      saveText("../few.tex", "\\toprule λ", few.fsPath),
    );
    assert.equal(proposed?.fsPath, workspaceFile("few.tex").fsPath);
    assert.equal(await readFile(target.fsPath, "utf8"), "\\toprule λ");
  });

  it("saves the activations of an analysis that it shows", async () => {
    const target = vscode.Uri.file(path("few.safetensors"));
    const { runs } = await extension().activate();
    let said: readonly string[] = [];
    let proposed: vscode.Uri | undefined;
    const events = await eventsOf(async () => {
      const seen = await whileAnswering({ saves: target }, () =>
        saveActivations({ file: few.fsPath, models: {} }, runs),
      );
      said = seen.informations;
      proposed = seen.proposed;
    });
    assert.equal(proposed?.fsPath, workspaceFile("few.safetensors").fsPath);
    assert.deepEqual(said, [`The activations were saved in ${target.fsPath}.`]);
    const again = reportOf(events);
    assert.deepEqual(again.summary, report.summary);
    const { f, g, log_probabilities: logProbabilities } = await tensorsOf(target.fsPath);
    assert.deepEqual(f?.shape, [again.prompts.length, again.model.hiddenSize]);
    assert.equal(f.dtype, "F32");
    assert.equal(logProbabilities?.shape[0], again.prompts.length);
    assert.equal(g?.shape[0], logProbabilities.shape[1]);
  });

  it("says in the panel why activations could not be saved", async () => {
    const { runs } = await extension().activate();
    const target = vscode.Uri.file(path("missing/few.safetensors"));
    const events = await eventsOf(() =>
      whileAnswering({ saves: target }, () => saveActivations({ file: few.fsPath, models: {} }, runs)),
    );
    const last = events.at(-1);
    assert.equal(last?.type, "problems", JSON.stringify(last?.type));
    assert.match(last.problems[0]?.message ?? "", /missing/);
  });
});
