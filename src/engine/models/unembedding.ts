import type { Constants } from "./constants";
import { type Head, type HeadStep, projectionFactor, weightIsTransposed } from "./head";
import { intAttribute, type NodeProto } from "./onnxProto";
import { shapeOf, tensorBytes } from "./tensorData";

/** g and b with all constant factors folded in: logits before the soft-cap = f gᵀ + b. */
export interface HeadWeights {
  /** g, [vocabulary, hidden]. */
  readonly weight: Float32Array;
  readonly bias: Float32Array | null;
  readonly vocabulary: number;
  readonly hidden: number;
  /** c in logits = c · tanh(z / c); null where there is none. */
  readonly softCap: number | null;
}

/** Sizes of g, without reading it; `undefined` where the weight is stored in a way that is not known. */
export function projectionSizes(
  constants: Constants,
  projection: NodeProto,
): { readonly vocabulary: number; readonly hidden: number } | undefined {
  if (projection.opType === "MatMulNBits") {
    return { vocabulary: intAttribute(projection, "N", 0), hidden: intAttribute(projection, "K", 0) };
  }
  const shape = constants.matrixShape(projection.input[1] ?? "");
  if (shape === undefined) return undefined;
  const [hidden, vocabulary] = weightIsTransposed(projection) ? [shape[1], shape[0]] : shape;
  return { vocabulary, hidden };
}

/** Rows of g. */
export const headRows = (constants: Constants, { projection }: Head): number | undefined =>
  projectionSizes(constants, projection)?.vocabulary;

/** @returns `undefined` where the weight is stored in a way that is not known. */
export function readHeadWeights(constants: Constants, head: Head): HeadWeights | undefined {
  const stored = projectionWeight(constants, head.projection);
  if (stored === undefined) return undefined;
  const bias = projectionBias(constants, head.projection, stored.vocabulary);
  if (bias === undefined) return undefined;
  return withSteps(constants, { ...stored, bias }, head.steps, projectionFactor(head.projection));
}

/**
 * What a product becomes on its way to the logits; changes `weight`.
 * @param factor of the product itself, though not of its bias
 * @returns `undefined` for steps that are not known, or in an order in which they are not linear in f
 */
export function withSteps(
  constants: Constants,
  { weight, bias, vocabulary, hidden }: Omit<HeadWeights, "softCap">,
  steps: readonly HeadStep[],
  factor = 1,
): HeadWeights | undefined {
  const factors = new Float64Array(vocabulary).fill(factor);
  let hasBias = bias !== null;
  const offsets = Float64Array.from(bias ?? new Float32Array(vocabulary));
  const multiply = (by: (row: number) => number) => {
    for (let row = 0; row < vocabulary; row++) {
      factors[row] = (factors[row] ?? 0) * by(row);
      offsets[row] = (offsets[row] ?? 0) * by(row);
    }
  };
  let softCap: number | null = null;
  for (const step of steps) {
    if (step.kind === "mask") continue;
    if (step.kind === "tanh") {
      if (softCap !== null) return undefined;
      softCap = 1;
    } else if (step.kind === "scale") {
      if (softCap !== null) softCap *= step.factor;
      multiply(() => step.factor);
    } else if (step.kind === "bias") {
      const added = constants.numbers(step.value);
      if (added === undefined || softCap !== null || !fits(added, vocabulary)) return undefined;
      for (let row = 0; row < vocabulary; row++) {
        offsets[row] = (offsets[row] ?? 0) + step.sign * at(added, row);
      }
      hasBias = true;
    } else {
      const scale = constantFactor(constants, step.value);
      if (scale === undefined || !fits(scale, vocabulary)) return undefined;
      multiply((row) => at(scale, row));
    }
  }
  for (let row = 0; row < vocabulary; row++) {
    const factor = factors[row] ?? 1;
    if (factor === 1) continue;
    for (let k = row * hidden; k < (row + 1) * hidden; k++) weight[k] = (weight[k] ?? 0) * factor;
  }
  return { weight, bias: hasBias ? Float32Array.from(offsets) : null, vocabulary, hidden, softCap };
}

/** What a projection multiplies by, before its constant factors. */
export interface ProjectionWeight {
  /** [vocabulary, hidden] */
  readonly weight: Float32Array;
  readonly vocabulary: number;
  readonly hidden: number;
}

/** The dequantised weight. @returns `undefined` where it is stored in a way that is not known. */
export function projectionWeight(constants: Constants, node: NodeProto): ProjectionWeight | undefined {
  if (node.opType === "MatMulNBits") return blockwise(constants, node);
  const matrix = constants.matrix(node.input[1] ?? "");
  if (matrix === undefined) return undefined;
  const isUnembedding = matrix.transposed !== weightIsTransposed(node);
  const stored: ProjectionWeight = isUnembedding
    ? { weight: matrix.data, vocabulary: matrix.rows, hidden: matrix.cols }
    : { weight: transposed(matrix.data, matrix.rows, matrix.cols), vocabulary: matrix.cols, hidden: matrix.rows };
  const integer = integerInputs[node.opType];
  return integer === undefined ? stored : dequantized(constants, node, stored, integer);
}

/** Inputs of the integer products that hold the weight's zero point and scale; −1 where it comes later. */
const integerInputs: Readonly<Partial<Record<string, { readonly zero: number; readonly scale: number }>>> = {
  MatMulInteger: { zero: 3, scale: -1 },
  MatMulIntegerToFloat: { zero: 5, scale: 3 },
  DynamicQuantizeMatMul: { zero: 3, scale: 2 },
};

