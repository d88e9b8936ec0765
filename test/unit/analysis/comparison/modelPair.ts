import { changeOfBasis, twinOf } from "../../../../src/engine/analysis/twins/twin";
import { diverseTokens, pivotLogRatios } from "../../../../src/engine/analysis/comparison/diverseTokens";
import { complexity } from "../../../../src/engine/analysis/comparison/complexity";
import type { EquivalenceInput } from "../../../../src/engine/comparison/linearEquivalence";
import { multiply, transpose, zeros, type Matrix } from "../../../../src/engine/linalg/matrix";
import { random } from "../../../../src/engine/linalg/random";
import { gaussian, geometryOf, logProbabilities } from "../toyModel";

/** Contexts of a model over one vocabulary, as a comparison sees them. */
export interface Side {
  readonly f: Matrix;
  readonly g: Matrix;
  /** Cᵀ f. */
  readonly x: Matrix;
  /** [n, tokens] */
  readonly logP: Matrix;
}

export function side(f: Matrix, g: Matrix): Side {
  return { f, g, x: geometryOf(g).embed(f), logP: transpose(logProbabilities(f, g)) };
}

export interface ToyModelOptions {
  readonly n?: number;
  readonly d?: number;
  readonly tokens?: number;
  /** Contexts of each passage, which share half of their f. */
  readonly perPassage?: number;
}

/** Variances that fall along random axes, as those of real models do, and contexts of a passage that are alike. */
export function toyModel(seed: number, { n = 200, d = 12, tokens = 80, perPassage = 5 }: ToyModelOptions = {}): Side {
  const own = gaussian(n, d, seed);
  const shared = gaussian(Math.ceil(n / perPassage), d, seed + 1);
  const f = zeros(n, d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const value = own.data[i * d + j]! + shared.data[Math.floor(i / perPassage) * d + j]!;
      f.data[i * d + j] = (value + 0.5) * (1 + j) ** -0.5;
    }
  }
  const turn = changeOfBasis(d, 1, random(seed, "turn"));
  return side(turn.embed(f), gaussian(tokens, d, seed + 2));
}

/** f B + noise of the given size relative to f, seen through the same g. */
export function noisy(model: Side, size: number, seed: number): Side {
  const noise = gaussian(model.f.rows, model.f.cols, seed);
  return side({ ...model.f, data: model.f.data.map((x, k) => x + size * noise.data[k]!) }, model.g);
}

export function twin(model: Side, family: "changeOfBasis" | "changeOfDimension", seed: number): Side {
  const { f, g } = twinOf({ f: [model.f], g: model.g }, family, { random: random(seed), condition: 100 });
  return side(f[0]!, g);
}

export function passagesOf(n: number, perPassage = 5): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => Math.floor(i / perPassage));
}

export function columnsOf(a: Matrix, columns: ArrayLike<number>): Matrix {
  const out = zeros(a.rows, columns.length);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < columns.length; j++) out.data[i * columns.length + j] = a.data[i * a.cols + columns[j]!]!;
  }
  return out;
}

export function comparisonOf(left: Side, right: Side, { k = 8, seed = 0, perPassage = 5 } = {}): EquivalenceInput {
  const tokens = diverseTokens(left.logP, right.logP, k);
  return {
    xL: left.x,
    xR: right.x,
    fL: left.f,
    fR: right.f,
    uL: pivotLogRatios(columnsOf(left.logP, tokens)),
    uR: pivotLogRatios(columnsOf(right.logP, tokens)),
    complexities: Promise.resolve([complexity(left.x), complexity(right.x)]),
    passageOf: passagesOf(left.f.rows, perPassage),
    seed,
  };
}

/** A random linear map of the rows, [n, cols]. */
export function mapped(a: Matrix, cols: number, seed: number): Matrix {
  return multiply(a, gaussian(a.cols, cols, seed));
}
