import { geometryFrom, type VocabularyStatistics } from "../analysis/geometry/geometry";
import { twinOf, type TwinFamily } from "../analysis/twins/twin";
import type { Compute } from "../compute/tasks";
import { multiplyTransposed, row, zeros, type Matrix } from "../linalg/matrix";
import { random } from "../linalg/random";
import type { Floats, LanguageModel } from "../models/languageModel";
import type { PromptActivations, PromptSet } from "../prompts/promptSet";
import type { Study } from "../sections/study";
import { contextRows } from "./contextRows";
import { LazyReadout } from "./lazyReadout";
import type { TwinStudyData } from "./twinStudyData";
import { unrecorded } from "./unrecorded";

/** One model of the equivalence class: a twin, or (`family` null) the model itself in float64. */
export interface TwinMember {
  readonly family: TwinFamily | null;
  /** Tells the twins of a family apart. */
  readonly number: number;
  /** Condition number of T. */
  readonly condition: number;
}

/**
 * The study of a twin, for `effort: "figures"`: f and g in float64, all else derived from them. It answers what was
 * recorded of the model itself and throws for anything else.
 */
export function twinStudy(data: TwinStudyData, member: TwinMember, compute: Compute): Study {
  const { f, g, statistics } = memberVectors(data, member);
  const model = twinModel(data, f, g);
  const geometry = geometryFrom(model.unembedding, statistics);
  const rowOf = contextRows(data);
  const activationsOf = ({ prompts }: PromptSet): PromptActivations => ({
    f: gather(
      f,
      prompts.map(({ tokens: { ids } }) => rowOf(ids, ids.length)),
    ),
    fSubject: gather(
      f,
      prompts.map(({ tokens: { ids, subjectEnd } }) => rowOf(ids, subjectEnd + 1)),
    ),
    residual: new Map(),
    tokens: 0,
  });
  // Many sections need neither logits nor readouts, and these cost more than all else here.
  const readoutsOf = ({ prompts }: PromptSet, logits: () => Floats) =>
    prompts.map(
      ({ answer }, i) => new LazyReadout(answer?.first ?? null, () => logits().subarray(i * g.rows, (i + 1) * g.rows)),
    );

  const activations = activationsOf(data.set);
  const logits = once(() => logitsOf(activations.f, g));
  return {
    relation: data.relation,
    model,
    geometry,
    set: data.set,
    activations,
    readouts: readoutsOf(data.set, logits),
    controls: data.controls.map((control) => {
      const own = activationsOf(control.set);
      const controlLogits = once(() => logitsOf(own.f, g));
      return {
        ...control,
        activations: own,
        readouts: readoutsOf(control.set, controlLogits),
        get logits() {
          return controlLogits();
        },
      };
    }),
    general: data.general,
    layers: [],
    seed: data.seed,
    // A worker that is no longer wanted is ended from outside.
    signal: new AbortController().signal,
    compute,
    effort: "figures",
    logitsOf: (template) => {
      const width = data.set.samples * g.rows;
      return Promise.resolve(logits().subarray(template * width, (template + 1) * width));
    },
    warn: () => undefined,
    pause: () => Promise.resolve(),
  };
}

/** The same value, computed when it is first asked for. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => (known ??= { value: compute() }).value;
}

function memberVectors(
  data: TwinStudyData,
  { family, number, condition }: TwinMember,
): { f: Matrix; g: Matrix; statistics: VocabularyStatistics } {
  const matrix = (values: Floats): Matrix => ({
    rows: values.length / data.dimension,
    cols: data.dimension,
    data: doubles(values),
  });
  const own = { f: matrix(data.f), g: matrix(data.g), statistics: data.statistics };
  if (family === null) return own;
  const excluded = new Set(data.excluded);
  const rows = Array.from({ length: own.g.rows }, (_, id) => id).filter((id) => !excluded.has(id));
  const twin = twinOf({ f: [own.f], g: own.g, statistics: { ...data.statistics, count: data.count, rows } }, family, {
    random: random(data.seed, `twin ${family} ${number}`),
    condition,
  });
  return { f: twin.f[0] ?? own.f, g: twin.g, statistics: twin.statistics ?? own.statistics };
}

const known = new WeakMap<Floats, Float64Array>();

/** In float64: once for all twins of a study, which change none of it. */
function doubles(values: Floats): Float64Array {
  const found = known.get(values) ?? new Float64Array(values);
  known.set(values, found);
  return found;
}

/** The recorded model as the twin has it. */
function twinModel(data: TwinStudyData, f: Matrix, g: Matrix): LanguageModel {
  const rowOf = contextRows(data);
  return {
    description: { ...data.description, hiddenSize: g.cols, vocabularySize: g.rows, layers: 0 },
    note: null,
    injectable: [],
    unembedding: {
      weight: g.data,
      bias: null,
      vocabularySize: g.rows,
      hiddenSize: g.cols,
      excluded: data.excluded,
    },
    tokenizer: {
      vocabularySize: g.rows,
      specialIds: [],
      encode: (text) => data.texts.get(text) ?? unrecorded(`the text “${text}”`),
      tokenText: (id) => data.tokenTexts.get(id) ?? "",
      decode: () => unrecorded("a text made of tokens"),
    },
    forward: (prompts, { layers }) =>
      Promise.resolve().then(() => {
        if (layers.length > 0) unrecorded("a hidden layer");
        return {
          final: prompts.map(({ ids, finalAt, injections }) => {
            if (injections !== undefined && injections.length > 0) unrecorded("an intervention");
            return finalAt.map((position) => row(f, rowOf(ids, position + 1)).slice());
          }),
          residual: new Map(),
          tokens: 0,
        };
      }),
    logits: (rows) => Promise.resolve().then(() => logitsOf(rows, g)),
    close: () => Promise.resolve(),
  };
}

function gather(rows: Matrix, places: readonly number[]): Float64Array {
  const out = new Float64Array(places.length * rows.cols);
  for (const [i, place] of places.entries()) {
    out.set(rows.data.subarray(place * rows.cols, (place + 1) * rows.cols), i * rows.cols);
  }
  return out;
}

/** f gᵀ, [rows, tokens]. @throws RangeError for float32, whose rounding would pass for a dependence on the basis */
function logitsOf(f: Floats, g: Matrix): Float64Array {
  if (f.length === 0) return zeros(0, g.rows).data;
  if (f instanceof Float32Array) throw new RangeError("f of a twin was rounded to float32");
  return multiplyTransposed({ rows: f.length / g.cols, cols: g.cols, data: f }, g).data;
}
