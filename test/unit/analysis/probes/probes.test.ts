import { describe, expect, it } from "vitest";
import { wilsonInterval } from "../../../../src/engine/analysis/statistics/intervals";
import { probe, probeBesideControls, type ProbeFigures } from "../../../../src/engine/analysis/probes/probes";
import {
  answerAcrossTemplatesTask,
  answerTask,
  conceptTask,
  drawControl,
} from "../../../../src/engine/analysis/probes/probeTasks";
import { wordGroups } from "../../../../src/engine/analysis/probes/wordGroups";
import { changeOfBasis, twinOf } from "../../../../src/engine/analysis/twins/twin";
import { fromRows, row, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { answerRows, distinctPairs, taskOf } from "./labelledRows";
import { gaussian, geometryOf } from "../toyModel";

const options = { seed: 1, where: "probes", standardise: false };

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

  it("has a majority baseline that folds of unequal classes do not move below chance", () => {
    // 12 of each class in 5 folds: the commonest class of a training set is the rarest of its test set.
    const labels = Array.from({ length: 36 }, (_, i) => i % 3);
    const task = taskOf(
      answerTask(
        labels.map((label, subject) => ({ subject, template: 0, label })),
        1,
      ),
    );
    expect(probe(task, classRows(labels, 20, 1, 1), { ...options, controlDraws: 1 }).figures.majority).toBe(1 / 3);
  });

  it("is right about a concept that a shift carries, with a stable direction", () => {
    const { figures } = probe(taskOf(conceptTask(distinctPairs(24), 1)), pairRows(24, 20, 6, 1), options);
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
        probe(taskOf(conceptTask(distinctPairs(20), seed)), pairRows(20, 30, 0, seed), {
          ...options,
          seed,
          controlDraws: 5,
        }).figures,
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
      figures.reduce((sum, figure) => sum + (figure[key] ?? NaN), 0) / figures.length;
    // 12 × 40 rows: a standard error of about .02.
    expect(Math.abs(average(concept, "accuracy") - 0.5)).toBeLessThan(0.08);
    expect(Math.abs(average(concept, "control") - 0.5)).toBeLessThan(0.04);
    expect(average(answer, "accuracy")).toBeLessThan(0.33);
    expect(average(answer, "control")).toBeLessThan(0.31);
    expect(average(answer, "control")).toBeGreaterThan(0.17);
    expect(Math.abs(average(answer, "selectivity"))).toBeLessThan(0.08);
    expect(concept.every(({ directionStability }) => directionStability! < 0.85)).toBe(true);
  });

  it("with its labels permuted is no better than a draw of its own control, and has no signal", () => {
    // Classes that a probe reads without fail; the permuted labels are on the same rows, in the same folds.
    const labels = Array.from({ length: 36 }, (_, i) => i % 3);
    const rows = classRows(labels, 20, 3, 1);
    const task = taskOf(
      answerTask(
        labels.map((label, subject) => ({ subject, template: 0, label })),
        1,
      ),
    );
    const real = probe(task, rows, { ...options, controlDraws: 40 }).figures;
    expect(real.accuracy).toBe(1);
    const draws = random(9);
    const permuted = Array.from({ length: 40 }, () => {
      const given = { ...task, labels: drawControl(task, draws) };
      return probe(given, rows, { ...options, controlDraws: 0 }).figures;
    });
    const shares = permuted.map(({ accuracy }) => accuracy);
    const average = shares.reduce((a, b) => a + b) / shares.length;
    // 40 draws of 36 rows on either side: a standard error of about .02. It may be lower: λ is chosen anew, and with the
    // largest a probe names the commonest class of the training rows, which is the rarest of the others.
    expect(average - real.control!).toBeLessThan(0.06);
    expect(Math.abs(real.control! - 1 / 3)).toBeLessThan(0.06);
    expect(shares.filter((share) => share > real.controlUpper!).length).toBeLessThan(0.25 * shares.length);
    expect(Math.max(...shares)).toBeLessThan(real.accuracy);
    expect(permuted.filter(({ interval, majority }) => interval[0] > majority).length).toBeLessThan(5);
    expect(real.interval[0]).toBeGreaterThan(real.majority);
  });

  it("across templates tests each control draw in one template, on labels of its own", () => {
    const rows = answerRows(20, 3, (s) => s % 2);
    const task = taskOf(answerAcrossTemplatesTask(rows, 1));
    const labels = rows.map(({ label }) => label!);
    const inputs = classRows(labels, 12, 3, 2);
    // The real labels as a control: right every time, whichever template its turn is.
    for (const turn of [0, 1, 2]) {
      const others = Array.from({ length: turn }, () => task.labels);
      const { control } = probeBesideControls(task, inputs, [...others, task.labels], options).figures;
      expect(control).toBe(1);
    }
    const swapped = task.labels.map((label) => 1 - label);
    expect(probeBesideControls(task, inputs, [swapped], options).figures.control).toBe(1);
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
    const rotated = changeOfBasis(d, 1, random(5)).embed(h);
    const task = taskOf(conceptTask(distinctPairs(pairs), 1));
    const standardised = { ...options, standardise: true };
    expectSameFigures(probe(task, rotated, standardised).figures, probe(task, h, standardised).figures); // prettier-ignore
  });

  it("scores the control on its own labels", () => {
    // A control with a reason after all: the same two classes under each other's name.
    const task = taskOf(conceptTask(distinctPairs(15), 1));
    const swapped = task.labels.map((label) => 1 - label);
    const { accuracy, control, selectivity } = probeBesideControls(
      task,
      pairRows(15, 20, 2, 4),
      [swapped],
      options,
    ).figures;
    expect(accuracy).toBeGreaterThan(0.6);
    expect(control).toBeCloseTo(accuracy, 10);
    expect(selectivity).toBeCloseTo(0, 10);
  });

  it("has a direction, and its stability, only for two classes", () => {
    const labels = Array.from({ length: 18 }, (_, i) => i % 3);
    const task = taskOf(
      answerTask(
        labels.map((label, subject) => ({ subject, template: 0, label })),
        1,
      ),
    );
    expect(probe(task, classRows(labels, 10, 2, 1), options).figures.directionStability).toBeNull();
  });

  it("counts subjects, not rows, in its interval", () => {
    const [subjects, templates] = [20, 3];
    const labels = Array.from({ length: subjects * templates }, (_, i) => (i % subjects) % 2);
    const task = taskOf(
      answerTask(
        answerRows(subjects, templates, (s) => s % 2),
        1,
      ),
    );
    const { accuracy, interval, n } = probe(task, classRows(labels, 10, 0.4, 6), options).figures;
    expect(n).toBe(subjects);
    expect(interval).toEqual(wilsonInterval(accuracy * subjects, subjects));
    expect(accuracy).toBeGreaterThan(0.5);
    expect(accuracy).toBeLessThan(1);
  });

  it("counts groups of pairs that share a word in the interval of a concept, and cannot recognise a copy", () => {
    // 40 subjects of 8 objects, and vectors of noise: copies of an object in training would give every one away.
    const groups = wordGroups(Array.from({ length: 40 }, (_, i) => ({ from: `s${i}`, to: `o${i % 8}` })));
    const figures = Array.from(
      { length: 12 },
      (_, seed) =>
        probe(taskOf(conceptTask(groups, seed)), gaussian(48, 60, seed), { ...options, seed, controlDraws: 1 }).figures,
    );
    for (const { n, accuracy, interval } of figures) {
      expect(n).toBe(8);
      expect(interval).toEqual(wilsonInterval(accuracy * 8, 8));
    }
    // 12 × 8 objects: a standard error of about .03 of their mean place among the others.
    expect(Math.abs(figures.reduce((sum, { auroc }) => sum + auroc!, 0) / 12 - 0.5)).toBeLessThan(0.12);
  });

  it("measures λ against the size of the inputs", () => {
    const task = taskOf(conceptTask(distinctPairs(15), 1));
    const h = pairRows(15, 20, 2, 4);
    const larger = { ...h, data: h.data.map((x) => 1000 * x) };
    expectSameFigures(probe(task, larger, options).figures, probe(task, h, options).figures);
  });

  it("gives the same figures for the same seed", () => {
    const task = taskOf(conceptTask(distinctPairs(12), 1));
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
