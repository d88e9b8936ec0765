import { beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { vocabularyGeometry } from "../../../src/engine/analysis/geometry/geometry";
import { linearity } from "../../../src/engine/analysis/linearity/linearity";
import { logitVectors } from "../../../src/engine/analysis/parallelism/logRatios";
import { parallelismMap, type ParallelismMap } from "../../../src/engine/analysis/parallelism/parallelism";
import { probe } from "../../../src/engine/analysis/probes/probes";
import { conceptTask } from "../../../src/engine/analysis/probes/probeTasks";
import { distinctPairs } from "../analysis/probes/labelledRows";
import { randomPairsNull, sampleRandomPairs } from "../../../src/engine/analysis/parallelism/randomPairs";
import { relationalMapFitter } from "../../../src/engine/analysis/linearity/relationalMap";
import { relationalSubspace, subspaceAngles } from "../../../src/engine/analysis/subspaces/subspaces";
import { twinOf, type ModelVectors, type TwinFamily } from "../../../src/engine/analysis/twins/twin";
import { multiplyTransposed, type Matrix } from "../../../src/engine/linalg/matrix";
import { random } from "../../../src/engine/linalg/random";
import type { LanguageModel } from "../../../src/engine/models/languageModel";
import { openModel } from "../../../src/engine/models/openModel";
import { buildPrompts, runPrompts } from "../../../src/engine/prompts/promptSet";
import { singleToken } from "../../../src/engine/prompts/promptTokens";
import { logSumExp } from "../../../src/engine/prompts/readout";
import { readRelationFile } from "../../../src/formats/relationFile";
import { allRows, columns } from "../../../src/engine/sections/activationRows";

const root = join(import.meta.dirname, "../../..");
const seed = 3;

interface Cached extends ModelVectors {
  /** After the prompt, after the subject; words in a neutral context: each [rows, d]. */
  readonly f: readonly [Matrix, Matrix, Matrix];
}

let model: LanguageModel;
let cached: Cached;
let pairs: { fromId: number; toId: number }[];
let samples: number;

beforeAll(async () => {
  model = await openModel(join(root, "models/embedded-small"), { bos: "auto" });
  const { relation } = await readRelationFile(join(root, "samples/superlative.relation.yaml"));
  if (relation === null) throw new Error("the sample cannot be read");
  samples = relation.samples.length;
  const set = buildPrompts(relation, model);
  const options = { layers: [], signal: new AbortController().signal, onProgress: () => undefined };
  const { f, fSubject } = await runPrompts(
    set.prompts.map(({ tokens }) => tokens),
    model,
    options,
  );
  const words = relation.samples.flatMap(({ subject, object }) => [subject, object ?? ""]);
  const { final } = await model.forward(
    words.map((word) => {
      const ids = model.tokenizer.encode(`The word ${word}`);
      return { ids, finalAt: [ids.length - 1], residualAt: [] };
    }),
    options,
  );
  const d = model.description.hiddenSize;
  const wordRows = Float32Array.from(final.flatMap((positions) => Array.from(positions[0] ?? [])));
  cached = {
    f: [allRows(f, d), allRows(fSubject, d), allRows(wordRows, d)],
    g: allRows(model.unembedding.weight, d),
  };
  pairs = relation.samples.flatMap(({ subject, object }) => {
    const fromId = singleToken(model.tokenizer, subject);
    const toId = singleToken(model.tokenizer, object ?? "");
    return fromId === null || toId === null ? [] : [{ fromId, toId }];
  });
});

/** Every figure of the report that is computed from f and g, from one member of an equivalence class. */
function figures({ f: [after, subject, words], g }: Cached) {
  const geometry = vocabularyGeometry({
    weight: g.data,
    bias: null,
    vocabularySize: g.rows,
    hiddenSize: g.cols,
    excluded: model.unembedding.excluded,
  });
  const random200 = sampleRandomPairs(geometry.tokens, { pairs: pairs.length, seed });
  const mapIn = (place: (rows: Matrix) => Matrix) => {
    const of = (ids: readonly number[] | Int32Array) => place(geometry.rows(ids));
    const vectors = { from: of(pairs.map(({ fromId }) => fromId)), to: of(pairs.map(({ toId }) => toId)) };
    return numbersOf(
      parallelismMap(vectors, { seed, randomPairs: randomPairsNull(random200, of(random200.tokens)) }).map,
    );
  };

  const answers = [...new Set(pairs.map(({ toId }) => toId))];
  const logits = (rows: Matrix) => Float32Array.from(multiplyTransposed(rows, g).data);
  const template = (t: number) => {
    const part = (all: Matrix): Matrix => ({
      rows: samples,
      cols: all.cols,
      data: all.data.slice(t * samples * all.cols, (t + 1) * samples * all.cols),
    });
    const [own, input] = [logits(part(after)), logits(part(subject))];
    return {
      inputs: geometry.embed(part(subject)),
      answerLogits: columns(own, g.rows, answers),
      inputAnswerLogits: columns(input, g.rows, answers),
      vocabulary: { size: g.rows, logits: own, inputLogits: input },
    };
  };
  const [first, second] = [template(0), template(1)];
  const fits = linearity([first], { seed, where: "", standardise: false, shuffles: 20 }).fits;
  const subspace = ({ inputs, answerLogits }: typeof first) =>
    relationalSubspace(relationalMapFitter(inputs)(answerLogits).map, 5);
  const task = conceptTask(distinctPairs(samples), seed).task;
  if (task === null) throw new Error("no concept task");
  const angles = subspaceAngles(subspace(first), subspace(second));

  return {
    distributional: mapIn((rows) => logitVectors(rows, after)),
    causal: mapIn((rows) => geometry.unembed(rows)),
    euclidean: mapIn((rows) => rows),
    linearity: fits.flatMap(numbersOf),
    probe: numbersOf(probe(task, geometry.embed(words), { seed, where: "", standardise: false }).figures),
    subspaces: [angles.overlap, angles.grassmann, ...angles.cosines],
  };
}

function numbersOf(figure: object | null): number[] {
  const numbers = (value: unknown): number[] =>
    typeof value === "number" ? [value] : Array.isArray(value) ? value.flatMap(numbers) : [];
  return Object.values(figure ?? {}).flatMap(numbers);
}

function relativeDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  expect(a.length).toBeGreaterThan(5);
  return Math.max(...a.map((x, i) => Math.abs(x - (b[i] ?? NaN)) / Math.max(1e-3, Math.abs(x))));
}

