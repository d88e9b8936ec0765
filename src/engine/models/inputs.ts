import type { Tensor } from "onnxruntime-node";
import type { ModelConfig } from "./config";
import { modelProblem } from "./modelProblem";
import { DataType, type ValueInfo } from "./onnxProto";
import type { Runtime } from "./runtime";

/** A fixed size, or the name of one that is only known when the graph runs (empty where it has no name). */
export type DeclaredDimension = number | string;

export interface DeclaredInput {
  readonly name: string;
  readonly elementType: number;
  /** `undefined` where even the rank is not declared. */
  readonly dims: readonly DeclaredDimension[] | undefined;
}

/** Sizes of one run: prompts of equal length. */
interface Run {
  readonly batch: number;
  readonly length: number;
  readonly ids: readonly (readonly number[])[];
}

interface Feed {
  readonly dims: readonly number[];
  /** Number at each place of the tensor, row-major. */
  readonly at: (index: number) => number;
}

/** Makes what the graph asks for beside the token ids. */
export interface InputPlan {
  /** Largest batch that the declared shapes allow. */
  readonly maximumBatch: number;
  /** @throws RangeError where a fixed shape does not fit; checked before the graph runs. */
  feeds(runtime: Runtime, ids: readonly (readonly number[])[]): Record<string, Tensor>;
}

export function declared(info: ValueInfo): DeclaredInput {
  const tensor = info.type?.tensorType;
  return {
    name: info.name,
    elementType: tensor?.elemType ?? 0,
    dims: tensor?.shape?.dim.map((d) => (d.dimParam === "" && d.dimValue > 0n ? Number(d.dimValue) : d.dimParam)),
  };
}

/** @throws ProblemError where an input cannot be made from a text. */
export function planInputs(
  path: string,
  inputs: readonly DeclaredInput[],
  tokens: string,
  config: Pick<ModelConfig, "keyValueHeads" | "headSize">,
): InputPlan {
  const makers = inputs.map((input) => ({ input, make: maker(path, input, input.name === tokens, config) }));
  const [batch] = inputs.find((i) => i.name === tokens)?.dims ?? [];
  return {
    maximumBatch: typeof batch === "number" ? batch : Infinity,
    feeds: (runtime, ids) => {
      const run: Run = { batch: ids.length, length: ids[0]?.length ?? 0, ids };
      return Object.fromEntries(
        makers.map(({ input, make }) => {
          const feed = make(run);
          checkShape(path, input, feed.dims);
          return [input.name, tensor(runtime, input.elementType, feed)];
        }),
      );
    },
  };
}

const otherModality =
  /pixel|image|vision|audio|input_features|speech|encoder_(hidden|attention|outputs)|inputs_embeds/i;

function maker(
  path: string,
  input: DeclaredInput,
  isTokens: boolean,
  config: Pick<ModelConfig, "keyValueHeads" | "headSize">,
): (run: Run) => Feed {
  const { name, dims } = input;
  const rank = dims?.length;
  const filled = (value: number) => (run: Run) => ({
    dims: rank === 1 ? [run.length] : rank === 0 ? [] : [run.batch, run.length],
    at: () => value,
  });
  const scalar = (value: (run: Run) => number) => (run: Run) => ({ dims: rank === 1 ? [1] : [], at: () => value(run) });
  if (isTokens)
    return ({ batch, length, ids }) => ({
      dims: [batch, length],
      at: (i) => ids[Math.floor(i / length)]?.[i % length] ?? 0,
    });
  if (otherModality.test(name)) throw needsMore(path, name);
  if (/use_cache_branch/.test(name)) return scalar(() => 0);
  if (/logits_to_keep/.test(name)) return scalar(() => 0);
  if (/total_seq/.test(name)) return scalar((run) => run.length);
  if (/seqlens_k/.test(name))
    return (run) => ({ dims: rank === 2 ? [run.batch, 1] : [run.batch], at: () => run.length - 1 });
  if (/past_(key_values_)?(seq|len)/.test(name) && (rank ?? 0) < 2) return scalar(() => 0);
  if (/mask/.test(name) && (rank === undefined || rank === 2)) return filled(1);
  if (/cache_position/.test(name)) return (run) => ({ dims: [run.length], at: (i) => i });
  if (/position/.test(name)) {
    return ({ batch, length }) => ({
      dims: rank === 3 ? [3, batch, length] : rank === 1 ? [length] : [batch, length],
      at: (i) => i % length,
    });
  }
  if (/token_type|segment/.test(name)) return filled(0);
  if (/past|cache|conv|state/.test(name) && dims !== undefined && dims.length >= 2) {
    return (run) => ({ dims: emptyCache(path, name, dims, run.batch, config), at: () => 0 });
  }
  throw needsMore(path, name);
}

function needsMore(path: string, name: string) {
  return modelProblem(
    "model-inputs",
    path,
    `The graph asks for an input "${name}", which cannot be made from a text.`,
    "Choose a model of text alone whose graph takes token ids (`input_ids`).",
  );
}

/** [batch, heads, 0, head size], or [2, batch, heads, 0, head size] for stacked keys and values; states of a fixed size are zero. */
function emptyCache(
  path: string,
  name: string,
  dims: readonly DeclaredDimension[],
  batch: number,
  config: Pick<ModelConfig, "keyValueHeads" | "headSize">,
): number[] {
  const batchAt = dims.length === 5 ? 1 : 0;
  const known = (size: number | undefined) => {
    if (size === undefined) throw needsMore(path, name);
    return size;
  };
  return dims.map((dim, i) => {
    if (i === batchAt) return batch;
    if (typeof dim === "number") return dim;
    if (dims.length < 4) return 0;
    const place = i - batchAt;
    if (place === 1) return known(config.keyValueHeads);
    return place === 2 ? 0 : known(config.headSize);
  });
}

function checkShape(path: string, input: DeclaredInput, dims: readonly number[]): void {
  const want = input.dims;
  const fits =
    want === undefined ||
    (want.length === dims.length && want.every((size, i) => typeof size === "string" || size === dims[i]));
  if (fits) return;
  const show = (sizes: readonly DeclaredDimension[]) => `[${sizes.map((s) => (s === "" ? "?" : s)).join(", ")}]`;
  throw modelProblem(
    "model-input-shape",
    path,
    `The input "${input.name}" is declared as ${show(want)}, which prompts of any length do not fit (${show(dims)}).`,
    "Export the model with dynamic batch and sequence axes.",
  );
}

function tensor(runtime: Runtime, elementType: number, { dims, at }: Feed): Tensor {
  const size = dims.reduce((a, b) => a * b, 1);
  const fill = { length: size };
  switch (elementType) {
    case DataType.int64:
      return new runtime.Tensor(
        "int64",
        BigInt64Array.from(fill, (_, i) => BigInt(at(i))),
        dims,
      );
    case DataType.int32:
      return new runtime.Tensor(
        "int32",
        Int32Array.from(fill, (_, i) => at(i)),
        dims,
      );
    case DataType.bool:
      return new runtime.Tensor(
        "bool",
        Uint8Array.from(fill, (_, i) => at(i)),
        dims,
      );
    case DataType.float16:
      // Zeros and ones are all that is fed as binary16.
      return new runtime.Tensor(
        "float16",
        Uint16Array.from(fill, (_, i) => (at(i) === 0 ? 0 : 0x3c00)),
        dims,
      );
    case DataType.float:
      return new runtime.Tensor(
        "float32",
        Float32Array.from(fill, (_, i) => at(i)),
        dims,
      );
    default:
      throw new RangeError(`inputs of element type ${elementType} are not supported`);
  }
}
