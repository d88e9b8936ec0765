import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulationReport } from "../../../src/protocol/simulation";
import { readOriginsOptions } from "../../../src/cli/originsOptions";
import { run } from "./support";

const quick = ["origins", "--concepts", "3", "--runs", "2", "--steps", "2000", "--seed", "4"];
let cwd = "";
beforeAll(async () => (cwd = await mkdtemp(join(tmpdir(), "relation-lens-origins-"))));
afterAll(() => rm(cwd, { recursive: true }));

describe("relation-lens origins", () => {
  it("prints what was learned, with progress on standard error", async () => {
    const { status, out, err } = await run(quick);
    expect(status).toBe(0);
    expect(out).toContain("3 concepts in 3 dimensions · sgd · 2 runs · seed 4");
    expect(out).toMatch(/cosine of a concept's unembeddings +−?0\.\d{3} +0\.\d{3} +0\.\d{3}\n/);
    expect(out).toMatch(/lowest loss possible, nats +[01]\.\d{3}/);
    expect(out).toContain("2,000 (not flat yet)");
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(err).toMatch(/^origins: \d+%, run [12] of 2, step [\d,]+, loss \d\.\d\d, cosines/m);
    expect(err.trim().split("\n").length).toBeLessThanOrEqual(10);
  });

  it("writes the report as JSON, alone on standard output or to a file", async () => {
    const printed = await run([...quick, "--out", "-"]);
    const report = JSON.parse(printed.out) as SimulationReport;
    expect(report.unembedding.mean).toBeGreaterThan(0.5);
    expect(report.curves.map((curve) => curve.length)).toEqual([101, 101]);
    const written = await run([...quick, "--out", "origins.json"], { cwd });
    expect(written).toMatchObject({ status: 0, out: "" });
    expect(written.err).toContain("Report written to origins.json");
    const again = JSON.parse(await readFile(join(cwd, "origins.json"), "utf8")) as SimulationReport;
    expect({ ...again, seconds: 0 }).toEqual({ ...report, seconds: 0 });
  });

  it("passes its options on", () => {
    const line = "--concepts 7 --runs 5 --optimizer adam --seed 9 --dimension 4 --steps 1000 --masks .5 --strings 0.25";
    expect(readOriginsOptions(`${line} --out -`.split(" "))).toEqual({
      settings: {
        ...{ concepts: 7, runs: 5, optimizer: "adam", seed: 9 },
        ...{ dimension: 4, steps: 1000, masks: 0.5, strings: 0.25 },
      },
      out: "-",
    });
    expect(readOriginsOptions([])).toEqual({
      settings: { concepts: 5, runs: 3, optimizer: "sgd", seed: 0 },
      out: null,
    });
  });

  it("says what leaves nothing to compare", async () => {
    const { status, out, err } = await run(["origins", "--concepts", "3", "--strings", "0.1"]);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toContain("[simulation-too-sparse]");
  });

  it("can be interrupted", async () => {
    const controller = new AbortController();
    const ended = run(["origins", "--concepts", "5"], { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    const { status, out, err } = await ended;
    expect([status, out]).toEqual([130, ""]);
    expect(err).toContain("Interrupted.");
  });
});
