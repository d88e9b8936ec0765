import { join } from "node:path";
import { TwinCoordinates, type TwinShape } from "../../../src/engine/analysis/twins/twinCoordinates";
import { loadModel, type LoadedModel } from "../../../src/engine/models/loadModel";
import type { WriteModelOptions } from "../../../src/engine/models/twinModelData";
import { writeTwinFiles } from "../../../src/engine/models/twinModelFiles";
import { readTwinSource, writeTwinGraph, type Rows, type TwinBasis } from "../../../src/engine/models/twinModel";
import { newFolder } from "./support";
import { release } from "./states";

export interface MadeTwin {
  readonly path: string;
  /** M [d, d~] as the twin should have it. */
  readonly map: TwinCoordinates["map"];
}

/** Writes a twin without the checks that the product makes of it. */
export async function makeTwin(
  path: string,
  { condition = 100, seed = 0, size }: Partial<TwinShape> = {},
  { change, ...options }: WriteModelOptions & { readonly change?: (basis: TwinBasis) => TwinBasis } = {},
): Promise<MadeTwin> {
  const source = readTwinSource(path);
  const shape = { condition, seed, size: size ?? source.hidden };
  const folder = newFolder();
  let map: TwinCoordinates["map"] | undefined;
  const makeBasis = (sample: Rows): TwinBasis => {
    const basis = new TwinCoordinates(sample, shape);
    map = basis.map;
    return change?.(basis) ?? basis;
  };
  await writeTwinGraph(source, makeBasis, join(folder, "model.onnx"), options);
  writeTwinFiles(source.location.folder, folder, {
    original: "the original",
    originalHidden: source.hidden,
    originalNote: source.location.config.note,
    hiddenSize: shape.size,
    condition,
    seed,
    graph: "model.onnx",
    merged: source.merged,
  });
  return { path: join(folder, "model.onnx"), map: map! };
}

/** Opens both, and closes them when all is done. */
export async function withBoth<T>(
  a: string,
  b: string,
  use: (original: LoadedModel, twin: LoadedModel) => Promise<T>,
): Promise<T> {
  const original = await loadModel(a);
  try {
    const twin = await loadModel(b);
    try {
      return await use(original, twin);
    } finally {
      await release(twin);
    }
  } finally {
    await release(original);
  }
}

/** x M for rows x [n, d] and M [d, d~]. */
export function timesMap(x: ArrayLike<number>, map: MadeTwin["map"]): Float64Array {
  const { rows: d, cols, data } = map;
  const n = x.length / d;
  const out = new Float64Array(n * cols);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < d; k++)
      for (let j = 0; j < cols; j++) out[i * cols + j]! += x[i * d + k]! * data[k * cols + j]!;
  return out;
}

/** y Mᵀ for rows y [n, d~]: the g of a g~. */
export function timesTransposedMap(y: ArrayLike<number>, map: MadeTwin["map"]): Float64Array {
  const { rows: d, cols, data } = map;
  const n = y.length / cols;
  const out = new Float64Array(n * d);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < d; k++)
      for (let j = 0; j < cols; j++) out[i * d + k]! += y[i * cols + j]! * data[k * cols + j]!;
  return out;
}
