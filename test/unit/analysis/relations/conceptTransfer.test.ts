import { describe, expect, it } from "vitest";
import { conceptTransfer, type ConceptWords } from "../../../../src/engine/analysis/relations/conceptTransfer";
import { selectRows, zeros, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";

const d = 24;
const pairs = 18;

/** Words of relations that share nothing; the second form lies `sign` along `axis`. */
function planted(
  kinds: readonly { readonly axis: number; readonly sign: number }[],
  noise = 0.4,
): { words: Matrix; relations: ConceptWords[]; groups: number } {
  // prettier-ignore
  const draws = random(3, "words");
  const words = zeros(2 * pairs * kinds.length, d);
  const relations = kinds.map(({ axis, sign }, r) => {
    const rows = Int32Array.from({ length: 2 * pairs }, (_, i) => 2 * pairs * r + i);
    rows.forEach((row, i) => {
      for (let j = 0; j < d; j++) words.data[row * d + j] = noise * draws.normal();
      words.data[row * d + axis]! += (i % 2 === 0 ? -1 : 1) * sign * 1.5;
    });
    return {
      rows,
      forms: rows.map((_, i) => i % 2),
      groups: rows.map((_, i) => pairs * r + Math.floor(i / 2)),
    };
  });
  return { words, relations, groups: pairs * kinds.length };
}

const options = { seed: 1, where: "test", standardise: false, controlDraws: 20 };

describe("transfer of concept probes", () => {
  it("is perfect along one direction, reversed along its opposite, and at chance across orthogonal ones", () => {
    const { words, relations, groups } = planted([
      { axis: 0, sign: 1 },
      { axis: 0, sign: 1 },
      { axis: 0, sign: -1 },
      { axis: 5, sign: 1 },
    ]);
    const { accuracy, upper, intervals, n } = conceptTransfer(relations, groups, words, options);
    expect(accuracy[0]![0]).toBeGreaterThan(0.95);
    expect(accuracy[0]![1]).toBeGreaterThan(0.95);
    expect(accuracy[0]![2]).toBeLessThan(0.05);
    for (const value of [accuracy[0]![3]!, accuracy[3]![0]!]) expect(Math.abs(value - 0.5)).toBeLessThan(0.25);
    expect(accuracy[0]![1]!).toBeGreaterThan(upper![0]![1]!);
    expect(intervals[0]![1]![1]).toBe(1);
    expect(n).toBe(pairs);
  });

  it("beside a copy of a relation is that of its own held-out words", () => {
    const { words, relations, groups } = planted([{ axis: 0, sign: 1 }, { axis: 2, sign: 1 }], 1); // prettier-ignore
    const [one, other] = relations as [ConceptWords, ConceptWords];
    const { accuracy } = conceptTransfer([one, { ...one }, other], groups, words, { ...options, controlDraws: 0 });
    expect(accuracy[0]![1]).toBe(accuracy[0]![0]);
    expect(accuracy[1]![0]).toBe(accuracy[0]![0]);
    expect(accuracy[2]![1]).toBe(accuracy[2]![0]);
    expect(accuracy[0]![0]).toBeLessThan(1);
  });

  it("never tests a word that it was trained on: labels drawn by pair give chance, also on the diagonal", () => {
    const { words, relations, groups } = planted([{ axis: 0, sign: 0 }]);
    const draws = random(9, "labels");
    const shares = Array.from({ length: 30 }, () => {
      const swap = Int32Array.from({ length: pairs }, () => draws.integer(2));
      const one = relations[0]!;
      const forms = one.forms.map((form, i) => form ^ swap[Math.floor(i / 2)]!);
      return conceptTransfer([{ ...one, forms }], groups, words, { ...options, controlDraws: 0 }).accuracy[0]![0]!;
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.08);
  });

  it("counts both forms alike, however many words each has", () => {
    const { words, relations, groups } = planted([{ axis: 0, sign: 0 }]);
    const one = relations[0]!;
    // Every first form, and the second form of every third pair: a guess of the commoner one is right for ¾ of them.
    const kept = Int32Array.from(one.rows.keys()).filter((p) => p % 2 === 0 || p % 6 === 1);
    const few = { rows: one.rows.filter((_, p) => kept.includes(p)), forms: one.forms.filter((_, p) => kept.includes(p)), groups: one.groups.filter((_, p) => kept.includes(p)) }; // prettier-ignore
    const { accuracy } = conceptTransfer([few], groups, words, { ...options, controlDraws: 0 });
    expect(Math.abs(accuracy[0]![0]! - 0.5)).toBeLessThan(0.2);
  });

  it("does not move with a rotation of the inputs, nor with coordinates of zeros", () => {
    const { words, relations, groups } = planted([{ axis: 0, sign: 1 }, { axis: 0, sign: 1 }], 1.2); // prettier-ignore
    const wider = zeros(words.rows, d + 3);
    for (let i = 0; i < words.rows; i++) {
      for (let j = 0; j < d; j++) wider.data[i * (d + 3) + ((7 * j + 2) % (d + 3))] = words.data[i * d + j]! * (j % 2 === 0 ? 1 : -1); // prettier-ignore
    }
    const lean = { ...options, controlDraws: 0 };
    expect(conceptTransfer(relations, groups, wider, lean)).toEqual(conceptTransfer(relations, groups, words, lean));
  });

  it("has no value with too few groups of words", () => {
    const { words, relations } = planted([{ axis: 0, sign: 1 }]);
    const one = relations[0]!;
    const merged = { ...one, groups: one.groups.map((group) => Math.min(group, 1)) };
    const { accuracy, n } = conceptTransfer([merged], 2, selectRows(words, one.rows), options);
    expect([accuracy, n]).toEqual([[[null]], 0]);
  });
});
