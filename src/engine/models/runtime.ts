import type * as onnxruntime from "onnxruntime-node";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { modelProblem } from "./modelProblem";

export type Runtime = typeof onnxruntime;
export type OptimizationLevel = "all" | "basic" | "disabled";

let loaded: Promise<Runtime> | undefined;

/** onnxruntime, loaded when first needed: its native library takes longer to load than everything else. */
export function loadRuntime(): Promise<Runtime> {
  loaded ??= import("onnxruntime-node").then((module: Runtime & { readonly default?: Runtime }) => module.default ?? module);
  return loaded;
}

/** @param folder what locations of external data in `bytes` are relative to */
export async function createSession(
  bytes: Uint8Array<ArrayBuffer>,
  folder: string,
  level: OptimizationLevel,
): Promise<InferenceSession> {
  const { InferenceSession } = await loadRuntime();
  return InferenceSession.create(bytes, {
    logSeverityLevel: 4,
    graphOptimizationLevel: level,
    extra: { session: { model_external_initializers_file_folder_path: folder } },
  });
}

/**
 * The most that onnxruntime's optimiser can do for this graph: on some graphs it fails where a
 * lower level works.
 * @throws ProblemError where no level works.
 */
export async function createBestSession(
  bytes: Uint8Array<ArrayBuffer>,
  folder: string,
  path: string,
): Promise<{ readonly session: InferenceSession; readonly level: OptimizationLevel }> {
  let first: unknown;
  for (const level of ["all", "basic", "disabled"] as const) {
    try {
      return { session: await createSession(bytes, folder, level), level };
    } catch (error) {
      first ??= error;
    }
  }
  throw runtimeProblem(path, first);
}

export function runtimeProblem(path: string, error: unknown) {
  const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  return modelProblem(
    "model-runtime",
    path,
    `onnxruntime cannot use this graph: ${reason.trim().slice(0, 300)}`,
    "Export the model again with a current exporter, or choose another variant of it.",
  );
}

/** Contents of a float32 output. */
export function floats(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError(`expected a float32 tensor, got ${tensor?.type ?? "nothing"}`);
}
