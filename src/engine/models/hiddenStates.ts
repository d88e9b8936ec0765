import type { InferenceSession } from "onnxruntime-node";
import { setImmediate } from "node:timers/promises";
import { finalName, layerName } from "./editGraph";
import type { InputPlan } from "./inputs";
import type { Activations, ForwardOptions, PromptTokens } from "./languageModel";
import { throwIfCancelled } from "./modelProblem";
import { floats, runSession, type Runtime } from "./runtime";

/** Small enough that cancelling takes effect soon. */
const maximumBatch = 32;
const maximumBatchTokens = 1024;

/** A session whose outputs are f and the residual stream. */
export interface HiddenStateSession {
  readonly runtime: Runtime;
  readonly session: InferenceSession;
  readonly inputs: InputPlan;
  /** Layers that the graph gives. */
  readonly layers: readonly number[];
  /** Whether the graph itself selects the last token before f, so that f of an earlier one needs a run of its own. */
  readonly lastOnly: boolean;
}

/** One position of one prompt that is wanted, and where it goes. */
interface Job {
  readonly ids: readonly number[];
  readonly prompt: PromptTokens;
  readonly index: number;
}

/**
 * f and h_l of the prompts at the positions that each asks for.
 * @throws Cancelled
 * @throws RangeError for a layer that the model does not have, or a position outside a prompt
 */
export async function hiddenStates(
  source: HiddenStateSession,
  prompts: readonly PromptTokens[],
  { layers, signal, onProgress }: ForwardOptions,
): Promise<Activations> {
  for (const layer of layers) {
    if (!source.layers.includes(layer)) throw new RangeError(`the model has no layer ${layer}`);
  }
  const final: Float32Array[][] = prompts.map(() => []);
  const residual = new Map(layers.map((layer) => [layer, prompts.map((): Float32Array[] => [])]));
  const jobs = prompts.flatMap((prompt, index) => jobsOf(prompt, index, source.lastOnly));
  const names = [finalName, ...layers.map(layerName)];
  let tokens = 0;
  let done = 0;
  for (const batch of batches(jobs, Math.min(source.inputs.maximumBatch, maximumBatch))) {
    await setImmediate();
    throwIfCancelled(signal);
    const length = batch[0]?.ids.length ?? 0;
    const outputs = await runSession(
      source.session,
      source.inputs.feeds(
        source.runtime,
        batch.map((job) => job.ids),
      ),
      names,
    );
    const f = floats(outputs.get(finalName));
    batch.forEach(({ prompt, index }, b) => {
      const rows = final[index] ?? [];
      prompt.finalAt.forEach((at, k) => {
        if (!source.lastOnly) rows[k] = rowOf(f, batch.length, length, b, at);
        else if (at === length - 1) rows[k] = rowOf(f, batch.length, 1, b, 0);
      });
      if (prompt.ids.length !== length) return;
      for (const layer of layers) {
        const h = floats(outputs.get(layerName(layer)));
        for (const at of prompt.residualAt) residual.get(layer)?.[index]?.push(rowOf(h, batch.length, length, b, at));
      }
    });
    tokens += batch.length * length;
    done += batch.length;
    onProgress?.(done, jobs.length);
  }
  return { final, residual, tokens };
}

/** Runs that a prompt needs: itself, and with `lastOnly` each of its beginnings that ends where f is wanted. */
function jobsOf(prompt: PromptTokens, index: number, lastOnly: boolean): Job[] {
  for (const at of [...prompt.finalAt, ...prompt.residualAt]) {
    if (!Number.isInteger(at) || at < 0 || at >= prompt.ids.length) {
      throw new RangeError(`position ${at} is outside a prompt of ${prompt.ids.length} tokens`);
    }
  }
  const whole = { ids: prompt.ids, prompt, index };
  if (!lastOnly) return [whole];
  const ends = [...new Set(prompt.finalAt)].sort((a, b) => a - b).filter((at) => at < prompt.ids.length - 1);
  return [...ends.map((at) => ({ ids: prompt.ids.slice(0, at + 1), prompt, index })), whole];
}

/** Prompts of equal length together, so that none is padded; short ones first. */
function* batches(jobs: readonly Job[], largest: number): Generator<readonly Job[]> {
  const byLength = new Map<number, Job[]>();
  for (const job of jobs) {
    const same = byLength.get(job.ids.length);
    if (same === undefined) byLength.set(job.ids.length, [job]);
    else same.push(job);
  }
  for (const [length, group] of [...byLength].sort(([a], [b]) => a - b)) {
    const size = Math.max(1, Math.min(largest, Math.floor(maximumBatchTokens / length)));
    for (let start = 0; start < group.length; start += size) yield group.slice(start, start + size);
  }
}

/** Copy of one row of [batch, length, width], in whatever shape the graph gives it. */
function rowOf(data: Float32Array, batch: number, length: number, b: number, at: number): Float32Array {
  const width = data.length / (batch * length);
  const start = (b * length + at) * width;
  return data.slice(start, start + width);
}
