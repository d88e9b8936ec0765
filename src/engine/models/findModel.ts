import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, basename, join } from "node:path";
import { readConfig, type ModelConfig } from "./config";
import { chooseVariant, exportVariants } from "./exportVariants";
import { filesOfExport } from "./hubCache";
import { modelProblem } from "./modelProblem";

export interface ModelLocation {
  /** The graph. */
  readonly file: string;
  /** Where config.json and tokenizer.json are. */
  readonly folder: string;
  readonly config: ModelConfig;
}

/** Needs a cache that only another graph fills; the last resort. */
const withPast = "decoder_with_past_model.onnx";

/**
 * The graph and the configuration of a folder or an `.onnx` file; of several variants in a folder, the most precise
 * one that fits in memory.
 *
 * @param freeBytes memory that a model may take; what the process can still get where absent
 * @throws ProblemError
 */
export function findModel(location: string, freeBytes = process.availableMemory()): ModelLocation {
  if (!existsSync(location)) {
    throw modelProblem(
      "model-not-found",
      location,
      "There is no such folder or file.",
      "Give a folder with config.json, tokenizer.json and model.onnx, or an .onnx file.",
    );
  }
  if (!statSync(location).isDirectory()) {
    const parent = dirname(location);
    const folder = basename(parent) === "onnx" && !existsSync(join(parent, "config.json")) ? dirname(parent) : parent;
    return { file: location, folder, config: readConfig(folder) };
  }
  const config = readConfig(location);
  return { file: graphFile(location, config, freeBytes), folder: location, config };
}

function graphFile(folder: string, config: ModelConfig, freeBytes: number): string {
  const named = config.graphFile;
  if (named !== undefined && /^[^/\\]+\.onnx$/.test(named) && existsSync(join(folder, named)))
    return join(folder, named);
  const variant = chooseVariant(exportVariants(filesOfExport(folder)), null, freeBytes);
  if (variant !== undefined) return join(folder, variant.file);
  for (const path of [join(folder, "onnx", withPast), join(folder, withPast)]) if (existsSync(path)) return path;
  const others = [folder, join(folder, "onnx")]
    .filter((f) => existsSync(f) && statSync(f).isDirectory())
    .flatMap((f) =>
      readdirSync(f)
        .filter((name) => name.endsWith(".onnx"))
        .map((name) => join(f, name)),
    )
    .sort();
  const [only, ...more] = others;
  if (only !== undefined && more.length === 0) return only;
  if (only === undefined) {
    throw modelProblem(
      "model-no-graph",
      folder,
      "This folder has no .onnx file.",
      "Give a folder with config.json, tokenizer.json and model.onnx (or onnx/model.onnx).",
    );
  }
  throw modelProblem(
    "model-many-graphs",
    folder,
    `This folder has several graphs: ${others.map((f) => basename(f)).join(", ")}.`,
    "Name one of the .onnx files instead of the folder.",
  );
}
