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

/** Something that the user should know of a model. */
export interface Finding {
  /** Of the warning that every report on the model has; null for what does not bear on its figures. */
  readonly code: string | null;
  readonly message: string;
}

interface Opened {
  readonly level: OptimizationLevel;
  /** g was found by feeding the head basis vectors. */
  readonly measured: boolean;
}

/** What the user should know. @throws ProblemError where a check fails without a known cause. */
export function judge(
  file: ModelFile,
  anatomy: Anatomy,
  head: HeadWeights,
  checks: readonly ModelCheck[],
  { level, measured }: Opened,
): Finding[] {
  const findings: Finding[] = [];
  const add = (code: string | null, message: string) => findings.push({ code, message });
  if (anatomy.recurrent) {
    add(null, "This is a recurrent model: it has no residual stream, so there are no layers beside the embedding (0).");
  }
  if (head.softCap !== null) {
    add(null, `The model soft-caps its logits at ${head.softCap}; logits here are those before the cap.`);
  }
  if (level !== "all") {
    add(null, `onnxruntime's optimiser cannot handle this graph in full; it runs at level "${level}".`);
  }
  if (measured) {
    add(
      "head-measured",
      `The weight of the output projection (${anatomy.head.projection.opType}) is stored in a way that cannot be read; g was found by feeding the projection basis vectors.`,
    );
  }
  for (const { name, value, tolerance, ok } of checks) {
    if (ok) continue;
    if (name === checkNames.head && anatomy.quantizesActivations) {
      add(
        "head-quantizes-activations",
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
  return findings;
}
