import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  areaUnderRoc,
  macroF1,
  majorityShare,
  totalLogLoss,
} from "../../../../src/engine/analysis/probes/classificationScores";
import {
  answerAcrossTemplatesTask,
  answerTask,
  conceptTask,
  drawControl,
  type ProbeTask,
} from "../../../../src/engine/analysis/probes/probeTasks";
import { randomFolds } from "../../../../src/engine/analysis/statistics/folds";
import { wordGroups } from "../../../../src/engine/analysis/probes/wordGroups";
import { fromRows } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { answerRows, distinctPairs, taskOf } from "./labelledRows";

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
      const task = taskOf(conceptTask(distinctPairs(pairs), 1));
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
    expect(conceptTask(distinctPairs(2), 1).problem?.code).toBe("probe-too-few-pairs");
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
    const control = drawControl(answers, random(3));
    expect(control.filter((c) => c === 0).length).toBe(21);
    expect(control.slice(0, 12)).toEqual(control.slice(12, 24));
    expect(control).not.toEqual(answers.labels);
    const pairs = drawControl(taskOf(conceptTask(distinctPairs(20), 1)), random(3));
    for (let i = 0; i < 20; i++) expect(pairs[2 * i]! + pairs[2 * i + 1]!).toBe(1);
    expect(pairs.filter((_, i) => i % 2 === 0).reduce((a, b) => a + b)).toBeGreaterThan(4);
  });
});

