import type { ModelVariant } from "../../protocol/engine";

/** A file of a model, with `/` in its path. */
export interface ExportFile {
  readonly path: string;
  readonly bytes: number;
}

/** Graphs that exporters write for text generation, the one to be preferred first. */
const graphs = ["model", "decoder_model_merged", "decoder_model"];

/** What the ends of file names mean, the most precise first. */
const dtypes: readonly (readonly [dtype: string, suffixes: readonly string[]])[] = [
  ["fp32", ["", "fp32"]],
  ["fp16", ["fp16"]],
  ["q8", ["q8", "int8", "quantized", "uint8"]],
  ["q4", ["q4"]],
  ["q4f16", ["q4f16"]],
];

/** Working memory that a model needs beside its weights, as a multiple of them. */
const memoryFactor = 1.3;

/**
 * The variants of one export, the most precise first: `model.onnx`, `model_fp16.onnx`, … at the root or in `onnx/`,
 * each with the size of its graph and of the data beside it. Graphs of unknown precision are left out unless there
 * is only one graph.
 */
export function exportVariants(files: readonly ExportFile[]): readonly ModelVariant[] {
  const candidates = files.filter(({ path }) => /^(onnx\/)?[^/]+\.onnx$/.test(path));
  for (const folder of ["onnx/", ""]) {
    for (const graph of graphs) {
      const found = dtypes.flatMap(([dtype, suffixes]) =>
        suffixes.flatMap((suffix) => {
          const path = `${folder}${graph}${suffix === "" ? "" : `_${suffix}`}.onnx`;
          return candidates.some((file) => file.path === path) ? [variant(path, dtype, files)] : [];
        }),
      );
      if (found.length > 0) return found;
    }
  }
  const [only, another] = candidates;
  return only === undefined || another !== undefined ? [] : [variant(only.path, null, files)];
}

function variant(path: string, dtype: string | null, files: readonly ExportFile[]): ModelVariant {
  return { file: path, dtype, bytes: filesOfGraph(path, files).reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** The graph and the data that exporters write beside it: `model.onnx`, `model.onnx_data`, `model.onnx.data_1`, … */
export function filesOfGraph<T extends { readonly path: string }>(graph: string, files: readonly T[]): readonly T[] {
  return files.filter(({ path }) => path.startsWith(graph) && /^([._]data(_\d+)?)?$/.test(path.slice(graph.length)));
}

/** The variant asked for by precision or by the end of its file name; else the best that fits, else the smallest. */
export function chooseVariant(
  variants: readonly ModelVariant[],
  wanted: string | null,
  freeBytes: number,
): ModelVariant | undefined {
  if (wanted !== null) {
    return (
      variants.find(({ file }) => file.endsWith(`_${wanted}.onnx`)) ?? variants.find(({ dtype }) => dtype === wanted)
    );
  }
  return (
    variants.find(({ bytes }) => bytes * memoryFactor < freeBytes) ?? [...variants].sort((a, b) => a.bytes - b.bytes)[0]
  );
}
