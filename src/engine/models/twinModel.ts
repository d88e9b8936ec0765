import { relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ProblemError } from "../../protocol/problem";
import { findAnatomy } from "./anatomy";
import { Constants } from "./constants";
import { findModel, type ModelLocation } from "./findModel";
import { Graph } from "./graph";
import { findHead, type Head } from "./head";
import { inlineNoCacheBranch } from "./mergedDecoder";
import { readModelFile, type ModelFile } from "./modelFile";
import { modelProblem, notUnderstood, throwIfCancelled } from "./modelProblem";
import { writeModelFile, type TensorSource, type WriteModelOptions } from "./twinModelData";
import { dropUnneeded, putTwinHead } from "./twinModelGraph";
import { projectionSizes, projectionWeight, type ProjectionWeight } from "./unembedding";

/** Row-major, float64. */
export interface Rows {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

/** Other coordinates of the same distribution: f~ = f M, and g~ with f~·g~ = f·g for every token. */
export interface TwinBasis {
  /** M [d, d~] */
  readonly map: Rows;
  /** Rows of g~ [n, d~] of the next rows of g [n, d]; each token is asked for once, in order. */
  next(g: Rows): Rows;
}

/** A model that a twin can be made of, read but not opened; its weights are on disk. */
export interface TwinSource {
  readonly location: ModelLocation;
  /** Relative to the model's folder, with `/`. */
  readonly graphPath: string;
  readonly file: ModelFile;
  readonly graph: Graph;
  readonly constants: Constants;
  readonly head: Head;
  readonly hidden: number;
  readonly vocabulary: number;
  /** A decoder with and without a cache in one graph, of which the part without is left. */
  readonly merged: boolean;
  /** As `ModelDescription.dtype`. */
  readonly dtype: string;
}

/** @throws ProblemError where no twin can be made */
export function readTwinSource(path: string): TwinSource {
  const location = findModel(path);
  try {
    return readSource(location);
  } catch (error) {
    throw error instanceof ProblemError ? error : notUnderstood(location.file, error);
  }
}

function readSource(location: ModelLocation): TwinSource {
  // The search edits what it reads.
  const anatomy = findAnatomy(readModelFile(location.file), location.config);
  if (anatomy.quantizesActivations) {
    throw notPossible(location, "quantises what enters it, so that its logits are not those of any f and g");
  }
  const file = readModelFile(location.file);
  const merged = inlineNoCacheBranch(file.proto.graph);
  const graph = new Graph(file.proto.graph);
  const constants = new Constants(graph, file.folder);
  const head = findHead(graph, constants, anatomy.head.logits);
  const sizes = head === null ? undefined : projectionSizes(constants, head.projection);
  if (head === null || sizes === undefined) throw notReadable(location, anatomy.head);
  const graphPath = relative(location.folder, location.file).split(sep).join("/");
  return { location, graphPath, file, graph, constants, head, ...sizes, merged, dtype: anatomy.dtype };
}

const notPossible = (location: ModelLocation, reason: string) =>
  modelProblem(
    "twin-head-quantized",
    location.file,
    `No equivalent twin can be made of this model: its output projection ${reason}.`,
    "Choose another variant of the model, preferably fp32.",
  );

const notReadable = (location: ModelLocation, { projection }: Head) =>
  notPossible(location, `(${projection.opType}) has a weight that is stored in a way that cannot be read`);

const mostSampledRows = 256;

/** Rows of g, evenly over the vocabulary. */
function sampledRows({ vocabulary, hidden, weight: g }: ProjectionWeight): Rows {
  const rows = Math.min(vocabulary, mostSampledRows);
  const data = new Float64Array(rows * hidden);
  for (let i = 0; i < rows; i++) {
    const token = Math.floor((i * vocabulary) / rows);
    data.set(g.subarray(token * hidden, (token + 1) * hidden), i * hidden);
  }
  return { rows, cols: hidden, data };
}

/**
 * Writes the graph of the twin, whose f is f M. Products are computed in float64 and rounded to float32 once.
 * Changes `source.file.proto`, so that a source makes one twin. Holds g while it writes, and a block of g~.
 * @param makeBasis from rows of g, evenly over the vocabulary
 * @param path of the graph to write; its data may come to lie beside it
 * @throws ProblemError where g cannot be read @throws Cancelled
 */
export async function writeTwinGraph(
  source: TwinSource,
  makeBasis: (sample: Rows) => TwinBasis,
  path: string,
  options: WriteModelOptions = {},
): Promise<void> {
  const { location, file, graph, constants, head, merged } = source;
  const proto = file.proto.graph;
  const weight = projectionWeight(constants, head.projection);
  if (weight === undefined) throw notReadable(location, head);
  const { vocabulary, hidden } = weight;
  const basis = makeBasis(sampledRows(weight));
  const twinHidden = basis.map.cols;
  const tensors = putTwinHead(proto, graph, constants, head, { hidden, twinHidden, vocabulary });
  dropUnneeded(proto, merged);
  const made = new Map([
    [tensors.map, wholeTensor(new Float32Array(basis.map.data))],
    [tensors.unembedding, unembeddingTensor(weight, basis, tensors.byToken, options.signal)],
  ]);
  await writeModelFile(file, path, made, options);
}

const floatBytes = 4;

function wholeTensor(numbers: Float32Array): TensorSource {
  return {
    length: numbers.byteLength,
    write: (put) => {
      put(new Uint8Array(numbers.buffer), 0);
      return Promise.resolve();
    },
  };
}

const blockNumbers = 4 << 20;

/** g~, a block of tokens at a time. */
function unembeddingTensor(
  { weight, vocabulary, hidden }: ProjectionWeight,
  basis: TwinBasis,
  byToken: boolean,
  signal: AbortSignal | undefined,
): TensorSource {
  const width = basis.map.cols;
  const size = Math.max(1, Math.floor(blockNumbers / width));
  return {
    length: vocabulary * width * floatBytes,
    write: async (put) => {
      for (let first = 0; first < vocabulary; first += size) {
        await setImmediate();
        throwIfCancelled(signal);
        const rows = Math.min(size, vocabulary - first);
        const g = new Float64Array(weight.subarray(first * hidden, (first + rows) * hidden));
        const { data } = basis.next({ rows, cols: hidden, data: g });
        if (byToken) {
          put(new Uint8Array(new Float32Array(data).buffer), first * width * floatBytes);
          continue;
        }
        for (let k = 0; k < width; k++) {
          const column = new Float32Array(rows);
          for (let i = 0; i < rows; i++) column[i] = data[i * width + k] ?? NaN;
          put(new Uint8Array(column.buffer), (k * vocabulary + first) * floatBytes);
        }
      }
    },
  };
}