const twin = (family: TwinFamily): Cached => {
  const { f, g } = twinOf(cached, family, { random: random(11, family), condition: 100 });
  return { f: f as unknown as Cached["f"], g };
};

describe("the embedded model and its twins of condition 100", () => {
  it("share every identifiable figure and differ in the Euclidean ones (change of basis)", () => {
    const own = figures(cached);
    const other = figures(twin("changeOfBasis"));
    for (const name of ["distributional", "causal", "linearity", "probe", "subspaces"] as const) {
      expect(relativeDifference(own[name], other[name]), name).toBeLessThan(1e-6);
    }
    expect(relativeDifference(own.euclidean, other.euclidean)).toBeGreaterThan(1e-2);
  });

  it("share what needs the distribution alone, but not the causal map, when the dimension changes", () => {
    const own = figures(cached);
    const other = figures(twin("changeOfDimension"));
    for (const name of ["distributional", "linearity", "probe", "subspaces"] as const) {
      expect(relativeDifference(own[name], other[name]), name).toBeLessThan(1e-6);
    }
    expect(relativeDifference(own.causal, other.causal)).toBeGreaterThan(1e-2);
  });
});

describe("the distributional map of the embedded model", () => {
  it("is the same from f and g as from log-probabilities", async () => {
    const [after] = cached.f;
    const size = model.description.vocabularySize;
    const all = await model.logits(Float32Array.from(after.data));
    const ids = pairs.flatMap(({ fromId, toId }) => [fromId, toId]);
    const logProbability = (id: number) =>
      Array.from({ length: after.rows }, (_, i) => {
        const row = all.subarray(i * size, (i + 1) * size);
        return (row[id] ?? NaN) - logSumExp(row);
      });
    const byId = new Map(ids.map((id) => [id, logProbability(id)]));
    const rows = (list: readonly number[]): Matrix => ({
      rows: list.length,
      cols: after.rows,
      data: Float64Array.from(list.flatMap((id) => byId.get(id) ?? [])),
    });
    const fromProbabilities = parallelismMap(
      { from: rows(pairs.map(({ fromId }) => fromId)), to: rows(pairs.map(({ toId }) => toId)) },
      { seed, randomPairs: null },
    ).map as ParallelismMap;
    const own = figures(cached).distributional;
    const cells = fromProbabilities.matrix.flat();
    expect(cells.length).toBe(pairs.length ** 2);
    expect(Math.max(...cells.map((cell, i) => Math.abs(cell - (own[i] ?? NaN))))).toBeLessThan(1e-4);
  });
});
