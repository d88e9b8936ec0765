import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, basename, join } from "node:path";
import { readConfig, type ModelConfig } from "./config";
import { modelProblem } from "./modelProblem";

export interface ModelLocation {
  /** The graph. */
  readonly file: string;
  /** Where config.json and tokenizer.json are. */
  readonly folder: string;
  readonly config: ModelConfig;
}

/** Names that exporters give, the most precise first. */
const usualNames = ["model.onnx", "decoder_model_merged.onnx", "decoder_model.onnx", "decoder_with_past_model.onnx"];

/** The graph and the configuration of a folder or an `.onnx` file. @throws ProblemError */
export function findModel(location: string): ModelLocation {
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
  return { file: graphFile(location, config), folder: location, config };
}

function graphFile(folder: string, config: ModelConfig): string {
  const named = config.graphFile;
  if (named !== undefined && /^[^/\\]+\.onnx$/.test(named) && existsSync(join(folder, named)))
    return join(folder, named);
  for (const name of usualNames) {
    for (const path of [join(folder, "onnx", name), join(folder, name)]) if (existsSync(path)) return path;
  }
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