function dequantized(
  constants: Constants,
  node: NodeProto,
  { weight, vocabulary, hidden }: ProjectionWeight,
  places: { readonly zero: number; readonly scale: number },
): ProjectionWeight | undefined {
  const zeroName = node.input[places.zero] ?? "";
  const zero = zeroName === "" ? Float32Array.of(0) : constants.numbers(zeroName);
  const scale = places.scale < 0 ? Float32Array.of(1) : constants.numbers(node.input[places.scale] ?? "");
  if (zero === undefined || scale === undefined || !fits(zero, vocabulary) || !fits(scale, vocabulary))
    return undefined;
  for (let row = 0; row < vocabulary; row++) {
    for (let k = row * hidden; k < (row + 1) * hidden; k++) {
      weight[k] = ((weight[k] ?? 0) - at(zero, row)) * at(scale, row);
    }
  }
  return { weight, vocabulary, hidden };
}

/** MatMulNBits: rows of the vocabulary in blocks along d, each with a scale and perhaps a zero point. */
function blockwise(constants: Constants, node: NodeProto): ProjectionWeight | undefined {
  const hidden = intAttribute(node, "K", 0);
  const vocabulary = intAttribute(node, "N", 0);
  const bits = intAttribute(node, "bits", 4);
  const block = intAttribute(node, "block_size", 0);
  const packed = constants.graph.constant(node.input[1] ?? "");
  const scales = constants.numbers(node.input[2] ?? "");
  if (packed === undefined || scales === undefined || ![2, 4, 8].includes(bits) || block < 16) return undefined;
  if ((node.input[4] ?? "") !== "") return undefined;
  const blocks = Math.ceil(hidden / block);
  const blockBytes = (block * bits) / 8;
  const bytes = tensorBytes(packed, constants.folder);
  if (bytes.length < vocabulary * blocks * blockBytes || scales.length < vocabulary * blocks) return undefined;
  const zeros = zeroPoints(constants, node.input[3] ?? "", vocabulary, blocks, bits);
  if (zeros === undefined) return undefined;
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  const weight = new Float32Array(vocabulary * hidden);
  for (let row = 0; row < vocabulary; row++) {
    for (let k = 0; k < hidden; k++) {
      const group = row * blocks + Math.floor(k / block);
      const inBlock = k % block;
      const byte = bytes[group * blockBytes + Math.floor(inBlock / perByte)] ?? 0;
      const quantized = (byte >> ((inBlock % perByte) * bits)) & mask;
      weight[row * hidden + k] = (quantized - (zeros[group] ?? 0)) * (scales[group] ?? 0);
    }
  }
  return { weight, vocabulary, hidden };
}

/** One per block; packed like the weight, each row padded to whole bytes, or given as numbers of the scales' type. */
function zeroPoints(constants: Constants, name: string, vocabulary: number, blocks: number, bits: number) {
  const out = new Float32Array(vocabulary * blocks).fill(2 ** (bits - 1));
  if (name === "") return out;
  const tensor = constants.graph.constant(name);
  if (tensor === undefined) return undefined;
  const rowBytes = Math.ceil((blocks * bits) / 8);
  const elements = shapeOf(tensor).reduce((a, b) => a * b, 1);
  const bytes = tensorBytes(tensor, constants.folder);
  if (bytes.length !== elements) return elements === out.length ? constants.numbers(name) : undefined;
  if (elements !== vocabulary * rowBytes) return undefined;
  const perByte = 8 / bits;
  for (let row = 0; row < vocabulary; row++) {
    for (let b = 0; b < blocks; b++) {
      const byte = bytes[row * rowBytes + Math.floor(b / perByte)] ?? 0;
      out[row * blocks + b] = (byte >> ((b % perByte) * bits)) & ((1 << bits) - 1);
    }
  }
  return out;
}

const biasInput: Readonly<Partial<Record<string, number>>> = {
  Gemm: 2,
  MatMulNBits: 5,
  MatMulIntegerToFloat: 6,
  DynamicQuantizeMatMul: 4,
};

function projectionBias(constants: Constants, node: NodeProto, vocabulary: number): Float32Array | null | undefined {
  const name = node.input[biasInput[node.opType] ?? -1] ?? "";
  if (name === "") return null;
  const numbers = constants.numbers(name);
  if (numbers === undefined || !fits(numbers, vocabulary)) return undefined;
  const beta = node.opType === "Gemm" ? (node.attribute.find((a) => a.name === "beta")?.f ?? 1) : 1;
  return Float32Array.from({ length: vocabulary }, (_, row) => at(numbers, row) * beta);
}

/** Of a product of the input's scale with the weight's: the weight's. */
function constantFactor(constants: Constants, value: string): Float32Array | undefined {
  if (constants.graph.isConstant(value)) return constants.numbers(value);
  const node = constants.graph.producer(value);
  const factor = node?.opType === "Mul" ? node.input.find((name) => constants.graph.isConstant(name)) : undefined;
  return factor === undefined ? undefined : constants.numbers(factor);
}

const fits = (numbers: Float32Array, rows: number): boolean => numbers.length === 1 || numbers.length === rows;

const at = (numbers: Float32Array, row: number): number => numbers[numbers.length === 1 ? 0 : row] ?? 0;

function transposed(data: Float32Array, rows: number, cols: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[j * rows + i] = data[i * cols + j] ?? 0;
  }
  return out;
}
