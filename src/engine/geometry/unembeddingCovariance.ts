import { create } from "@bufbuild/protobuf";
import type { VocabularyStatistics } from "../analysis/geometry/geometry";
import type { Unembedding } from "../models/languageModel";
import { DataType, encodeModel, makeNode, makeValueInfo, modelSchema } from "../models/onnxProto";
import { createSession, loadRuntime, onCpu } from "../models/runtime";

/** Rows that are multiplied at a time: 2,048 rows of 4,096 columns in float64 are 64 MiB. */
const blockRows = 2048;

/**
 * The covariance of the unembeddings by onnxruntime, in float64 throughout and in two passes, so that a mean far
 * from zero costs no digits. V d² multiplications on all cores.
 *
 * @throws RangeError when fewer than two tokens are left
 */
export async function unembeddingCovariance(unembedding: Unembedding): Promise<VocabularyStatistics> {
  const { weight, bias, vocabularySize, hiddenSize } = unembedding;
  const dimension = bias === null ? hiddenSize : hiddenSize + 1;
  const excluded = new Set(unembedding.excluded);
  const tokens = Array.from({ length: vocabularySize }, (_, id) => id).filter((id) => !excluded.has(id));
  if (tokens.length < 2) throw new RangeError("a covariance over the vocabulary needs two tokens or more");

  const mean = new Float64Array(dimension);
  for (const id of tokens) {
    for (let j = 0; j < hiddenSize; j++) mean[j]! += weight[id * hiddenSize + j]!;
    if (bias !== null) mean[hiddenSize]! += bias[id]!;
  }
  for (let j = 0; j < dimension; j++) mean[j]! /= tokens.length;

  const { Tensor } = await loadRuntime();
  const session = await createSession(gramGraph(), "", "all", onCpu);
  const sums = new Float64Array(dimension * dimension);
  try {
    for (let start = 0; start < tokens.length; start += blockRows) {
      const rows = tokens.slice(start, start + blockRows);
      const centred = new Float64Array(rows.length * dimension);
      rows.forEach((id, i) => {
        const at = i * dimension;
        for (let j = 0; j < hiddenSize; j++) centred[at + j] = weight[id * hiddenSize + j]! - mean[j]!;
        if (bias !== null) centred[at + hiddenSize] = bias[id]! - mean[hiddenSize]!;
      });
      const { gram } = await session.run({ rows: new Tensor("float64", centred, [rows.length, dimension]) });
      const block = gram?.data as Float64Array;
      for (let k = 0; k < sums.length; k++) sums[k]! += block[k]!;
    }
  } finally {
    await session.release();
  }
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (sums[i * dimension + j]! + sums[j * dimension + i]!) / (2 * tokens.length);
      sums[i * dimension + j] = value;
      sums[j * dimension + i] = value;
    }
  }
  return { mean, covariance: { rows: dimension, cols: dimension, data: sums } };
}

/** rowsᵀ rows, in float64. */
function gramGraph(): Uint8Array<ArrayBuffer> {
  const f64 = DataType.double;
  return encodeModel(
    create(modelSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: "", version: 13n }],
      graph: {
        name: "gram",
        node: [makeNode("Gemm", ["rows", "rows"], ["gram"], { transA: 1n })],
        input: [makeValueInfo("rows", f64, ["rows", "hidden"])],
        output: [makeValueInfo("gram", f64, ["hidden", "hidden"])],
      },
    }),
  );
}
