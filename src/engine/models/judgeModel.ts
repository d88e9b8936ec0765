import type { ModelCheck } from "../../protocol/report";
import type { Anatomy } from "./anatomy";
import { check, checkNames } from "./checks";
import type { ModelFile } from "./modelFile";
import { modelProblem } from "./modelProblem";
import type { OptimizationLevel } from "./runtime";
import type { HeadWeights } from "./unembedding";

/** Nothing to compare where neither the config nor the graph's caches say how many layers there are. */
export function layerCheck({ layers, expectedLayers, recurrent }: Anatomy): ModelCheck[] {
  if (expectedLayers === undefined || recurrent) return [];
  return [check(checkNames.layers, Math.abs(layers.found - expectedLayers), 0)];
}

/** What the user should know. @throws ProblemError where a check fails without a known cause. */
export function judge(
  file: ModelFile,
  anatomy: Anatomy,
  head: HeadWeights,
  checks: readonly ModelCheck[],
  level: OptimizationLevel,
): string[] {
  const notes: string[] = [];
  if (anatomy.recurrent) {
    notes.push(
      "This is a recurrent model: it has no residual stream, so there are no layers beside the embedding (0).",
    );
  }
  if (head.softCap !== null) {
    notes.push(`The model soft-caps its logits at ${head.softCap}; logits here are those before the cap.`);
  }
  if (level !== "all")
    notes.push(`onnxruntime's optimiser cannot handle this graph in full; it runs at level "${level}".`);
  for (const { name, value, tolerance, ok } of checks) {
    if (ok) continue;
    if (name === checkNames.head && anatomy.quantizesActivations) {
      notes.push(
        `The output projection quantises what enters it (dynamic int8): logits differ from f·g by ${(100 * value).toPrecision(2)}% of the largest; analyses use f·g.`,
      );
      continue;
    }
    if (name === checkNames.layers) {
      throw modelProblem(
        "model-layers-differ",
        file.path,
        `The graph shows ${anatomy.layers.found} layers, but its config says ${anatomy.expectedLayers ?? 0}.`,
        "Use the config.json that belongs to this graph.",
      );
    }
    throw modelProblem(
      "model-check-failed",
      file.path,
      `The graph was not understood: ${name}, is ${value.toPrecision(3)} where at most ${tolerance} is allowed.`,
      "Choose another export of the model, preferably in fp32.",
    );
  }
  return notes;
}
