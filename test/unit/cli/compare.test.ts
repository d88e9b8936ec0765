import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { AnalyzeParams } from "../../../src/protocol/engine";
import type { Comparison, Report } from "../../../src/protocol/report";
import { renderSummary } from "../../../src/cli/summary";
import { analyzeLikeEngine, report, run } from "./support";

const samples = ["easy", "lucky", "happy"].map((subject) => ({ subject, object: `${subject}…`, label: null }));
const left: Report = { ...report, relation: { ...report.relation, samples } };
const [row] = left.summary.properties;
if (row === undefined) throw new Error("the report has a property");
const right: Report = {
  ...left,
  model: { ...left.model, id: "embedded-wide" },
  summary: { ...left.summary, properties: [{ ...row, value: 0.1, verdict: "not parallel", holds: false }] },
};

let folder: string;
const saved = async (name: string, value: unknown) => {
  const path = join(folder, name);
  await writeFile(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compare-"));
  await saved("left.json", left);
  await saved("right.json", right);
});
const compare = (...argv: string[]) => run(["compare", ...argv], { cwd: folder });

describe("relation-lens compare", () => {
  test("prints both reports' properties and who has them", async () => {
    const { status, out, err } = await compare("left.json", "right.json");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain("embedded-small (left) compared with embedded-wide (right)");
    expect(out).toContain("Of 1 properties, 0 hold in both models, 1 in one");
    expect(out).toMatch(
      /parallelism, distributional: in one model \(left\)\n +0\.71 +\[0\.66, 0\.77\] +– +yes +0\.10 .* no\n/,
    );
  });

  test("writes the first report with the other in it, and nulls for what needs the models", async () => {
    const { status, out } = await compare("left.json", "right.json", "--out", "-");
    expect(status).toBe(0);
    const written = JSON.parse(out) as Report;
    expect(written.model.id).toBe("embedded-small");
    expect(written.comparison).toMatchObject({
      ...{ model: { id: "embedded-wide" }, other: { model: { id: "embedded-wide" }, comparison: null } },
      ...{ vocabularyShared: null, distances: null, equivalence: null, effectiveComplexity: null, layerMaps: [] },
      verdicts: [{ property: "parallelism, distributional", left: 0.7123, right: 0.1, verdict: "one" }],
    });
    await compare("left.json", "right.json", "--out", "both.json");
    expect(JSON.parse(await readFile(join(folder, "both.json"), "utf8"))).toEqual(written);
  });

  test("compares what it has compared before anew", async () => {
    await compare("left.json", "right.json", "--out", "first.json");
    const { out } = await compare("first.json", "left.json", "--out", "-");
    const again = JSON.parse(out) as Report;
    expect(again.comparison?.verdicts[0]?.verdict).toBe("both");
    expect(again.warnings).toEqual(left.warnings);
  });

  test("mentions other subjects, templates and settings", async () => {
    await saved("other.json", {
      ...right,
      relation: { ...right.relation, samples: samples.slice(1), templates: [...right.relation.templates, "b {}"] },
      settings: { ...right.settings, seed: 7 },
    });
    const { status, out } = await compare("left.json", "other.json", "--out", "-");
    expect(status).toBe(0);
    const codes = (JSON.parse(out) as Report).warnings.map(({ code }) => code);
    expect(codes).toEqual([
      "few-contexts",
      "reports-other-samples",
      "reports-other-templates",
      "reports-other-settings",
    ]);
  });

  test("reads reports of before properties said whether they hold", async () => {
    const old = { ...row, holds: undefined, path: undefined };
    await saved("old.json", { ...left, twins: undefined, summary: { ...left.summary, properties: [old] } });
    const { status, out } = await compare("old.json", "right.json", "--out", "-");
    expect(status).toBe(0);
    expect((JSON.parse(out) as Report).comparison?.verdicts[0]).toMatchObject({
      holds: [null, false],
      verdict: "too few to tell",
      leftRange: null,
    });
  });

  test.each([
    ["missing.json", "report-unreadable"],
    ["text.json", "report-not-a-report"],
    ["list.json", "report-not-a-report"],
    ["later.json", "report-not-a-report"],
    ["relation.json", "reports-other-relation"],
  ])("refuses %s: %s", async (name, code) => {
    await saved("text.json", "no JSON");
    await saved("list.json", [left]);
    await saved("later.json", { ...left, schemaVersion: 2 });
    await saved("relation.json", { ...right, relation: { ...right.relation, name: "plural", templates: ["One {}"] } });
    const { status, out, err } = await compare("left.json", name);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(`[${code}]`);
    expect(err).toContain(name);
  });
});

