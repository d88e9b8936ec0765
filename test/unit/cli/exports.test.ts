import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportLatex } from "../../../src/formats/exports/latex";
import { reportMarkdown } from "../../../src/formats/exports/markdown";
import { reportTables } from "../../../src/formats/exports/reportTables";
import { exampleReport } from "../../fixtures/reports/example";
import { csvRows } from "../exports/csvRows";
import { run } from "./support";

const report = exampleReport();
const engine = { analyze: () => Promise.resolve({ ok: true as const, value: report, problems: [] }) };
const relation =
  'prompt_templates: ["The superlative of {} is"]\nsamples:\n  - { subject: a }\n  - { subject: b }\n  - { subject: c }\n';
let cwd = "";

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "relation-lens-exports-"));
  await writeFile(join(cwd, "a.relation.yaml"), relation);
});
afterAll(() => rm(cwd, { recursive: true }));

describe("analyze", () => {
  it("writes tables, a LaTeX table and Markdown beside the summary, and says where", async () => {
    const argv = "analyze a.relation.yaml --csv tables --latex t.tex --markdown r.md".split(" ");
    const { status, out, err } = await run(argv, { cwd, engine });
    expect({ status, err }).toMatchObject({ status: 0 });
    expect(out).toContain(report.summary.headline[0]);
    const tables = reportTables(report);
    expect((await readdir(join(cwd, "tables"))).sort()).toEqual(tables.map(({ name }) => `${name}.csv`).sort());
    expect(err).toContain(`${tables.length} tables written to tables`);
    for (const { name, header, rows } of tables) {
      const written = csvRows(await readFile(join(cwd, "tables", `${name}.csv`), "utf8"));
      expect(written).toEqual([
        header,
        ...rows.map((row) => row.map((value) => (value === null ? "" : String(value)))),
      ]);
    }
    expect(await readFile(join(cwd, "t.tex"), "utf8")).toBe(reportLatex(report));
    expect(await readFile(join(cwd, "r.md"), "utf8")).toBe(reportMarkdown(report));
  });

  it("leaves other files of the folder alone", async () => {
    await writeFile(join(cwd, "tables", "notes.txt"), "mine");
    await run(["analyze", "a.relation.yaml", "--csv", "tables"], { cwd, engine });
    expect(await readFile(join(cwd, "tables", "notes.txt"), "utf8")).toBe("mine");
    expect((await readdir(join(cwd, "tables"))).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("writes nothing where one of the places cannot be written to", async () => {
    const argv = "analyze a.relation.yaml --csv fresh --latex missing/t.tex".split(" ");
    const { status, err } = await run(argv, { cwd, engine });
    expect(status).toBe(1);
    expect(err).toContain("--latex missing/t.tex does not exist");
    expect(await readdir(cwd)).not.toContain("fresh");
  });
});
