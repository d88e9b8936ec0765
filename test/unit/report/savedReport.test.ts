import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSavedReport, readSavedReport } from "../../../src/engine/report/savedReport";
import { ProblemError } from "../../../src/protocol/problem";
import { report } from "../cli/support";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "relation-lens-saved-"))));
afterAll(() => rm(folder, { recursive: true }));

async function saved(value: unknown): Promise<string> {
  const file = join(folder, "a.report.json");
  await writeFile(file, typeof value === "string" ? value : JSON.stringify(value));
  return file;
}

async function problemWith(path: string) {
  const error: unknown = await openSavedReport(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProblemError);
  return (error as ProblemError).problems[0]!;
}

const matrix = [
  [1, 0],
  [0, null],
];
const relations = {
  ...{ schemaVersion: 1, kind: "relations", model: report.model, settings: report.settings, parallelism: {} },
  relations: [{ name: "a", file: "a.relation.yaml" }],
  ...{ probeTransfer: [], order: [0], headline: [], warnings: [] },
};
const origins = {
  ...{ schemaVersion: 1, kind: "origins", concepts: 4, runs: 3, settings: {}, curves: [[]], headline: [] },
  matrices: { unembedding: matrix, embedding: matrix, cross: matrix },
};

describe("a saved report", () => {
  it("is opened with the bytes of the file", async () => {
    const file = await saved(JSON.stringify(report, null, 2));
    const opened = await openSavedReport(file);
    expect(opened).toMatchObject({ kind: "report", model: report.model.id, relationFile: report.relation.file });
    expect(opened.kind === "report" && Buffer.compare(Buffer.concat(opened.report), await readFile(file))).toBe(0);
    expect(await readSavedReport(file)).toEqual(report);
  });

  it("is opened whatever kind it is of", async () => {
    expect(await openSavedReport(await saved(relations))).toEqual({ kind: "relations", report: relations });
    expect(await openSavedReport(await saved(origins))).toEqual({ kind: "origins", report: origins });
  });

  it("is refused where it is none, with the reason", async () => {
    const { prompts, ...without } = report;
    expect(prompts).toBeDefined();
    for (const [value, reason] of [
      [JSON.stringify(report).slice(0, -10), /cut off/],
      ["", /no JSON/],
      [without, /its prompts is missing/],
      [{ ...report, schemaVersion: 2 }, /its schemaVersion/],
      [{ ...report, summary: { ...report.summary, headline: [1] } }, /its summary\.headline\.0/],
      [{ ...relations, kind: "other" }, /not a report/],
      [{ ...origins, matrices: {} }, /its matrices\.unembedding/],
      [[report], /not a report/],
    ] as const) {
      const { code, message, remedy } = await problemWith(await saved(value));
      expect(code).toBe("report-not-a-report");
      expect(message).toMatch(reason);
      expect(remedy).not.toBe("");
    }
    expect(await problemWith(folder)).toMatchObject({ code: "report-not-a-report" });
    expect(await problemWith(join(folder, "none"))).toMatchObject({ code: "report-unreadable", kind: "input" });
  });

  it("of several relations is not one on a relation", async () => {
    await expect(readSavedReport(await saved(relations))).rejects.toThrow(/not a report/);
  });
});
