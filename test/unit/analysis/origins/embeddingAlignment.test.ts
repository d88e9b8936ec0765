import { describe, expect, it } from "vitest";
import { alignmentMatrix, ownAlignment, type ConceptDifferences } from "../../../../src/engine/analysis/origins/embeddingAlignment"; // prettier-ignore
import { twinOf } from "../../../../src/engine/analysis/twins/twin";
import { fromRows, toRows, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import reference from "../../../fixtures/references/relations.json";
import { gaussian, geometryOf, largestDifference, relativeDifference, unevenRows } from "../toyModel";

const seed = 2;
const given = reference.alignment;
const concepts = given.embeddings.map((rows, c) => ({
  embeddings: fromRows(rows),
  unembeddings: fromRows(given.unembeddings[c]!),
}));

function causal(vocabulary: Matrix, raw: readonly ConceptDifferences[]): ConceptDifferences[] {
  const geometry = geometryOf(vocabulary);
  return raw.map(({ embeddings, unembeddings }) => ({
    embeddings: geometry.embed(embeddings),
    unembeddings: geometry.unembed(unembeddings),
  }));
}

describe("the alignment of embeddings with unembeddings", () => {
  it("has NumPy's cosines by the definition, causal and Euclidean", () => {
    const found = alignmentMatrix(causal(fromRows(given.vocabulary), concepts))!;
    expect(largestDifference(found.flat(), given.causal.flat())).toBeLessThan(1e-12);
    expect(largestDifference(alignmentMatrix(concepts)!.flat(), given.euclidean.flat())).toBeLessThan(1e-12);
  });

  it("is 1 where the embeddings go along Cov(g)⁻¹ γ, whatever the coordinates", () => {
    const vocabulary = unevenRows(60, 6, 1);
    const geometry = geometryOf(vocabulary);
    const unembeddings = gaussian(9, 6, 3);
    const whitened = geometry.unembed(unembeddings);
    // Cᵀ λ = C⁺ γ is what λ = Cov(g)⁻¹ γ means.
    const found = ownAlignment({ embeddings: whitened, unembeddings: whitened }, { seed })!;
    expect(found.own).toBeCloseTo(1, 12);
    expect(found.interval![0]).toBeCloseTo(1, 12);
  });

  it.each(["changeOfBasis", "changeOfDimension"] as const)("on twins by %s", (family) => {
    const vocabulary = unevenRows(80, 7, 5);
    const parts = concepts.map(({ embeddings }) => embeddings);
    const g = fromRows([...toRows(vocabulary), ...concepts.flatMap(({ unembeddings }) => toRows(unembeddings))]);
    const moved = twinOf({ f: parts, g }, family, { random: random(8, family) });
    const rows = toRows(moved.g);
    const twins = concepts.map(({ unembeddings }, c) => ({
      embeddings: moved.f[c]!,
      unembeddings: fromRows(rows.slice(80 + c * unembeddings.rows, 80 + (c + 1) * unembeddings.rows)),
    }));
    const own = alignmentMatrix(causal(vocabulary, concepts))!.flat();
    const other = alignmentMatrix(causal(fromRows(rows.slice(0, 80)), twins))!.flat();
    const raw = relativeDifference(alignmentMatrix(twins)!.flat(), alignmentMatrix(concepts)!.flat());
    // λ·γ and |Cᵀλ| are the same in every twin, |C⁺γ| over changes of basis.
    if (family === "changeOfBasis") expect(relativeDifference(other, own)).toBeLessThan(1e-9);
    else expect(relativeDifference(other, own)).toBeGreaterThan(1e-3);
    expect(raw).toBeGreaterThan(0.05);
  });

  it("keeps what words alone give under swapped words, and a concept beyond it", () => {
    const words = gaussian(20, 30, 4);
    // Every pair is aligned by itself, and pairs share no direction.
    const wordwise = ownAlignment({ embeddings: words, unembeddings: words }, { seed })!;
    expect(wordwise.own).toBeCloseTo(1, 12);
    expect(wordwise.swappedMean).toBeCloseTo(1, 12);
    expect(wordwise.p).toBe(1);

    const noise = gaussian(20, 30, 5);
    const along = (rows: Matrix) => ({ ...rows, data: rows.data.map((x, k) => x + (k % 30 === 0 ? 4 : 0)) });
    const concept = ownAlignment({ embeddings: along(words), unembeddings: along(noise) }, { seed })!;
    expect(concept.own).toBeGreaterThan(0.9);
    expect(concept.interval![0]).toBeGreaterThan(concept.swappedUpper);
    expect(concept.swappedMean).toBeLessThan(0.5);
    expect(concept.p).toBeLessThan(0.01);

    const unrelated = ownAlignment({ embeddings: words, unembeddings: noise }, { seed })!;
    expect(unrelated.p).toBeGreaterThan(0.05);
  });

  it("gives no figure where a mean difference is zero", () => {
    const zero = { rows: 2, cols: 3, data: Float64Array.from([1, 2, 3, -1, -2, -3]) };
    expect(ownAlignment({ embeddings: zero, unembeddings: gaussian(2, 3, 1) }, { seed })).toBeNull();
    expect(alignmentMatrix([{ embeddings: zero, unembeddings: gaussian(2, 3, 1) }])).toBeNull();
  });
});
