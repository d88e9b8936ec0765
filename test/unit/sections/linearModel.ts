import { geometryFrom, vocabularyGeometry } from "../../../src/engine/analysis/geometry/geometry";
import { inline } from "../../../src/engine/compute/tasks";
import { multiply, transpose, zeros, type Matrix } from "../../../src/engine/linalg/matrix";
import { choleskySolve, svd } from "../../../src/engine/linalg/decompositions";
import { random } from "../../../src/engine/linalg/random";
import type { LanguageModel, PromptTokens } from "../../../src/engine/models/languageModel";
import { buildPrompts, runPrompts } from "../../../src/engine/prompts/promptSet";
import { readOut } from "../../../src/engine/prompts/readout";
import type { ControlRelation } from "../../../src/engine/sections/controls";
import type { Study } from "../../../src/engine/sections/study";
import type { Relation } from "../../../src/protocol/relation";

/**
 * A model in which everything is linear and known. Every word is a token. The state of a word is the same at all
 * layers but for what is added; f at a position is M times the sum of the states up to it, M any invertible matrix,
 * and g = M^{-T} times known rows. Every subject has an answer in relation A (one of four, axes 0 to 3) and one in
 * relation B (one of three, axes 4 to 6), each with each twice; the words `qa` and `qb` ask for them (axes 13, 14).
 * Axes 7 to 12 are noise.
 */
export const subjects = Array.from({ length: 24 }, (_, i) => `s${i}`);
export const answersA = ["a0", "a1", "a2", "a3"];
export const answersB = ["b0", "b1", "b2"];
export const answerOf = { a: (i: number) => i % 4, b: (i: number) => Math.floor(i / 4) % 3 };

const width = 16;
const layers = 2;
const words = ["<s>", ".", ...subjects, "qa", "qb", ...answersA, ...answersB, ...Array.from({ length: 60 }, (_, i) => `w${i}`)]; // prettier-ignore

/** Size of the code of an answer; so the log-odds of two answers are 2 · code. */
export const code = 3;

const idOf = new Map(words.map((word, id) => [word, id]));

function stateOf(word: string): Float64Array {
  const h = new Float64Array(width);
  const i = subjects.indexOf(word);
  if (i >= 0) {
    const noise = random(i, "state");
    h[answerOf.a(i)] = code;
    h[4 + answerOf.b(i)] = code;
    for (let j = 7; j < 13; j++) h[j] = noise.normal();
  }
  if (word === "qa") h[13] = 4;
  if (word === "qb") h[14] = 4;
  return h;
}

function readOutOf(word: string): Float64Array {
  const g = new Float64Array(width);
  const noise = random(idOf.get(word) ?? 0, "read-out");
  const [a, b] = [answersA.indexOf(word), answersB.indexOf(word)];
  if (a >= 0) {
    g[a] = 1;
    g[13] = 3;
    // The first answer is a little more probable than the others where nothing else decides.
    g[15] = a === 0 ? 0.25 : 0;
  } else if (b >= 0) {
    g[4 + b] = 1;
    g[14] = 3;
    g[15] = b === 0 ? 0.25 : 0;
  } else for (let j = 7; j < 13; j++) g[j] = 0.3 * noise.normal();
  return g;
}

/** M and M^{-T}: condition 25, so that the coordinates of f say nothing. */
function mixing(): { m: Matrix; inverse: Matrix } {
  const draws = random(1, "mixing");
  const gaussian = zeros(width, width);
  for (let k = 0; k < gaussian.data.length; k++) gaussian.data[k] = draws.normal();
  const { u, v } = svd(gaussian);
  const scales = Array.from({ length: width }, (_, j) => 5 ** ((2 * j) / (width - 1) - 1));
  const scaled = { ...u, data: u.data.map((x, k) => x * scales[k % width]!) };
  const m = multiply(scaled, transpose(v));
  const gram = multiply(transpose(m), m);
  return { m, inverse: multiply(m, choleskySolve(gram, identityOf(width))) };
}

function identityOf(n: number): Matrix {
  const out = zeros(n, n);
  for (let i = 0; i < n; i++) out.data[i * (n + 1)] = 1;
  return out;
}

