import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { junitXml } from "../../../src/cli/testing/junit";
import type { AnalyzeParams } from "../../../src/protocol/engine";
import { analyzeLikeEngine, run } from "./support";

const head = 'prompt_templates: ["The superlative of {} is"]\n';
const samples = "samples: [{ subject: easy, object: easiest }, { subject: big }, { subject: kind }]\n";
/** Of the made-up report: distributional parallelism of 0.7123, parallel, and no linear map. */
const good = `${head}${samples}expect:\n  parallelism.distributional.mean: ">= 0.6"\n  parallelism.distributional.verdict: parallel\n`;
const failing = `${good}  parallelism.distributional.n: 3\n`;

let cwd = "";
const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "relation-lens-test-"));
  for (const folder of ["all/deep", "all/node_modules", "all/.hidden"])
    mkdirSync(join(cwd, folder), { recursive: true });
  put("good.relation.yaml", good);
  put("failing.relation.yaml", failing);
  put("silent.relation.yaml", head + samples);
  put("broken.relation.yaml", "name: <broken> & co\n");
  for (const folder of ["", "deep/", "node_modules/", ".hidden/"]) put(`all/${folder}some.relation.yml`, good);
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe("relation-lens test", () => {
  it("says of each expectation that it holds, where it is, and what was found", async () => {
    const { status, out } = await run(["test", "good.relation.yaml"], { cwd });
    expect(status).toBe(0);
    expect(out).toContain(
      "good.relation.yaml:4:3: holds: parallelism.distributional.mean: expected >= 0.6, found 0.712\n",
    );
    expect(out).toMatch(/2 expectations in 1 file · all hold · \d/);
  });

  it("ends with status 4 where one fails, and says why", async () => {
    const { status, out } = await run(["test", "failing.relation.yaml", "good.relation.yaml"], { cwd });
    expect(status).toBe(4);
    expect(out).toContain(
      "failing.relation.yaml:6:3: fails: parallelism.distributional.n: expected 3, found 2\n    parallelism.distributional.n is 2, not 3.\n",
    );
    expect(out).toMatch(/5 expectations in 2 files · 4 hold, 1 fail/);
  });

  it("computes what the expectations are about, in the model and with the options that are named", async () => {
    const asked: AnalyzeParams[] = [];
    const analyze: typeof analyzeLikeEngine = (params, hooks) => {
      asked.push(params);
      return analyzeLikeEngine(params, hooks);
    };
    put("twins.relation.yaml", `${head}${samples}expect: { parallelism.distributional.identifiable: always }\n`);
    await run(["test", "good.relation.yaml", "twins.relation.yaml", "--seed", "7", "--model", "m", "--twins", "5"], {
      cwd,
      engine: { analyze },
    });
    expect(asked.map(({ settings }) => settings)).toMatchObject([
      { only: ["parallelism"], twins: 0, seed: 7, model: "m" },
      { only: ["parallelism"], twins: 5, seed: 7, model: "m" },
    ]);
  });

  it("looks into folders, and passes over those that are nobody's own", async () => {
    const { status, out } = await run(["test", "all", "all/some.relation.yml"], { cwd });
    expect(status).toBe(0);
    expect([...out.matchAll(/^(\S+) · embedded-small/gm)].map(([, file]) => file?.replaceAll("\\", "/"))).toEqual([
      "all/deep/some.relation.yml",
      "all/some.relation.yml",
    ]);
  });

  it.each([
    [["test"], 1, "No relation file or folder is named"],
    [["test", "all/node_modules/.."], 0, ""],
    [["test", "good.relation.yaml", "--only", "probes"], 1, "There is no option --only"],
    [["test", "good.relation.yaml", "--junit", "good.relation.yaml"], 1, "would overwrite"],
    [["test", "good.relation.yaml", "--junit", "-"], 1, "Name a file"],
    [["test", "silent.relation.yaml"], 2, "The file expects nothing. Write under expect:"],
    [["test", "missing.relation.yaml"], 2, "There is no such file"],
    [["test", "broken.relation.yaml"], 2, "broken.relation.yaml:1:1: error: The relation has no prompt templates"],
    [["test", "broken.relation.yaml", "failing.relation.yaml"], 2, "The relation has no prompt templates"],
    [["test", "silent.relation.yaml", "good.relation.yaml"], 0, "Without an expect: silent.relation.yaml"],
  ])("%j ends with status %i", async (argv, status, told) => {
    const ran = await run(argv, { cwd });
    expect(ran.status, ran.err).toBe(status);
    expect(ran.err).toContain(told);
  });

  it("gives the model's own status where the model cannot be used", async () => {
    const problem = {
      kind: "model",
      code: "model-missing",
      severity: "error",
      message: "No.",
      remedy: "Yes.",
    } as const;
    const analyze = () => Promise.resolve({ ok: false, problems: [problem] } as const);
    expect((await run(["test", "good.relation.yaml"], { cwd, engine: { analyze } })).status).toBe(3);
  });

  it("writes JUnit XML that a strict reader reads", async () => {
    const { status } = await run(["test", "failing.relation.yaml", "broken.relation.yaml", "--junit", "out.xml"], {
      cwd,
    });
    expect(status).toBe(2);
    const suites = readXml(join(cwd, "out.xml"));
    expect(suites.map(({ name, counts }) => [name, counts])).toEqual([
      ["failing.relation.yaml", [3, 1, 0]],
      ["broken.relation.yaml", [1, 0, 1]],
    ]);
    expect(suites[0]?.properties).toEqual({ model: "embedded-small", seed: "0" });
    expect(suites[0]?.cases.at(-1)).toEqual([
      "parallelism.distributional.n: 3",
      "6",
      "parallelism.distributional.n is 2, not 3.",
    ]);
    expect(suites[1]?.cases).toEqual([["analysis", "1", "The relation has no prompt templates."]]);
    expect(readFileSync(join(cwd, "out.xml"), "utf8")).not.toContain(cwd);
  });

  it("writes whatever a file may hold as well-formed XML", () => {
    const odd = `"<&>' \u0000\u001b\ud800 ]]> line\nbreak é 漢 😀`;
    const expectation = {
      path: odd,
      expected: odd,
      found: odd,
      ok: false,
      message: odd,
      position: { line: 1, column: 1 },
    };
    const file = { file: odd, seconds: 1, seed: 0, model: odd, expectations: [expectation], problems: [] };
    put("odd.xml", junitXml([file], 1, new Date(0)));
    const [suite] = readXml(join(cwd, "odd.xml"));
    expect(suite?.name).toBe(`"<&>' \ufffd\ufffd\ufffd ]]> line\nbreak é 漢 😀`);
    expect(suite?.counts).toEqual([1, 1, 0]);
  });
});

interface ReadSuite {
  readonly name: string;
  /** Tests, failures, errors; each checked against the cases. */
  readonly counts: readonly number[];
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly (readonly [string, string, string | null])[];
}

const reader = `
import json, sys, xml.etree.ElementTree as e
out = []
for s in e.parse(sys.argv[1]).getroot():
    cases = s.findall("testcase")
    assert int(s.get("tests")) == len(cases)
    assert int(s.get("failures")) == len(s.findall("testcase/failure"))
    assert int(s.get("errors")) == len(s.findall("testcase/error"))
    bad = lambda c: next((x.get("message") for x in c), None)
    out.append({"name": s.get("name"), "counts": [int(s.get(k)) for k in ("tests", "failures", "errors")],
      "properties": {p.get("name"): p.get("value") for p in s.findall("properties/property")},
      "cases": [[c.get("name"), c.get("line"), bad(c)] for c in cases]})
print(json.dumps(out))
`;

/** As another language's reader of XML has it. */
function readXml(file: string): readonly ReadSuite[] {
  return JSON.parse(execFileSync("python3", ["-c", reader, file], { encoding: "utf8" })) as ReadSuite[];
}
