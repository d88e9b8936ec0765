import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../../package.json";
import { readAnalyzeOptions } from "../../../src/cli/analyzeOptions";
import type { EngineApi } from "../../../src/cli/engineApi";
import { analyzeLikeEngine, run } from "./support";

const relation =
  'name: superlative\nprompt_templates:\n  - "The superlative of {} is"\nsamples:\n' +
  "  - { subject: easy, object: easiest }\n  - { subject: big, object: biggest }\n  - { subject: old, object: oldest }\n";
let cwd = "";

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "relation-lens-"));
  await writeFile(join(cwd, "a.relation.yaml"), relation);
  await mkdir(join(cwd, "folder"));
});
afterAll(() => rm(cwd, { recursive: true }));

/** Command line, and what the message says. */
const wrong: [string, string][] = [
  ["", "relation-lens analyze"],
  ["analyse a.relation.yaml", "analyze"],
  ["a.relation.yaml", "relation-lens analyze a.relation.yaml"],
  ["--seed 3 analyze a.relation.yaml", "before a command"],
  ["analyze", "No relation file"],
  ["analyze a.relation.yaml --sead 3", "--seed"],
  ["analyze a.relation.yaml -x", "-x"],
  ["analyze a.relation.yaml --seed", "needs a value"],
  ["analyze a.relation.yaml --seed=", "needs a value"],
  ["analyze a.relation.yaml --out --seed 3", "needs a value"],
  ["analyze a.relation.yaml --seed -1", "whole number"],
  ["analyze a.relation.yaml --seed 1.5", "whole number"],
  ["analyze a.relation.yaml --seed 4294967296", "whole number"],
  ["analyze a.relation.yaml --seed 1 --seed 2", "twice"],
  ["analyze a.relation.yaml --only linearty", "linearity"],
  ["analyze a.relation.yaml --only parallelism,,probes", '""'],
  ["analyze a.relation.yaml --layers some", "0,2,4"],
  ["analyze a.relation.yaml --layers 1,-2", "0,2,4"],
  ["analyze a.relation.yaml --bos sometimes", "auto"],
  ["analyze a.relation.yaml --provider cudda", "--provider cudda is not known. Did you mean cuda?"],
  ["analyze a.relation.yaml --threads many", "a number of threads"],
  ["analyze a.relation.yaml --threads 257", "up to 256"],
  ["analyze a.relation.yaml --compare", "needs a value"],
  ["analyze a.relation.yaml --contexts", "needs a value"],
  ["compare", "0 reports are named. Name two"],
  ["compare a.json", "One report is named. Name two"],
  ["compare a.json b.json c.json", "3 reports are named. Name two"],
  ["compare a.json b.json --out missing/c.json", "does not exist"],
  ["compare a.json b.json --html -", "needs a file"],
  ["compare a.json b.json --seed 1", "no option --seed"],
  ["analyze a.relation.yaml a.relation.yaml --html r.html", "one relation"],
  ["analyze a.relation.yaml --html -", "needs a file"],
  ["analyze a.relation.yaml --html missing/r.html", "does not exist"],
  ["analyze a.relation.yaml a.relation.yaml --csv tables", "--csv writes tables of one relation"],
  ["analyze a.relation.yaml a.relation.yaml --latex t.tex", "--latex writes a table of one relation"],
  ["analyze a.relation.yaml --markdown -", "a file, such as report.md"],
  ["analyze a.relation.yaml --csv -", "a folder, such as tables"],
  ["analyze a.relation.yaml --csv a.relation.yaml", "is not a folder"],
  ["analyze a.relation.yaml --csv missing/tables", "does not exist"],
  ["analyze a.relation.yaml --latex folder", "is a folder"],
  ["analyze a.relation.yaml --markdown a.relation.yaml", "overwrite"],
  ["analyze a.relation.yaml --twins many", "a number of twins"],
  ["analyze a.relation.yaml --twins 1001", "up to 1000"],
  ["analyze a.relation.yaml --verbose=1", "takes no value"],
  ["analyze a.relation.yaml a.relation.yaml --activations f.safetensors", "one relation"],
  ["analyze a.relation.yaml --activations -", "needs a file"],
  ["analyze a.relation.yaml --out missing/report.json", "does not exist"],
  ["analyze a.relation.yaml --out folder", "is a folder"],
  ["analyze a.relation.yaml --out a.relation.yaml", "overwrite"],
  ["analyze a.relation.yaml --out ./folder/../a.relation.yaml", "overwrite"],
  ["analyze a.relation.yaml --activations missing/f.safetensors", "does not exist"],
  ["model", "No model"],
  ["model a b", "too many"],
  ["model a --jsn", "--json"],
  ["model a --provider", "needs a value"],
  ["model a --provider dmll", "--provider dmll is not known. Did you mean dml?"],
  ["model a --threads -1", "a number of threads"],
  ["origins --concepts 2", "from 3 to 10"],
  ["origins --concepts 11", "from 3 to 10"],
  ["origins --concepts five", "from 3 to 10"],
  ["origins --runs 0", "from 1 to 100"],
  ["origins --optimizer adm", "Did you mean adam?"],
  ["origins --optimizer", "needs a value"],
  ["origins --seed -1", "--seed"],
  ["origins --dimension 17", "from 1 to 16"],
  ["origins --steps 99", "from 100"],
  ["origins --masks 0", "above 0"],
  ["origins --strings 1.5", "up to 1"],
  ["origins samples", "no option"],
  ["origins --concept 5", "Did you mean --concepts?"],
  ["origins --out missing/o.json", "does not exist"],
];

