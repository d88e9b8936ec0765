import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readReportHead } from "../../../src/formats/reportHead";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "relation-lens-head-"))));
afterAll(() => rm(folder, { recursive: true }));

async function headOf(text: string) {
  const file = join(folder, "a.report.json");
  await writeFile(file, text);
  return readReportHead(file);
}

const samples = (count: number) => Array.from({ length: count }, (_, i) => ({ subject: `s${i}`, object: 'o"}\\' }));
const report = {
  schemaVersion: 1,
  relation: { name: 'a "name" {', templates: ["{} is"], samples: samples(3), file: "/a/b.relation.yaml", sha256: "12" },
  model: { id: "small", checks: [{ name: "head", value: 1e-7 }], file: "/m/model.onnx", fingerprint: "ab" },
  settings: { seed: 0, compare: "exports/other", layers: "all" },
  prompts: [{ text: "}" }],
};
const head = {
  kind: "report",
  relation: { name: 'a "name" {', file: "/a/b.relation.yaml", sha256: "12" },
  model: { id: "small", file: "/m/model.onnx", fingerprint: "ab" },
  compare: "exports/other",
};

describe("the head of a saved report", () => {
  it("is read however the report is written", async () => {
    expect(await headOf(JSON.stringify(report))).toEqual(head);
    expect(await headOf(`\ufeff\n${JSON.stringify(report, null, 2)}\n`)).toEqual(head);
  });

  it("is read though what follows is cut off", async () => {
    const text = JSON.stringify(report);
    expect(await headOf(text.slice(0, text.indexOf('"prompts"')))).toEqual(head);
    expect(await headOf(text.slice(0, text.indexOf('"settings"')))).toBeNull();
  });

  it("is read across the steps in which the file is read, with any strings in it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.integer({ min: 0, max: 80 }),
        async (name, shift) => {
          // The name lies about where the first 64 KiB end.
          const relation = { samples: ["x".repeat(65_536 - 120 + shift)], name, file: "f" };
          const found = await headOf(JSON.stringify({ ...report, relation }));
          expect(found).toMatchObject({ relation: { name, file: "f" } });
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is found behind many samples, and not looked for without end", async () => {
    const many = (count: number) => ({ ...report, relation: { ...report.relation, samples: samples(count) } });
    expect(await headOf(JSON.stringify(many(10_000)))).toEqual(head);
    expect(await headOf(JSON.stringify(many(100_000)))).toBeNull();
  });

  it("is that of each kind of report", async () => {
    const relations = {
      schemaVersion: 1,
      kind: "relations",
      relations: [{ name: "a" }, { name: "b" }],
      model: { id: "m" },
    };
    expect(await headOf(JSON.stringify(relations))).toEqual({ kind: "relations", relations: ["a", "b"], model: "m" });
    const origins = { schemaVersion: 1, kind: "origins", concepts: 4, runs: 3, curves: [] };
    expect(await headOf(JSON.stringify(origins))).toEqual({ kind: "origins", concepts: 4, runs: 3 });
  });

  it("is null for what is no report", async () => {
    const other = { ...report, schemaVersion: 2 };
    for (const text of ["", "{}", "[]", "null", "{", '"a"', "}{", JSON.stringify(other), JSON.stringify([report])]) {
      expect(await headOf(text), text.slice(0, 20)).toBeNull();
    }
    expect(await readReportHead(join(folder, "none.report.json"))).toBeNull();
    expect(await readReportHead(folder)).toBeNull();
  });
});
