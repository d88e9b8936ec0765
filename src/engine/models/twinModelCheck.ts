import { setImmediate } from "node:timers/promises";
import { ProblemError } from "../../protocol/problem";
import type { ModelCheck } from "../../protocol/report";
import { findAnatomy } from "./anatomy";
import { check, exactTolerance, quantizedTolerance } from "./checks";
import type { ModelLocation } from "./findModel";
import { declared, planInputs } from "./inputs";
import { readModelFile } from "./modelFile";
import { Cancelled, throwIfCancelled } from "./modelProblem";
import { encodeModel } from "./onnxProto";
import { createBestSession, floats, loadRuntime, onCpu, runSession, runtimeProblem } from "./runtime";

/** Logits of prompts at every position that the graph gives them for. */
export interface PromptLogits {
  /** [rows, vocabulary] */
  readonly data: Float32Array;
  readonly vocabulary: number;
}

const largeBytes = 256 << 20;

/** Runs the graph as it is, nothing tapped, on prompts of token ids, one after another. @throws ProblemError @throws Cancelled */
export async function promptLogits(
  location: ModelLocation,
  prompts: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<PromptLogits> {
  const file = readModelFile(location.file);
  const constants = new Set(file.proto.graph.initializer.map((t) => t.name));
  const inputs = file.proto.graph.input.filter(({ name }) => !constants.has(name)).map(declared);
  const bytes = encodeModel(file.proto);
  const { tokens, head } = findAnatomy(file, location.config);
  const plan = planInputs(file.path, inputs, tokens, location.config);
  const runtime = await loadRuntime();
  const execution = { ...onCpu, runsOnce: file.bytes >= largeBytes };
  const { session } = await createBestSession(bytes, file.folder, file.path, execution);
  try {
    const rows: Float32Array[] = [];
    let vocabulary = 0;
    for (const ids of prompts) {
      await setImmediate();
      throwIfCancelled(signal);
      const logits = (await runSession(session, plan.feeds(runtime, [ids]), [head.logits])).get(head.logits);
      vocabulary = logits?.dims.at(-1) ?? 0;
      rows.push(floats(logits));
    }
    const data = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
    let at = 0;
    for (const row of rows) {
      data.set(row, at);
      at += row.length;
    }
    return { data, vocabulary };
  } catch (error) {
    throw error instanceof ProblemError || error instanceof Cancelled ? error : runtimeProblem(file.path, error);
  } finally {
    await session.release();
  }
}

export const logProbabilityCheck = "log-probabilities against the original's, relative difference";

/** max |log p − log p~| / max |log p|; tokens that the model masks out are left out. */
export function compareLogProbabilities(original: PromptLogits, twin: PromptLogits, dtype: string): ModelCheck {
  const tolerance = dtype === "float32" ? exactTolerance : quantizedTolerance;
  return check(logProbabilityCheck, relativeDifference(original, twin), tolerance);
}

const masked = -1e4;

function relativeDifference(a: PromptLogits, b: PromptLogits): number {
  const { vocabulary } = a;
  if (vocabulary === 0 || a.data.length !== b.data.length || b.vocabulary !== vocabulary) return Infinity;
  let difference = 0;
  let largest = 0;
  for (let start = 0; start < a.data.length; start += vocabulary) {
    const left = a.data.subarray(start, start + vocabulary);
    const right = b.data.subarray(start, start + vocabulary);
    const [zLeft, zRight] = [logSumExp(left), logSumExp(right)];
    for (let token = 0; token < vocabulary; token++) {
      const [x = NaN, y = NaN] = [left[token], right[token]];
      if (x < masked && y < masked) continue;
      const p = x - zLeft;
      // NaN anywhere must fail, so the comparison is not `>`.
      if (!(Math.abs(p - (y - zRight)) <= difference)) difference = Math.abs(p - (y - zRight));
      if (Math.abs(p) > largest) largest = Math.abs(p);
      if (Number.isNaN(difference)) return Infinity;
    }
  }
  return largest > 0 ? difference / largest : Infinity;
}

function logSumExp(logits: Float32Array): number {
  let largest = -Infinity;
  for (const x of logits) if (x > largest) largest = x;
  let sum = 0;
  for (const x of logits) sum += Math.exp(x - largest);
  return largest + Math.log(sum);
}
