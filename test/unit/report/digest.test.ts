import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { digest } from "../../../src/engine/report/digest";
import { analyze } from "../../../src/engine/engine";
import type { LinearityFit, PromptResult, Report } from "../../../src/protocol/report";
import { fit, map, parallelism } from "./figures";

const superlative = join(import.meta.dirname, "../../../samples/superlative.relation.yaml");

const prompt = (template: string, subject: string, rank: number): PromptResult => ({
  template,
  subject,
  object: `${subject}er`,
  text: template.replace("{}", subject),
  answerToken: { id: 1, text: ` ${subject}er` },
  logProbability: Math.log(0.25),
  answerLogProbability: null,
  rank,
  predictedToken: { id: 100 + rank, text: " top" },
  topTokens: [],
});

const templates = ["a {}", "b {}"];
const subjects = ["high", "low", "new"];
const predictions = ["x", "y", "z"].map((text, id) => ({ id, text }));

type Part = Partial<Pick<Report, "prompts" | "linearity" | "parallelism">>;

/** Only what a digest reads. */
function made(part: Part = {}): Report {
  const report: Pick<Report, "relation" | "model" | "settings" | "summary" | keyof Part> = {
    relation: {
      name: "comparative",
      templates,
      samples: subjects.map((subject) => ({ subject, object: `${subject}er`, label: null })),
      file: "",
    },
    model: { id: "small" } as Report["model"],
    settings: { seed: 0 } as Report["settings"],
    summary: { headline: ["A sentence."], properties: [] },
    prompts: templates.flatMap((template) => subjects.map((subject, s) => prompt(template, subject, s + 1))),
    linearity: [],
    parallelism: null,
    ...part,
  };
  return report as Report;
}

const onF = (changes: Partial<LinearityFit>) =>
  fit({ n: 3, agreement: [true, false, null], predictions, folds: [2, 0, 1], ...changes });

describe("what the editor shows of a report", () => {
  it("has rank, probability and the model's own answer of every prompt", () => {
    const { samples, brief } = digest(made());
    expect(samples.map(({ prompts }) => prompts.map((own) => own?.rank))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(samples[0]?.prompts[0]).toEqual({
      answer: " higher",
      rank: 1,
      probability: expect.closeTo(0.25, 12) as number,
      predicted: " top",
      heldOut: null,
    });
    expect(brief).toEqual([]);
  });

  it("finds prompts by template and subject where the report leaves some out", () => {
    const prompts = made().prompts.filter(({ template, subject }) => !(template === "a {}" && subject === "low"));
    const { samples } = digest(made({ prompts: [...prompts].reverse() }));
    expect(samples[1]?.prompts.map((own) => own?.rank ?? null)).toEqual([null, 2]);
    expect(samples[2]?.prompts.map((own) => own?.rank ?? null)).toEqual([3, 3]);
  });

  it("takes the held-out answer of each template's own least-squares map on f", () => {
    const others = [
      onF({ template: "*", predictions: null, agreement: null }),
      onF({ template: "a {}", layer: 2, agreement: [false, false, false] }),
      onF({ template: "a {}", estimator: "kl", agreement: [false, false, false] }),
    ];
    const { samples } = digest(made({ linearity: [...others, onF({ template: "a {}" })] }));
    expect(samples.map(({ prompts }) => prompts.map((own) => own?.heldOut))).toEqual([
      [{ fold: 2, token: "x", agrees: true }, null],
      [{ fold: 0, token: "y", agrees: false }, null],
      [null, null],
    ]);
  });

  it("tells the folds of reports that do not have them: one of its own for each of few subjects", () => {
    const { folds, ...older } = onF({ template: "b {}", agreement: [true, true, true] });
    expect(folds).toBeDefined();
    const { samples } = digest(made({ linearity: [older] }));
    expect(samples.map(({ prompts }) => prompts[1]?.heldOut?.fold)).toEqual([0, 1, 2]);
  });

  it("says which pairs point as the others do", () => {
    const matrix = [
      [1, 0.5, 0.1],
      [0.5, 1, -0.3],
      [0.1, -0.3, 1],
    ];
    const pairs = [
      { from: " high", fromId: 1, to: " higher", toId: 2 },
      { from: " new", fromId: 3, to: " newer", toId: 4 },
      { from: " low", fromId: 5, to: " high", toId: 6 },
    ];
    const figures = parallelism({ pairs, distributional: map({ matrix, randomPairsUpper: 0.2 }) });
    const found = digest(made({ parallelism: figures })).samples.map(({ parallel }) => parallel);
    expect(found[0]).toEqual({ cosine: expect.closeTo(0.3, 12) as number, holds: true });
    expect(found[1]).toBeNull();
    expect(found[2]).toEqual({ cosine: expect.closeTo(0.1, 12) as number, holds: false });
  });

  it("says in a few words what the headline says", () => {
    const linear = [0.96, 0.81].map((faithfulness, t) =>
      onF({ template: templates[t] ?? "", n: 24, faithfulness, faithfulnessInterval: [0.6, 1] }),
    );
    expect(digest(made({ linearity: linear, parallelism: parallelism() })).brief).toEqual([
      "linear .81–.96",
      "parallel .72",
    ]);
    const not = [onF({ template: "a {}", p: 0.4, n: 24, faithfulness: 0 })];
    const against = parallelism({ distributional: map({ verdict: "not parallel", mean: -0.05 }) });
    expect(digest(made({ linearity: not, parallelism: against })).brief).toEqual([
      "not linear .00",
      "not parallel −.05",
    ]);
  });
});

describe("what the editor shows of a report on the embedded model", () => {
  let report: Report;
  beforeAll(async () => {
    const outcome = await analyze(
      {
        file: superlative,
        settings: { model: null, seed: 3, only: ["parallelism", "linearity"], layers: "last", bos: "auto", twins: 0 },
      },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    report = outcome.value;
  });

  it("has every sample's prompts, held-out answers and pairs", () => {
    const { samples, brief } = digest(report);
    const fits = report.linearity.filter(
      ({ layer, estimator, template }) => layer === "final" && estimator === "leastSquares" && template !== "*",
    );
    expect(fits.length).toBe(3);
    fits.forEach((own, t) => {
      const agrees = samples.map(({ prompts }) => prompts[t]?.heldOut?.agrees);
      expect(agrees.filter(Boolean).length / samples.length).toBe(own.faithfulness);
      expect(samples.map(({ prompts }) => prompts[t]?.heldOut?.fold)).toEqual(own.folds);
    });
    const cosines = samples.flatMap(({ parallel }) => parallel?.cosine ?? []);
    expect(cosines.length).toBe(report.parallelism?.pairs.length);
    const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
    expect(mean).toBeCloseTo(report.parallelism?.distributional?.mean ?? NaN, 10);
    expect(brief).toHaveLength(2);
  });

  it("leaves every subject out of its own fold's map: as many folds as the scheme says, one for each of few", () => {
    for (const { folds, agreement, heldOut, n } of report.linearity) {
      expect(folds === null).toBe(agreement === null);
      if (folds == null) continue;
      expect(heldOut).toBe("leave one subject out");
      expect([...folds].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });

  it("is the same for the report of an earlier version, which has no folds", () => {
    const older = report.linearity.map(
      (own) => Object.fromEntries(Object.entries(own).filter(([name]) => name !== "folds")) as unknown as LinearityFit,
    );
    expect(digest({ ...report, linearity: older })).toEqual(digest(report));
  });
});
