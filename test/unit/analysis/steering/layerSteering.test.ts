import { describe, expect, it } from "vitest";
import { layerMethods, layerVectors, type LayerMethod, type LayerPair, type LayerStates } from "../../../../src/engine/analysis/steering/layerSteering"; // prettier-ignore
import { klDivergence, topToken } from "../../../../src/engine/analysis/steering/logitComparison";
import { rowSpace } from "../../../../src/engine/analysis/geometry/rowSpace";
import { choleskySolve, svd } from "../../../../src/engine/linalg/decompositions";
import { dot, fromRows, multiply, multiplyTransposed, row, selectRows, zeros, type Matrix } from "../../../../src/engine/linalg/matrix"; // prettier-ignore
import { logProbabilities, gaussian, largestDifference } from "../toyModel";
import { plus } from "../relationModel";

const [n, d, classes] = [60, 12, 4];
const folds = Int32Array.from({ length: n }, (_, i) => i % 5);
const pairs: LayerPair[] = [0, 1, 2, 3, 4, 5].map((subject) => ({ subject, target: subject + 25, fold: subject % 5 }));

/** Class means along the first axes, noise elsewhere; logits read the class axes. */
function planted(noise = 0.05): LayerStates {
  const of = Array.from({ length: n }, (_, i) => i % classes);
  const states = gaussian(n, d, 1);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < classes; j++) states.data[i * d + j] = (of[i] === j ? 2 : 0) + noise * states.data[i * d + j]!;
  }
  const readOut = zeros(d, classes);
  for (let j = 0; j < classes; j++) readOut.data[j * classes + j] = 3;
  return { states, answerLogits: multiply(states, readOut), classes: of, rank: classes - 1 };
}

const options = (methods: readonly LayerMethod[]) => ({ seed: 1, stream: "test", methods });
const vectors = (layer: LayerStates, methods: readonly LayerMethod[] = layerMethods) =>
  layerVectors(layer, folds, pairs, options(methods));

/** ‖Σ^-½ v‖ with Σ the covariance that the pair's fold is fitted with. */
function standardisedLength(layer: LayerStates, pair: LayerPair, v: Float64Array): number {
  const train = Array.from({ length: n }, (_, i) => i).filter((i) => folds[i] !== pair.fold);
  const space = rowSpace(selectRows(layer.states, train), { standardise: true });
  const moved = space.project(plus(fromRows([v]), fromRows([new Float64Array(d)])));
  return Math.hypot(...plus(moved, space.project(zeros(1, d)), -1).data);
}

/** From centred rows, as Ledoit and Wolf (2004) write it, with ‖·‖² the squared Frobenius norm over d. */
function ledoitWolfByDefinition(rows: readonly Float64Array[]): Matrix {
  const d = rows[0]!.length;
  const product = (x: Float64Array) => Float64Array.from({ length: d * d }, (_, k) => x[Math.floor(k / d)]! * x[k % d]!); // prettier-ignore
  const sample = new Float64Array(d * d);
  for (const x of rows) product(x).forEach((y, k) => (sample[k]! += y / rows.length));
  let mu = 0;
  for (let j = 0; j < d; j++) mu += sample[j * (d + 1)]! / d;
  const target = sample.map((_, k) => (k % (d + 1) === 0 ? mu : 0));
  const square = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, k) => sum + (x - b[k]!) ** 2, 0) / d;
  const error = rows.reduce((sum, x) => sum + square(product(x), sample), 0) / rows.length ** 2;
  const rho = Math.min(1, error / square(sample, target));
  return { rows: d, cols: d, data: sample.map((x, k) => (1 - rho) * x + rho * target[k]!) };
}

