import type { InferenceSession } from "onnxruntime-node";
import type { Anatomy } from "./anatomy";
import { finalName, layerName } from "./editGraph";
import type { InputPlan } from "./inputs";
import type { ModelFile } from "./modelFile";
import type { ValueInfo } from "./onnxProto";
import { createSession, runtimeProblem, type Execution, type OptimizationLevel, type Runtime } from "./runtime";

/** What sessions of a model are made from. */
export interface ModelContext {
  readonly file: ModelFile;
  readonly anatomy: Anatomy;
  readonly runtime: Runtime;
  readonly level: OptimizationLevel;
  /** A prompt for checks. */
  readonly probe: readonly number[];
  readonly plan: (inputs: readonly ValueInfo[]) => InputPlan;
  readonly execution: Execution;
}

/** @throws ProblemError */
export async function openSession(
  { file, level, execution }: ModelContext,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<InferenceSession> {
  try {
    return await createSession(bytes, file.folder, level, execution);
  } catch (error) {
    throw runtimeProblem(file.path, error);
  }
}

/** Values in the graph by output name: f, and h_0 … h_L as far as there are layers. */
export function stateTaps({ head, layers, embedding }: Anatomy): ReadonlyMap<string, string> {
  const streams = layers.taps.length > 0 ? layers.taps : embedding === null ? [] : [embedding];
  return new Map([[finalName, head.hidden], ...streams.map((value, i) => [layerName(i), value] as const)]);
}
