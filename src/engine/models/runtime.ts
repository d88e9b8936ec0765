import type * as onnxruntime from "onnxruntime-node";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { ExecutionProvider } from "../../protocol/engine";
import { modelProblem } from "./modelProblem";
import { halves } from "./tensorData";

export type Runtime = typeof onnxruntime;
export type OptimizationLevel = "all" | "basic" | "disabled";

/** What sessions run on. */
export interface Execution {
  readonly provider: Exclude<ExecutionProvider, "auto">;
  /** 0 leaves their number to onnxruntime. */
  readonly threads: number;
  /**
   * The session runs once: weights stay in their file, mapped, rather than being copied into the order that products
   * are fastest in, and nothing is computed from them in advance. Figures differ by rounding from those of a session
   * that does so.
   */
  readonly runsOnce?: boolean;
}

let loaded: Promise<Runtime> | undefined;

/** onnxruntime, loaded when first needed: its native library takes longer to load than everything else. */
export function loadRuntime(): Promise<Runtime> {
  loaded ??= import("onnxruntime-node").then(
    (module: Runtime & { readonly default?: Runtime }) => module.default ?? module,
  );
  return loaded;
}

export const onCpu: Execution = { provider: "cpu", threads: 0 };

/** @param folder what locations of external data in `bytes` are relative to */
export async function createSession(
  bytes: Uint8Array<ArrayBuffer>,
  folder: string,
  level: OptimizationLevel,
  { provider, threads, runsOnce = false }: Execution = onCpu,
): Promise<InferenceSession> {
  const { InferenceSession } = await loadRuntime();
  return InferenceSession.create(bytes, {
    logSeverityLevel: 4,
    graphOptimizationLevel: level,
    executionProviders: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
    ...(threads > 0 && { intraOpNumThreads: threads }),
    extra: {
      session: {
        model_external_initializers_file_folder_path: folder,
        // Idle threads that spin would take the processor from the editor.
        intra_op: { allow_spinning: "0" },
        ...(runsOnce && { disable_prepacking: "1" }),
      },
      ...(runsOnce && { optimization: { disable_specified_optimizers: "ConstantFolding" } }),
    },
  });
}

const levels: readonly OptimizationLevel[] = ["all", "basic", "disabled"];

/**
 * The most that onnxruntime's optimiser can do for this graph: on some graphs it fails where a
 * lower level works.
 * @param highest level to begin with
 * @throws ProblemError where no level works.
 */
export async function createBestSession(
  bytes: Uint8Array<ArrayBuffer>,
  folder: string,
  path: string,
  execution: Execution = onCpu,
  highest: OptimizationLevel = "all",
): Promise<{ readonly session: InferenceSession; readonly level: OptimizationLevel }> {
  let first: unknown;
  for (const level of levels.slice(levels.indexOf(highest))) {
    try {
      return { session: await createSession(bytes, folder, level, execution), level };
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

/**
 * The outputs named. onnxruntime-node 1.23 computes the right ones, but labels them with the first
 * names that the session has; both that and right labels are understood here.
 */
export async function runSession(
  session: InferenceSession,
  feeds: InferenceSession.FeedsType,
  names: readonly string[],
): Promise<ReadonlyMap<string, Tensor>> {
  const wanted = session.outputNames.filter((name) => names.includes(name));
  const outputs = await session.run(feeds, wanted);
  const labelled = wanted.every((name) => Object.hasOwn(outputs, name));
  return new Map(
    wanted.flatMap((name, i) => {
      const tensor = outputs[labelled ? name : (session.outputNames[i] ?? "")];
      return tensor === undefined ? [] : [[name, tensor] as const];
    }),
  );
}

/** Contents of an output of floating-point numbers. */
export function floats(tensor: Tensor | undefined): Float32Array {
  const data: unknown = tensor?.data;
  if (data instanceof Float32Array) return data;
  // Binary16 comes as bits where JavaScript has no array type for it.
  if (tensor?.type === "float16")
    return data instanceof Uint16Array ? halves(data) : Float32Array.from(tensor.data as ArrayLike<number>);
  if (data instanceof Float64Array) return Float32Array.from(data);
  throw new TypeError(`expected floating-point numbers, got ${tensor?.type ?? "nothing"}`);
}