describe("the concept task where words repeat", () => {
  const manyToOne = (subjects: number, objects: number) =>
    wordGroups(Array.from({ length: subjects }, (_, i) => ({ from: `s${i}`, to: `o${i % objects}` })));

  it("counts groups of pairs that share a word, and holds each out whole", () => {
    const task = taskOf(conceptTask(manyToOne(36, 3), 1));
    expect(task.n).toBe(3);
    expect(task.rows).toHaveLength(39);
    expect(task.labels.filter((label) => label === 1)).toHaveLength(3);
    expect(task.splits).toHaveLength(3);
    expect(task.heldOut).toBe("leave one group of pairs that share a word out");
    expect(taskOf(conceptTask(manyToOne(36, 9), 1)).heldOut).toBe("5 folds by group of pairs that share a word");
  });

  it("has every word once in each form, and none in training and test at once", () => {
    const word = fc.integer({ min: 0, max: 14 }).map((i) => `w${i}`);
    const pairs = fc.array(fc.record({ from: word, to: word }), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(pairs, fc.nat(), (all, seed) => {
        const groups = wordGroups(all);
        const { task } = conceptTask(groups, seed);
        fc.pre(task !== null);
        const forms = Array.from(task.rows, (r, p) => `${groups.words[r]} ${task.labels[p]}`);
        const expected = new Set(all.flatMap(({ from, to }) => [`${from} 0`, `${to} 1`]));
        expect(forms).toHaveLength(expected.size);
        expect(new Set(forms)).toEqual(expected);
        for (const { train, test } of task.splits) {
          const trained = new Set(Array.from(train, (p) => groups.words[task.rows[p]!]));
          expect(Array.from(test).some((p) => trained.has(groups.words[task.rows[p]!]))).toBe(false);
          expect(new Set(Array.from(train, (p) => task.labels[p])).size).toBe(2);
        }
        const tested = task.splits.flatMap(({ test }) => Array.from(test)).sort((a, b) => a - b);
        expect(tested).toEqual(Array.from(task.rows.keys()));
        // Another way to count: the least number of a word spreads along the pairs.
        const mark = new Map(all.flatMap(({ from, to }) => [from, to]).map((name, i) => [name, i]));
        all.forEach(() => {
          for (const { from, to } of all) {
            const least = Math.min(mark.get(from)!, mark.get(to)!);
            mark.set(from, least).set(to, least);
          }
        });
        expect(task.n).toBe(new Set(mark.values()).size);
      }),
    );
  });

  it("swaps the control labels of a group all together", () => {
    const groups = manyToOne(36, 6);
    const task = taskOf(conceptTask(groups, 1));
    // s7 has the object o1.
    const objectOf = (p: number) => Number(groups.words[task.rows[p]!]!.slice(1)) % 6;
    const draws = random(3);
    const swaps = Array.from({ length: 20 }, () => {
      const control = drawControl(task, draws);
      const swapped = new Set(control.map((label, p) => 2 * objectOf(p) + (label ^ task.labels[p]!)));
      expect(swapped.size).toBe(6);
      return [...swapped].filter((one) => one % 2 === 1).length;
    });
    expect(new Set(swaps).size).toBeGreaterThan(2);
  });

  it("does not exist with fewer than three groups, and says that words repeat", () => {
    const { problem } = conceptTask(manyToOne(28, 2), 1);
    expect(problem?.code).toBe("probe-too-few-pairs");
    expect(problem?.message).toContain("words repeat, so the 28 pairs make only 2");
    expect(conceptTask(distinctPairs(2), 1).problem?.message).toContain("there are 2");
  });

  it("keeps a word of both forms as a row of each, in one group", () => {
    const chain = [
      { from: "one", to: "two" },
      { from: "two", to: "three" },
      { from: "big", to: "bigger" },
      { from: "old", to: "older" },
    ];
    const { words, forms, groups, count } = wordGroups(chain);
    expect(words).toEqual(["one", "two", "two", "three", "big", "bigger", "old", "older"]);
    expect(Array.from(forms)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect(Array.from(groups)).toEqual([0, 0, 0, 0, 1, 1, 2, 2]);
    expect(count).toBe(3);
  });

  it("is one row per word and one unit per pair where no word repeats", () => {
    for (const pairs of [3, 5, 28]) {
      const task = taskOf(conceptTask(distinctPairs(pairs), 7));
      expect(task.n).toBe(pairs);
      expect(Array.from(task.rows)).toEqual(Array.from({ length: 2 * pairs }, (_, row) => row));
      expect(Array.from(task.labels)).toEqual(Array.from({ length: 2 * pairs }, (_, row) => row % 2));
      expect(Array.from(task.units)).toEqual(Array.from({ length: 2 * pairs }, (_, row) => Math.floor(row / 2)));
      const foldOf = pairs <= 5 ? Array.from({ length: pairs }, (_, i) => i) : randomFolds(pairs, 5, random(7, "concept folds")).foldOf; // prettier-ignore
      task.splits.forEach(({ test }, fold) => {
        expect(Array.from(test)).toEqual(Array.from({ length: 2 * pairs }, (_, row) => row).filter((row) => foldOf[row >> 1] === fold)); // prettier-ignore
      });
      expect(task.heldOut).toBe(pairs <= 5 ? "leave one pair out" : "5 folds by pair");
    }
  });
});

describe("classification scores", () => {
  it("macro F1 by hand", () => {
    // Class 0: 1 right of 2 given and 1 found; class 1: 1 right of 1 given and 2 found; class 2: never.
    expect(macroF1([0, 1, 1], [0, 0, 1], 3)).toBeCloseTo((2 / 3 + 2 / 3 + 0) / 3, 12);
  });

  it("area under the curve by hand, ties counting half", () => {
    expect(areaUnderRoc([3, 2, 2, 1], [1, 1, 0, 0])).toBe(0.875);
    expect(areaUnderRoc([1, 2], [1, 1])).toBeNull();
  });

  it("the majority is the share of the commonest class", () => {
    expect(majorityShare([0, 1, 0, 2], 3)).toBe(0.5);
    expect(majorityShare([1, 0], 2)).toBe(0.5);
  });

  it("log loss in nats, finite for an impossible class", () => {
    const half = Math.log(0.5);
    expect(totalLogLoss(fromRows([[half, half], [0, -Infinity]]), [0, 1])).toBeCloseTo(Math.log(2) + Math.log(1e12), 8); // prettier-ignore
  });
});
