import { beforeAll, describe, expect, test } from "vitest";
import { comparedModel, type ComparedModel } from "../../../src/engine/comparison/comparedModel";
import { compareDistributions, type BothRows } from "../../../src/engine/comparison/distributions";
import { matchVocabularies } from "../../../src/engine/contexts/matchedVocabulary";
import type { LanguageModel } from "../../../src/engine/models/languageModel";
import { report } from "../cli/support";
import { linearModel, linearStudy } from "../sections/linearModel";
import { renumbered, sharpened } from "./renumbered";

const hooks = { signal: new AbortController().signal, pause: () => Promise.resolve() };

async function pairOf(right: LanguageModel): Promise<{ left: ComparedModel; right: ComparedModel; rows: BothRows }> {
  const [own, other] = [await linearStudy(), await linearStudy({ model: right })];
  const vocabulary = matchVocabularies(own.study.model, other.study.model);
  return {
    left: await comparedModel({ study: own.study, report }, vocabulary.left),
    right: await comparedModel({ study: other.study, report }, vocabulary.right),
    rows: {
      left: own.study.activations.f,
      right: other.study.activations.f,
      passageOf: Int32Array.from(own.study.set.prompts, ({ sample }) => sample),
    },
  };
}

describe("the same model under other numbers, with a token of its own", () => {
  let pair: Awaited<ReturnType<typeof pairOf>>;
  beforeAll(async () => {
    pair = await pairOf(renumbered(linearModel()));
  });

  test("has the same distribution over what both have", async () => {
    const { left, right, rows } = pair;
    expect(right.ids).not.toEqual(left.ids);
    const { distances, ...diverse } = await compareDistributions(left, right, rows, hooks);
    expect(distances).toMatchObject({ sameTopToken: 1, n: 48 });
    for (const value of [
      distances.jensenShannon,
      distances.kl,
      distances.klBackward,
      distances.logLikelihoodVariance,
    ]) {
      expect(Math.abs(value ?? NaN)).toBeLessThan(1e-12);
    }
    expect(diverse.left.data).toEqual(diverse.right.data);
    expect(diverse.tokens).toHaveLength(diverse.left.cols);
    expect(new Set(diverse.tokens).size).toBe(diverse.tokens.length);
  });

  test("does so in batches of one context, too", async () => {
    const { left, right, rows } = pair;
    const whole = await compareDistributions(left, right, rows, hooks);
    expect(await compareDistributions(left, right, rows, hooks, 1)).toEqual(whole);
  });
});

test("distances are those of the renormalised distributions, token by token", async () => {
  const { left, right, rows } = await pairOf(renumbered(sharpened(linearModel(), 0.5)));
  const { distances, left: logs, tokens } = await compareDistributions(left, right, rows, hooks);
  const softmax = async ({ study, ids }: ComparedModel, f: BothRows["left"]) => {
    const all = await study.model.logits(f);
    const { vocabularySize } = study.model.unembedding;
    return Array.from({ length: rows.passageOf.length }, (_, i) => {
      const own = Array.from(ids, (id) => Math.exp(all[i * vocabularySize + id] ?? NaN));
      const sum = own.reduce((a, b) => a + b);
      return own.map((x) => x / sum);
    });
  };
  const [p, q] = [await softmax(left, rows.left), await softmax(right, rows.right)];
  const mean = (divergence: (a: number, b: number) => number, a: number[][], b: number[][]) =>
    a.reduce((sum, row, i) => sum + row.reduce((part, x, j) => part + divergence(x, b[i]?.[j] ?? NaN), 0), 0) /
    a.length;
  const kl = (a: number, b: number) => a * Math.log(a / b);
  const js = (a: number, b: number) => (kl(a, (a + b) / 2) + kl(b, (a + b) / 2)) / 2;
  expect(distances.kl).toBeCloseTo(mean(kl, p, q), 6);
  expect(distances.klBackward).toBeCloseTo(mean(kl, q, p), 6);
  expect(distances.jensenShannon).toBeCloseTo(mean(js, p, q), 6);
  expect(distances.jensenShannon).toBeGreaterThan(0.01);
  const places = tokens.map((text) =>
    Array.from(left.ids).findIndex((id) => left.study.model.tokenizer.tokenText(id) === text),
  );
  places.forEach((place, k) => expect(logs.data[k]).toBeCloseTo(Math.log(p[0]?.[place] ?? NaN), 5));
});

test("coordinates follow the covariance of the matched tokens alone", async () => {
  const { left } = await pairOf(renumbered(linearModel()));
  const some = left.ids.slice(0, 40);
  const restricted = await comparedModel(left, some);
  expect(Array.from(restricted.geometry.tokens)).toEqual(Array.from(some).sort((a, b) => a - b));
  expect(restricted.geometry.covariance.data).not.toEqual(left.study.geometry.covariance.data);
  expect(left.geometry).toBe(left.study.geometry);
});
