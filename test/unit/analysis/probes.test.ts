import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaUnderRoc, macroF1, majorityHits, totalLogLoss } from "../../../src/engine/analysis/classificationScores";
import { probe, type ProbeFigures } from "../../../src/engine/analysis/probes";
import { answerAcrossTemplatesTask, answerTask, conceptTask, type LabelledRow, type ProbeTask, type TaskOutcome } from "../../../src/engine/analysis/probeTasks"; // prettier-ignore
import { changeOfBasis, twinOf } from "../../../src/engine/analysis/twin";
import { fromRows, multiplyTransposed, row, type Matrix } from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";
import { gaussian, geometryOf } from "./toyModel";

const options = { seed: 1, where: "probes", standardise: false };

function taskOf({ task, problem }: TaskOutcome): ProbeTask {
  if (task === null) throw new Error(problem.message);
  return task;
}

/** Row t · subjects + s: subject s in template t. */
function answerRows(subjects: number, templates: number, labelOf: (subject: number) => number | null): LabelledRow[] {
  return Array.from({ length: subjects * templates }, (_, i) => {
    const subject = i % subjects;
    return { subject, template: Math.floor(i / subjects), label: labelOf(subject) };
  });
}

/** Rows of noise, with a mean of its own for every label. */
function classRows(labels: readonly number[], d: number, separation: number, seed: number): Matrix {
  const x = gaussian(labels.length, d, seed);
  const centres = gaussian(Math.max(...labels) + 1, d, seed + 1);
  labels.forEach((label, i) =>
    row(x, i).forEach((value, j) => (row(x, i)[j] = value + separation * row(centres, label)[j]!)),
  );
  return x;
}

/** Second words of the pairs shifted along the first axis. */
function pairRows(pairs: number, d: number, shift: number, seed: number): Matrix {
  const x = gaussian(2 * pairs, d, seed);
  for (let i = 0; i < pairs; i++) x.data[(2 * i + 1) * d]! += shift;
  return x;
}

describe("probe tasks", () => {
  const shapes = fc.record({
    labels: fc.array(fc.option(fc.integer({ min: 0, max: 5 })), { minLength: 6, maxLength: 40 }),
    templates: fc.integer({ min: 1, max: 4 }),
    seed: fc.nat(),
  });

  it("never train on a subject that they test, and test every row once", () => {
    fc.assert(
      fc.property(shapes, ({ labels, templates, seed }) => {
        const { task } = answerTask(
          answerRows(labels.length, templates, (s) => labels[s]!),
          seed,
        );
        fc.pre(task !== null);
        checkSplits(task);
      }),
    );
  });

  it("across templates, never train on the tested subject or the tested template", () => {
    fc.assert(
      fc.property(shapes, ({ labels, templates, seed }) => {
        const rows = answerRows(labels.length, templates, (s) => labels[s]!);
        const { task } = answerAcrossTemplatesTask(rows, seed);
        fc.pre(task !== null);
        checkSplits(task);
        for (const { train, test } of task.splits) {
          const templateOf = (p: number) => rows[task.rows[p]!]!.template;
          const held = new Set(Array.from(test, templateOf));
          expect(held.size).toBe(1);
          expect(Array.from(train).some((p) => held.has(templateOf(p)))).toBe(false);
        }
      }),
    );
  });

  function checkSplits(task: ProbeTask) {
    const tested: number[] = [];
    for (const { train, test } of task.splits) {
      const held = new Set(Array.from(test, (p) => task.units[p]!));
      expect(Array.from(train).some((p) => held.has(task.units[p]!))).toBe(false);
      const trained = new Set(Array.from(train, (p) => task.labels[p]!));
      expect(trained.size).toBe(task.classes);
      tested.push(...test);
    }
    expect(tested.sort((a, b) => a - b)).toEqual(Array.from(task.rows.keys()));
    for (let c = 0; c < task.classes; c++) {
      const subjects = new Set(Array.from(task.units).filter((_, p) => task.labels[p] === c));
      expect(subjects.size).toBeGreaterThanOrEqual(2);
    }
  }

  it("keep both words of a pair together", () => {
    for (const pairs of [3, 5, 24]) {
      const task = taskOf(conceptTask(pairs, 1));
      for (const { train, test } of task.splits) {
        const held = new Set(Array.from(test, (p) => task.units[p]!));
        expect(Array.from(train).some((p) => held.has(task.units[p]!))).toBe(false);
      }
    }
  });

  it("do not exist where no two subjects share an answer, or all do", () => {
    expect(
      answerTask(
        answerRows(10, 3, (s) => s),
        1,
      ).problem?.code,
    ).toBe("probe-no-repeated-answers");
    expect(
      answerTask(
        answerRows(10, 3, () => 7),
        1,
      ).problem?.code,
    ).toBe("probe-constant-answers");
    expect(
      answerTask(
        answerRows(10, 1, (s) => s),
        1,
        "label",
      ).problem?.code,
    ).toBe("probe-no-repeated-labels");
    expect(
      answerAcrossTemplatesTask(
        answerRows(10, 1, (s) => s % 2),
        1,
      ).problem?.code,
    ).toBe("probe-one-template");
    expect(conceptTask(2, 1).problem?.code).toBe("probe-too-few-pairs");
  });

  it("leave classes of a single subject out", () => {
    const task = taskOf(
      answerTask(
        answerRows(7, 2, (s) => [5, 5, 9, 9, 9, 1, 4][s]!),
        1,
      ),
    );
    expect(task.classes).toBe(2);
    expect(task.n).toBe(5);
    expect(Array.from(task.rows)).toEqual([0, 1, 2, 3, 4, 7, 8, 9, 10, 11]);
    expect(task.splits.length).toBe(2);
  });

  it("draw control labels that keep class sizes, one per subject; and one of each within a pair", () => {
    const answers = taskOf(
      answerTask(
        answerRows(12, 3, (s) => (s < 7 ? 0 : 1)),
        1,
      ),
    );
    const control = answers.drawControl(random(3));
    expect(control.filter((c) => c === 0).length).toBe(21);
    expect(control.slice(0, 12)).toEqual(control.slice(12, 24));
    expect(control).not.toEqual(answers.labels);
    const pairs = taskOf(conceptTask(20, 1)).drawControl(random(3));
    for (let i = 0; i < 20; i++) expect(pairs[2 * i]! + pairs[2 * i + 1]!).toBe(1);
    expect(pairs.filter((_, i) => i % 2 === 0).reduce((a, b) => a + b)).toBeGreaterThan(4);
  });
});