describe("a wrong command line", () => {
  it.each(wrong)("relation-lens %s", async (line, words) => {
    const { status, out, err } = await run(
      line.split(" ").filter((word) => word !== ""),
      { cwd },
    );
    expect(status).toBe(1);
    expect(out).toBe("");
    expect(err).toContain(words);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it("is told before any work is done", async () => {
    let calls = 0;
    const analyze = () => {
      calls += 1;
      return Promise.reject(new Error("called"));
    };
    await run(["analyze", "a.relation.yaml", "--out", "missing/x.json"], { cwd, engine: { analyze } });
    expect(calls).toBe(0);
  });
});

describe("help and version", () => {
  it("go to standard output with status 0", async () => {
    for (const argv of [["--help"], ["-h"], ["analyze", "--help"], ["model", "x", "--help"], ["origins", "--help"]]) {
      const { status, out, err } = await run(argv);
      expect(status).toBe(0);
      expect(out).toContain("relation-lens");
      expect(err).toBe("");
      expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    }
    expect(await run(["--version"])).toEqual({ status: 0, out: `${version}\n`, err: "" });
  });
});

describe("options of analyze", () => {
  it("have defaults", () => {
    expect(readAnalyzeOptions(["a.yaml"])).toEqual({
      compare: null,
      subjects: null,
      choice: {},
      files: ["a.yaml"],
      settings: {
        model: null,
        seed: 0,
        only: ["parallelism", "linearity", "probes", "subspaces", "steering", "origins"],
        layers: "all",
        bos: "auto",
        provider: "auto",
        threads: 0,
        twins: 20,
        jacobian: false,
      },
      out: null,
      html: null,
      activations: null,
      exports: { csv: null, latex: null, markdown: null },
    });
  });

  it("are read as they are given, before and after the files", () => {
    const line =
      "--seed 7 a.yaml --model m --only probes,linearity b.yaml --layers 4,0,4 --bos never --provider cuda --threads 3 --twins 5 --jacobian --out=-";
    expect(readAnalyzeOptions([...line.split(" "), "--subjects=capital", "--slot=word", "--list=a list"])).toEqual({
      compare: null,
      subjects: "capital",
      choice: { slot: "word", list: "a list" },
      files: ["a.yaml", "b.yaml"],
      settings: {
        model: "m",
        seed: 7,
        only: ["linearity", "probes"],
        layers: [0, 4],
        bos: "never",
        provider: "cuda",
        threads: 3,
        twins: 5,
        jacobian: true,
      },
      out: "-",
      html: null,
      activations: null,
      exports: { csv: null, latex: null, markdown: null },
    });
  });

  it("end at --, after which everything is a file", () => {
    expect(readAnalyzeOptions(["--", "--seed"]).files).toEqual(["--seed"]);
  });
});

describe("--out", () => {
  it("writes the report of one relation, and nothing else in the folder", async () => {
    const { status, out } = await run(["analyze", "a.relation.yaml", "--out", "folder/r.json"], {
      cwd,
      engine: inFolder(),
    });
    expect({ status, out }).toEqual({ status: 0, out: "" });
    expect(JSON.parse(await readFile(join(cwd, "folder/r.json"), "utf8"))).toMatchObject({
      schemaVersion: 1,
      relation: { name: "superlative" },
      parallelism: { distributional: { matrix: [[1, 0.7123], [0.7123, 1]] } },
    }); // prettier-ignore
    expect(await readdir(join(cwd, "folder"))).toEqual(["r.json"]);
  });

  it("writes a list for several relations, in their order", async () => {
    await writeFile(join(cwd, "b.relation.yaml"), relation.replace("superlative", "second"));
    const argv = ["analyze", "b.relation.yaml", "a.relation.yaml", "--out", "-"];
    const { out } = await run(argv, { cwd, engine: inFolder() });
    const names = (JSON.parse(out) as { relation: { name: string } }[]).map((report) => report.relation.name);
    expect(names).toEqual(["second", "superlative"]);
  });

  it("replaces the file that a link leads to, not the link", async () => {
    await writeFile(join(cwd, "real.json"), "old");
    await symlink(join(cwd, "real.json"), join(cwd, "link.json"));
    await run(["analyze", "a.relation.yaml", "--out", "link.json"], { cwd, engine: inFolder() });
    expect(JSON.parse(await readFile(join(cwd, "real.json"), "utf8"))).toMatchObject({ schemaVersion: 1 });
  });
});

/** The engine counts paths from the process's folder; here it counts from the test's. */
function inFolder(): Pick<EngineApi, "analyze"> {
  return { analyze: (params, hooks) => analyzeLikeEngine({ ...params, file: join(cwd, params.file) }, hooks) };
}