describe("relation-lens analyze --compare", () => {
  test("passes the second model and the contexts on", async () => {
    const file = join(folder, "a.relation.yaml");
    await writeFile(
      file,
      'prompt_templates: ["The {} is"]\nsamples:\n  - {subject: a, object: b}\n  - {subject: c, object: d}\n',
    );
    const asked: AnalyzeParams[] = [];
    const { status } = await run(["analyze", file, "--compare", "embedded-wide", "--contexts", "texts"], {
      engine: {
        analyze: (params, hooks) => {
          asked.push(params);
          return analyzeLikeEngine(params, hooks);
        },
      },
    });
    expect(status).toBe(0);
    expect(asked).toMatchObject([{ compare: "embedded-wide", settings: { contexts: "texts" } }]);
    await run(["analyze", file], {
      engine: { analyze: (params, hooks) => (asked.push(params), analyzeLikeEngine(params, hooks)) },
    });
    expect(asked[1]).not.toHaveProperty("compare");
    expect(asked[1]?.settings).not.toHaveProperty("contexts");
  });

  test("shows distances, equivalence and the table within 100 columns", () => {
    const similar = (value: number) => ({
      ...{ value, interval: [value - 0.01, value] as const, nullMean: -0.02, nullUpper: 0.01 },
      identifiable: "always" as const,
    });
    const distances = {
      ...{ jensenShannon: 0.1234, kl: 0.5, klBackward: 3e-15, logLikelihoodVariance: null, sameTopToken: 0.61, n: 600 },
      intervals: { jensenShannon: null, kl: null, klBackward: null, sameTopToken: null },
    };
    const comparison: Comparison = {
      ...{
        model: right.model,
        other: right,
        vocabularyShared: 0.98,
        vocabulary: { matched: 98, left: 100, right: 120 },
      },
      contexts: { source: "general", passages: 200, contexts: 600, leftOut: 3 },
      ...{ distances, relationDistances: { ...distances, n: 72 } },
      equivalence: {
        ...{ r2Forward: 0.83, r2Backward: 0.79, meanCanonicalCorrelation: 0.9, cka: 0.8, dSvd: 0.2, ckaEuclidean: 0.5 },
        ...{ r2Euclidean: 0.7, heldOut: "5 folds by passage", n: 600, diverseTokens: [] },
        figures: {
          ...{ r2Forward: similar(0.83), r2Backward: similar(0.79), meanCanonicalCorrelation: similar(0.9) },
          ...{ cka: similar(0.8), dSvd: similar(0.2), ckaEuclidean: { ...similar(0.5), identifiable: "never" } },
          r2Euclidean: similar(0.7),
        },
      },
      effectiveComplexity: [90, 96],
      complexity: { tolerance: 1e-5, participationRatio: [12.3, 14], singularValues: [[1], [1]] },
      ...{ layerMaps: [], unitMatching: null, headline: ["Different distributions."] },
      verdicts: [
        {
          ...{
            section: "parallelism",
            property: "parallelism, Euclidean",
            left: 0.5,
            right: 0.4,
            n: [24, 24],
            layer: "final",
          },
          ...{
            leftInterval: [0.41, 0.62],
            rightInterval: [0.31, 0.52],
            leftRange: [0.21, 0.7],
            rightRange: [0.4, 0.4],
          },
          ...{ leftNull: 0, rightNull: 0, holds: [true, null], identifiable: "never", words: "" },
          verdict: "depends on the basis",
        },
      ],
    };
    const text = renderSummary({ ...left, comparison }, false);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    for (const line of [
      /^over general contexts +0\.1234 +0\.5000 +3\.0e-15 +– +0\.61 +600$/m,
      /^over the relation's prompts +0\.1234/m,
      /^R², left from right +0\.8300 +\[0\.82, 0\.83\] +-0\.02 +same$/m,
      /^linear CKA, raw coordinates +0\.5000 .* other$/m,
      /^Effective complexity: 90 and 96 dimensions of log-ratios; participation ratio 12\.30 and 14\.00\.$/m,
      /^parallelism, Euclidean: depends on the basis$/m,
      /^ +0\.50 +\[0\.41, 0\.62\] +0\.21 … 0\.70 +yes +0\.40 +\[0\.31, 0\.52\] +same +–$/m,
    ]) {
      expect(text).toMatch(line);
    }
  });
});