describe("probe", () => {
  it("is always right on classes far apart, and says so", () => {
    const labels = Array.from({ length: 30 }, (_, i) => i % 3);
    const task = taskOf(
      answerTask(
        labels.map((label, subject) => ({ subject, template: 0, label })),
        1,
      ),
    );
    const { figures, warnings } = probe(task, classRows(labels, 40, 4, 1), { ...options, standardise: true });
    expect(figures.accuracy).toBe(1);
    expect(figures.macroF1).toBe(1);
    expect(figures.n).toBe(30);
    expect(figures.interval[0]).toBeGreaterThan(0.85);
    expect(figures.majority).toBeCloseTo(1 / 3, 10);
    expect(figures.selectivity).toBeGreaterThan(0.5);
    expect(figures.logLoss).toBeLessThan(0.1);
    expect(warnings.map(({ code }) => code)).toContain("probe-perfect-separation");
  });

  it("is right about a concept that a shift carries, with a stable direction", () => {
    const { figures } = probe(taskOf(conceptTask(24, 1)), pairRows(24, 20, 6, 1), options);
    expect(figures.accuracy).toBeGreaterThan(0.95);
    expect(figures.auroc).toBeGreaterThan(0.99);
    expect(figures.n).toBe(24);
    expect(figures.directionStability).toBeGreaterThan(0.85);
    expect(figures.heldOut).toBe("5 folds by pair");
  });

  it("is about as right as chance where there is nothing to read, as its control is", () => {
    const concept = Array.from(
      { length: 12 },
      (_, seed) =>
        probe(taskOf(conceptTask(20, seed)), pairRows(20, 30, 0, seed), { ...options, seed, controlDraws: 5 }).figures,
    );
    const answer = Array.from({ length: 12 }, (_, seed) => {
      const draws = random(seed, "labels");
      const labels = Array.from({ length: 40 }, () => draws.integer(4));
      const task = taskOf(
        answerTask(
          labels.map((label, subject) => ({ subject, template: 0, label })),
          seed,
        ),
      );
      return probe(task, gaussian(40, 30, seed), { ...options, seed, controlDraws: 5 }).figures;
    });
    const average = (figures: ProbeFigures[], key: "accuracy" | "control" | "selectivity") =>
      figures.reduce((sum, figure) => sum + figure[key], 0) / figures.length;
    // 12 × 40 rows: a standard error of about .02.
    expect(Math.abs(average(concept, "accuracy") - 0.5)).toBeLessThan(0.08);
    expect(Math.abs(average(concept, "control") - 0.5)).toBeLessThan(0.04);
    expect(average(answer, "accuracy")).toBeLessThan(0.33);
    expect(average(answer, "control")).toBeLessThan(0.31);
    expect(average(answer, "control")).toBeGreaterThan(0.17);
    expect(Math.abs(average(answer, "selectivity"))).toBeLessThan(0.08);
    expect(concept.every(({ directionStability }) => directionStability! < 0.85)).toBe(true);
  });

  it("does not recognise a held-out subject by its vector in another template", () => {
    // The same vector in all three templates, and labels at random: with folds by row it would be right every time.
    const [subjects, templates] = [24, 3];
    const draws = random(1);
    const labels = Array.from({ length: subjects }, () => draws.integer(2));
    const vectors = gaussian(subjects, 60, 2);
    const inputs = fromRows(Array.from({ length: subjects * templates }, (_, i) => row(vectors, i % subjects)));
    const rows = answerRows(subjects, templates, (s) => labels[s]!);
    const grouped = taskOf(answerTask(rows, 1));
    const leaky = taskOf(
      answerTask(
        rows.map((r, i) => ({ ...r, subject: i })),
        1,
      ),
    );
    expect(probe(leaky, inputs, options).figures.accuracy).toBe(1);
    expect(probe(grouped, inputs, options).figures.accuracy).toBeLessThan(0.75);
    expect(probe(taskOf(answerAcrossTemplatesTask(rows, 1)), inputs, options).figures.accuracy).toBeLessThan(0.75);
  });

  it("gives a twin the same figures in the coordinates Cᵀf, and other figures in raw ones", () => {
    const g = gaussian(120, 16, 1);
    const labels = Array.from({ length: 30 }, (_, i) => i % 3);
    const f = classRows(labels, 16, 0.7, 2);
    const task = taskOf(
      answerTask(
        labels.map((label, subject) => ({ subject, template: 0, label })),
        1,
      ),
    );
    const own = probe(task, geometryOf(g).embed(f), options).figures;
    for (const family of ["changeOfBasis", "changeOfDimension"] as const) {
      const twin = twinOf({ f: [f], g }, family, { random: random(3), condition: 100 });
      expectSameFigures(probe(task, geometryOf(twin.g).embed(twin.f[0]!), options).figures, own);
      const raw = probe(task, twin.f[0]!, options).figures;
      expect(Math.abs(raw.logLoss - probe(task, f, options).figures.logLoss)).toBeGreaterThan(1e-3);
    }
  });

  it("gives rotated hidden states the same figures: the standardisation has no axes of its own", () => {
    const [pairs, d] = [15, 40];
    const h = pairRows(pairs, d, 2, 4);
    const { embedding } = changeOfBasis(d, 1, random(5));
    const task = taskOf(conceptTask(pairs, 1));
    const standardised = { ...options, standardise: true };
    expectSameFigures(probe(task, multiplyTransposed(h, embedding), standardised).figures, probe(task, h, standardised).figures); // prettier-ignore
  });

  it("gives the same figures for the same seed", () => {
    const task = taskOf(conceptTask(12, 1));
    const h = pairRows(12, 20, 1, 4);
    expect(probe(task, h, options)).toEqual(probe(task, h, options));
    expect(probe(task, h, { ...options, seed: 2 }).figures.control).not.toBe(probe(task, h, options).figures.control);
  });
});