export function linearModel(): LanguageModel {
  const { m, inverse } = mixing();
  const states = words.map((word) => {
    const h = stateOf(word);
    // What every prompt has, so that the first answers' advantage shows.
    if (word === "<s>") h[15] = 2;
    return h;
  });
  const weight = new Float32Array(words.length * width);
  words.forEach((word, id) => {
    const row = multiply({ rows: 1, cols: width, data: readOutOf(word) }, transpose(inverse));
    weight.set(row.data, id * width);
  });
  const forward = ({ ids, finalAt, residualAt, injections = [] }: PromptTokens, read: readonly number[]) => {
    const at = (position: number, layer: number) => {
      const h = Float64Array.from(states[ids[position]!]!);
      for (const injection of injections) {
        if (injection.at === position && injection.layer <= layer) injection.vector.forEach((x, j) => (h[j]! += x));
      }
      return h;
    };
    return {
      final: finalAt.map((end) => {
        const sum = new Float64Array(width);
        for (let p = 0; p <= end; p++) at(p, layers).forEach((x, j) => (sum[j]! += x));
        return Float32Array.from(multiply({ rows: 1, cols: width, data: sum }, transpose(m)).data);
      }),
      residual: read.map((layer) => residualAt.map((position) => Float32Array.from(at(position, layer)))),
    };
  };
  return {
    description: {
      id: "linear",
      file: "",
      hiddenSize: width,
      vocabularySize: words.length,
      layers,
      dtype: "float32",
      head: "",
      hasTokenizer: true,
      checks: [],
      notes: [],
    },
    note: null,
    injectable: [0, 1, 2],
    tokenizer: {
      vocabularySize: words.length,
      specialIds: [0],
      encode: (text) => [0, ...(text.match(/\S+/g) ?? []).map((word) => idOf.get(word) ?? unknown(word))],
      tokenText: (id) => ` ${words[id] ?? ""}`,
      decode: (ids) => ids.map((id) => ` ${words[id] ?? ""}`).join(""),
    },
    unembedding: { weight, bias: null, vocabularySize: words.length, hiddenSize: width, excluded: [0] },
    forward: (prompts, { layers: read }) => {
      const found = prompts.map((prompt) => forward(prompt, read));
      return Promise.resolve({
        final: found.map(({ final }) => final),
        residual: new Map(read.map((layer, l) => [layer, found.map(({ residual }) => residual[l] ?? [])])),
        tokens: prompts.reduce((sum, { ids }) => sum + ids.length, 0),
      });
    },
    logits: (f) => {
      const rows = { rows: f.length / width, cols: width, data: Float64Array.from(f) };
      const g = { rows: words.length, cols: width, data: Float64Array.from(weight) };
      return Promise.resolve(Float32Array.from(multiply(rows, transpose(g)).data));
    },
    close: () => Promise.resolve(),
  };
}

function unknown(word: string): never {
  throw new Error(`“${word}” is no word of this model`);
}

export const relationA: Relation = {
  name: "A",
  templates: ["{} qa", "w1 {} qa"],
  samples: subjects.map((subject, i) => ({ subject, object: answersA[answerOf.a(i)]! })),
};

export const relationB: Relation = {
  name: "B",
  templates: ["{} qb"],
  samples: subjects.map((subject, i) => ({ subject, object: answersB[answerOf.b(i)]! })),
};

/** Relation A with B as its control, all layers read. Warnings are collected. */
export async function linearStudy(
  changes: {
    readonly relation?: Relation;
    readonly controls?: readonly Relation[];
    readonly model?: LanguageModel;
  } = {},
): Promise<{ study: Study; warnings: string[] }> {
  const { relation = relationA, controls = [relationB], model = linearModel() } = changes;
  const size = model.unembedding.vocabularySize;
  const warnings: string[] = [];
  const signal = new AbortController().signal;
  const run = async (one: Relation, read: readonly number[]): Promise<ControlRelation> => {
    const set = buildPrompts(one, model);
    const activations = await runPrompts(
      set.prompts.map(({ tokens }) => tokens),
      model,
      { layers: read, signal, onProgress: () => undefined },
    );
    const logits = await model.logits(activations.f);
    const readouts = set.prompts.map(({ answer }, i) =>
      readOut(logits.subarray(i * size, (i + 1) * size), answer?.first ?? null),
    );
    return { name: one.name, relation: one, set, activations, readouts, logits };
  };
  const own = await run(relation, [0, 1, 2]);
  const geometry = vocabularyGeometry(model.unembedding);
  const rows = own.set.samples * size;
  const study: Study = {
    ...own,
    model,
    geometry: geometryFrom(model.unembedding, { mean: geometry.mean, covariance: geometry.covariance }),
    controls: await Promise.all(controls.map((control) => run(control, []))),
    general: null,
    layers: [0, 1, 2],
    seed: 3,
    signal,
    compute: inline,
    effort: "full",
    logitsOf: (template) => Promise.resolve(own.logits.subarray(template * rows, (template + 1) * rows)),
    warn: (warning) => warnings.push(warning),
    pause: () => Promise.resolve(),
  };
  return { study, warnings };
}
