import type { Floats } from "../models/languageModel";
import { zeros, type Matrix } from "../linalg/matrix";

/** Rows of one template, as float64: [samples, width]. */
export function templateRows(all: Floats, template: number, samples: number, width: number): Matrix {
  const out = zeros(samples, width);
  out.data.set(all.subarray(template * samples * width, (template + 1) * samples * width));
  return out;
}

/** All rows as float64, [rows, width]. */
export function allRows(values: Floats, width: number): Matrix {
  return { rows: values.length / width, cols: width, data: Float64Array.from(values) };
}

/** The columns `ids` of logits [rows, vocabulary], [rows, ids]. */
export function columns(logits: Floats, vocabulary: number, ids: readonly number[]): Matrix {
  const out = zeros(logits.length / vocabulary, ids.length);
  for (let i = 0; i < out.rows; i++) {
    ids.forEach((id, k) => (out.data[i * ids.length + k] = logits[i * vocabulary + id] ?? NaN));
  }
  return out;
}