function expectSameFigures(a: ProbeFigures, b: ProbeFigures) {
  for (const [name, value] of Object.entries(b) as [keyof ProbeFigures, unknown][]) {
    if (typeof value !== "number") continue;
    const other = a[name] as number;
    expect(Math.abs(other - value), name).toBeLessThanOrEqual(1e-6 * Math.max(1e-3, Math.abs(value)));
  }
}

describe("classification scores", () => {
  it("macro F1 by hand", () => {
    // Class 0: 1 right of 2 given and 1 found; class 1: 1 right of 1 given and 2 found; class 2: never.
    expect(macroF1([0, 1, 1], [0, 0, 1], 3)).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12);
  });

  it("area under the curve by hand, ties counting half", () => {
    expect(areaUnderRoc([3, 2, 2, 1], [1, 1, 0, 0])).toBe(0.875);
    expect(areaUnderRoc([1, 2], [1, 1])).toBeNull();
  });

  it("the majority's guess is shared among equally common classes", () => {
    expect(majorityHits([0, 0, 1], [0, 1, 0], 2)).toBe(2);
    expect(majorityHits([0, 1], [0, 1, 0], 2)).toBe(1.5);
  });

  it("log loss in nats, finite for an impossible class", () => {
    const half = Math.log(0.5);
    expect(totalLogLoss(fromRows([[half, half], [0, -Infinity]]), [0, 1])).toBeCloseTo(Math.log(2) + Math.log(1e12), 8); // prettier-ignore
  });
});
