import { describe, expect, it } from "vitest";
import { buildRelationsData, probeWords } from "../../../src/engine/relations/buildRelationsData";
import { drawRelations, neutralContext } from "../../../src/engine/relations/drawRelations";
import { distinctNames, type NamedRelation } from "../../../src/engine/relations/readRelations";
import { relationFigures, relationSubspaceFigures } from "../../../src/engine/relations/relationFigures";
import { runRelations } from "../../../src/engine/relations/runRelations";
import { geometryFrom, vocabularyGeometry } from "../../../src/engine/analysis/geometry/geometry";
import type { Relation } from "../../../src/protocol/relation";
import { runWords } from "../../../src/engine/sections/wordForms";
import { linearModel, relationA, relationB } from "../sections/linearModel";

const signal = new AbortController().signal;
const hooks = { signal, onProgress: () => undefined };

async function planted(relations: readonly Relation[], bias = false) {
  const bare = linearModel();
  const { vocabularySize } = bare.unembedding;
  const biases = Float32Array.from({ length: vocabularySize }, (_, id) => Math.sin(id));
  const model = {
    ...bare,
    unembedding: { ...bare.unembedding, bias: bias ? biases : null },
    // Its neutral context is the word alone.
    tokenizer: { ...bare.tokenizer, encode: (text: string) => bare.tokenizer.encode(text.replace(/^The word /, "")) },
  };
  const own = vocabularyGeometry(model.unembedding);
  const geometry = geometryFrom(model.unembedding, { mean: own.mean, covariance: own.covariance });
  const named = relations.map((relation, i): NamedRelation => ({ name: `${i}`, path: `${i}`, file: `${i}`, relation, samples: { file: "", positions: [] } })); // prettier-ignore
  const warnings: string[] = [];
  const { runs } = await runRelations(named, model, hooks);
  const drawn = drawRelations(runs, model, 1, (code) => warnings.push(code));
  const probed = probeWords(drawn);
  const { f } = await runWords({ model, layers: [], signal }, probed.words.map(neutralContext));
  return { data: buildRelationsData(runs, drawn, probed, f, geometry, 1), drawn, runs, warnings };
}

describe("relations of a planted model", () => {
  it("that read other axes of the subject overlap no more than permuted answers", async () => {
    const { data } = await planted([relationA, relationB, relationA]);
    const { ranks, r2Logit, overlap, upper } = relationSubspaceFigures(data);
    expect(ranks).toEqual([3, 2, 3]);
    for (const r2 of r2Logit) expect(r2).toBeGreaterThan(0.99);
    expect(overlap[0]![2]).toBeCloseTo(1, 6);
    expect(overlap[0]![1]!).toBeLessThan(upper![0]![1]!);
    expect(overlap[0]![2]!).toBeGreaterThan(upper![0]![2]!);
  });

  it.each([false, true])("have the same maps in twins, where they are invariant (bias: %s)", async (bias) => {
    const { data } = await planted([relationA, relationB], bias);
    const own = relationFigures(data, { family: null, number: 0 });
    const dimension = relationFigures(data, { family: "changeOfDimension", number: 1 });
    const basis = relationFigures(data, { family: "changeOfBasis", number: 1 });
    for (const twin of [basis, dimension]) {
      expect(twin.subspaces.overlap[0]![1]).toBeCloseTo(own.subspaces.overlap[0]![1]!, 9);
      expect(twin.transfer.accuracy).toEqual(own.transfer.accuracy);
      const [found, expected] = [twin, own].map(({ directions }) => directions.parallelism.distributional!.matrix);
      expect(found![0]![0]).toBeCloseTo(expected![0]![0]!, 9);
    }
    const causal = [own, basis, dimension].map(({ directions }) => directions.parallelism.causal!.matrix[0]![0]!);
    // The smallest variances of this model's g are 1e-6 of the largest, and a twin raises that to 1e-10.
    expect(causal[1]).toBeCloseTo(causal[0]!, 7);
    expect(Math.abs(causal[2]! - causal[0]!)).toBeGreaterThan(1e-4);
    const euclidean = [own, basis].map(({ directions }) => directions.parallelism.euclidean!.matrix[0]![0]!);
    expect(Math.abs(euclidean[1]! - euclidean[0]!)).toBeGreaterThan(1e-3);
  });

  it("say how often the model gives the object", async () => {
    const wrong = { ...relationB, samples: relationB.samples.map(({ subject }, i) => ({ subject, object: i < 6 ? "w1" : "b0" })) }; // prettier-ignore
    const bare = { ...relationA, samples: relationA.samples.map(({ subject }) => ({ subject })) };
    const { runs } = await planted([relationA, wrong, bare]);
    expect(runs[0]!.correct).toBe(1);
    expect(runs[1]!.correct).toBeLessThan(0.5);
    expect(runs[2]!.correct).toBeNull();
    expect(runs[2]!.answers).toEqual(runs[0]!.answers);
  });
});

describe("drawing at equal n", () => {
  it("takes as many of each as the smallest has, the same of the same file, and warns about a small one", async () => {
    const few = { ...relationB, samples: relationB.samples.slice(0, 8) };
    const { drawn, warnings } = await planted([relationA, few, relationA]);
    expect(drawn.map(({ subjects, pairs }) => [subjects?.length, pairs?.length])).toEqual([[8, 8], [8, 8], [8, 8]]); // prettier-ignore
    expect(drawn[0]).toEqual(drawn[2]);
    expect(drawn[0]!.available.pairs).toBe(24);
    expect(new Set(warnings)).toEqual(new Set(["relations-small-n"]));
  });

  it("groups words over the pairs of all relations", async () => {
    const { drawn } = await planted([relationA, relationB]);
    const { words, concepts, groups } = probeWords(drawn);
    expect(words).toHaveLength(24 + 4 + 3);
    expect(neutralContext("x")).toBe("The word x");
    // Every subject hangs together with its answers in both relations.
    expect(groups).toBe(1);
    expect(concepts[0]!.rows).toHaveLength(24 + 4);
    expect(concepts[1]!.forms.filter((form) => form === 1)).toHaveLength(3);
  });
});

describe("names", () => {
  it("are told apart by file, folder or path", () => {
    const names = ["a", "a", "b", "a"];
    expect(
      distinctNames(names, ["/x/one.relation.yaml", "/x/two.relation.json", "/x/one.yaml", "/y/one.yaml"]),
    ).toEqual(["a (x/one.relation.yaml)", "a (two)", "b", "a (y/one.yaml)"]);
    expect(distinctNames(["a", "a"], ["/1/x/r.yaml", "/2/x/r.yaml"])).toEqual(["a (/1/x/r.yaml)", "a (/2/x/r.yaml)"]);
  });
});