describe("layerVectors", () => {
  it("gives every pair a vector by every method", () => {
    const found = vectors(planted());
    expect(found.map(({ method }) => method)).toEqual(layerMethods);
    for (const { pairs: own, vectors: v, random } of found) {
      expect([...own].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
      expect([v.rows, v.cols, random.rows, random.cols]).toEqual([6, d, 6, d]);
    }
  });

  it.each(layerMethods)("moves the read-outs from the subject's class to the target's: %s", (method) => {
    const layer = planted();
    const [found] = vectors(layer, [method]);
    found!.pairs.forEach((p, i) => {
      const { subject, target } = pairs[p]!;
      const v = row(found!.vectors, i);
      const [a, b] = [layer.classes[subject]!, layer.classes[target]!];
      expect(a).not.toBe(b);
      expect(Math.abs(v[b]! - 2)).toBeLessThan(0.2);
      expect(Math.abs(v[a]! + 2)).toBeLessThan(0.2);
      for (let j = 0; j < classes; j++) if (j !== a && j !== b) expect(Math.abs(v[j]!)).toBeLessThan(0.2);
    });
  });

  it("is the difference of the two classes' means, the target's own state in its class", () => {
    const layer = planted(0.5);
    const [found] = vectors(layer, ["differenceOfMeans"]);
    found!.pairs.forEach((p, i) => {
      const { subject, target, fold } = pairs[p]!;
      const train = Array.from({ length: n }, (_, k) => k).filter((k) => folds[k] !== fold);
      const meanOf = (members: number[]) => members.reduce((sum, k) => sum.map((x, j) => x + row(layer.states, k)[j]! / members.length), new Float64Array(d)); // prettier-ignore
      const b = meanOf([...train.filter((k) => layer.classes[k] === layer.classes[target]), target]);
      const a = meanOf(train.filter((k) => layer.classes[k] === layer.classes[subject]));
      const expected = b.map((x, j) => x - a[j]!);
      expect(largestDifference(row(found!.vectors, i), expected)).toBeLessThan(1e-9);
    });
  });

  it("takes the mean of all others where no other subject has the answer, and then has no probe", () => {
    const layer = { ...planted(), classes: Array.from({ length: n }, (_, i) => i) };
    const found = vectors(layer);
    expect(found.map(({ method }) => method)).toEqual(["differenceOfMeans", "pseudoInverse"]);
    found[0]!.pairs.forEach((p, i) => {
      const { target, fold } = pairs[p]!;
      const train = Array.from({ length: n }, (_, k) => k).filter((k) => folds[k] !== fold);
      const mean = train.reduce((sum, k) => sum.map((x, j) => x + row(layer.states, k)[j]! / train.length), new Float64Array(d)); // prettier-ignore
      const expected = row(layer.states, target).map((x, j) => x - mean[j]!);
      expect(largestDifference(row(found[0]!.vectors, i), expected)).toBeLessThan(1e-9);
    });
  });

  it("inverts the map: through W, the pseudo-inverse's vector makes the change of the logits", () => {
    const layer = planted(0.3);
    const [found] = vectors(layer, ["pseudoInverse"]);
    found!.pairs.forEach((p, i) => {
      const { subject, target } = pairs[p]!;
      for (let y = 0; y < classes; y++) {
        for (let z = 0; z < y; z++) {
          const change = 3 * (row(found!.vectors, i)[y]! - row(found!.vectors, i)[z]!);
          const logits = (k: number) => row(layer.answerLogits, k)[y]! - row(layer.answerLogits, k)[z]!;
          expect(Math.abs(change - (logits(target) - logits(subject)))).toBeLessThan(0.05);
        }
      }
    });
    // Cut to one direction, it cannot.
    const [one] = vectors({ ...layer, rank: 1 }, ["pseudoInverse"]);
    // Pairs 0 and 5 are of the same fold, and so of the same map.
    const { s } = svd(selectRows(one!.vectors, [one!.pairs.indexOf(0), one!.pairs.indexOf(5)]));
    expect(s[1]! / s[0]!).toBeLessThan(1e-9);
    expect(vectors({ ...layer, rank: null }, ["pseudoInverse"])).toEqual([]);
  });

  it("knows nothing of the held-out subjects but the target's prompt", () => {
    const layer = planted(0.3);
    const other = { ...layer, states: { ...layer.states, data: layer.states.data.slice() } };
    const changed = pairs[0]!.subject;
    row(other.states, changed).fill(50);
    const of = (from: LayerStates) => vectors(from).map(({ pairs: own, vectors: v }) => row(v, own.indexOf(0)));
    of(other).forEach((v, m) => expect(largestDifference(v, of(layer)[m]!)).toBeLessThan(1e-9));
    // A subject of another fold is fitted on.
    const fitted = { ...layer, states: { ...layer.states, data: layer.states.data.slice() } };
    row(fitted.states, 57).fill(50);
    expect(largestDifference(of(fitted)[0]!, of(layer)[0]!)).toBeGreaterThan(1e-3);
  });

  it("compares with random vectors as long, in directions that the training states span where the vector is one of them", () => {
    const layer = planted(0.3);
    const flat: Matrix = multiply(
      layer.states,
      multiplyTransposed(svd(gaussian(d, 5, 3)).u, svd(gaussian(20, 5, 4)).u),
    );
    for (const own of [layer, { ...layer, states: flat }]) {
      if (own === layer) {
        for (const { pairs: p, vectors: v, random } of vectors(own)) {
          p.forEach((place, i) => {
            const [length, other] = [row(v, i), row(random, i)].map((x) => standardisedLength(own, pairs[place]!, x));
            expect(other! / length!).toBeCloseTo(1, 9);
            const cosine = dot(row(v, i), row(random, i)) / Math.sqrt(dot(row(v, i), row(v, i)) * dot(row(random, i), row(random, i))); // prettier-ignore
            expect(Math.abs(cosine)).toBeLessThan(0.99);
          });
        }
      } else {
        for (const { random } of vectors(own, ["probeNormal", "pseudoInverse"]))
          expect(svd(random).s.filter((s) => s > 1e-9).length).toBeLessThanOrEqual(5);
      }
    }
  });

  it("keeps what a target's state has beyond the span of the training states, and random vectors are as long", () => {
    // One subject an answer and more coordinates than subjects, on scales of their own.
    const [few, wide] = [15, 40];
    const states = gaussian(few, wide, 5);
    for (let k = 0; k < states.data.length; k++) states.data[k]! *= 3 ** (-(k % wide) / 8);
    const subjects = Array.from({ length: few }, (_, i) => i);
    const layer = { states, answerLogits: gaussian(few, few, 6), classes: subjects, rank: 3 };
    const some = [0, 1, 2].map((subject) => ({ subject, target: subject + 5, fold: subject }));
    const [found] = layerVectors(
      layer,
      Int32Array.from(subjects, (i) => i % 5),
      some,
      options(["differenceOfMeans"]),
    );
    found!.pairs.forEach((p, i) => {
      const { target, fold } = some[p]!;
      const train = subjects.filter((k) => k % 5 !== fold);
      const mean = Float64Array.from({ length: wide }, (_, j) => train.reduce((sum, k) => sum + row(states, k)[j]! / train.length, 0)); // prettier-ignore
      const expected = row(states, target).map((x, j) => x - mean[j]!);
      expect(largestDifference(row(found!.vectors, i), expected)).toBeLessThan(1e-12);

      const covariance = ledoitWolfByDefinition(train.map((k) => row(states, k).map((x, j) => x - mean[j]!)));
      const length = (v: Float64Array) => Math.sqrt(dot(v, choleskySolve(covariance, { rows: wide, cols: 1, data: v }).data)); // prettier-ignore
      expect(length(row(found!.random, i)) / length(expected)).toBeCloseTo(1, 9);
      const cosine = dot(row(found!.random, i), expected) / Math.hypot(...row(found!.random, i)) / Math.hypot(...expected); // prettier-ignore
      expect(Math.abs(cosine)).toBeLessThan(0.8);
      // In random directions of the whole space, not of the span alone.
      expect(svd(fromRows([...train.map((k) => row(states, k).map((x, j) => x - mean[j]!)), row(found!.random, i)])).s.at(-2)).toBeGreaterThan(1e-3); // prettier-ignore
    });
  });

  it("compares with vectors as long in plain coordinates where two training states show no spread off their line", () => {
    const states = gaussian(4, 6, 7);
    const layer = { states, answerLogits: gaussian(4, 4, 8), classes: [0, 1, 2, 3], rank: null };
    const [found] = layerVectors(layer, [0, 0, 1, 1], [{ subject: 0, target: 1, fold: 0 }], options(["differenceOfMeans"])); // prettier-ignore
    const expected = row(states, 1).map((x, j) => x - (row(states, 2)[j]! + row(states, 3)[j]!) / 2);
    expect(largestDifference(row(found!.vectors, 0), expected)).toBeLessThan(1e-12);
    expect(Math.hypot(...row(found!.random, 0))).toBeCloseTo(Math.hypot(...expected), 9);
    // Nobody is left to stand for the other answers.
    expect(layerVectors({ ...layer, classes: [0, 1, 1, 1] }, [0, 0, 1, 1], [{ subject: 0, target: 1, fold: 0 }], options(["differenceOfMeans"]))).toEqual([]); // prettier-ignore
  });

  it("has none where states do not differ", () => {
    const layer = planted();
    expect(vectors({ ...layer, states: { ...layer.states, data: layer.states.data.map((_, k) => k % d) } })).toEqual(
      [],
    );
  });
});

describe("comparing logits", () => {
  it("agrees with the definition of KL, whatever is added to all logits", () => {
    const [p, q] = [gaussian(1, 40, 1).data, gaussian(1, 40, 2).data];
    const logP = (x: Float64Array) => logProbabilities({ rows: 1, cols: 1, data: Float64Array.of(1) }, { rows: 40, cols: 1, data: x }).data; // prettier-ignore
    const expected = logP(p).reduce((sum, x, y) => sum + Math.exp(x) * (x - logP(q)[y]!), 0);
    expect(klDivergence(p, q)).toBeCloseTo(expected, 12);
    expect(
      klDivergence(
        p,
        q.map((x) => x + 900),
      ),
    ).toBeCloseTo(expected, 10);
    expect(klDivergence(p, p)).toBe(0);
    expect(klDivergence(Float32Array.from(p), Float32Array.from(p))).toBe(0);
    expect(klDivergence(Float64Array.of(0, -2000), Float64Array.of(0, 0))).toBeCloseTo(Math.log(2), 12);
  });

  it("takes the first of equal logits", () => {
    expect(topToken(Float32Array.of(1, 3, 3, 2))).toBe(1);
    expect(topToken(Float32Array.of(7))).toBe(0);
  });
});
