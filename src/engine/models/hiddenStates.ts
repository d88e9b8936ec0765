import type { InferenceSession, Tensor } from "onnxruntime-node";
import { setImmediate } from "node:timers/promises";
import { finalName, layerName } from "./editGraph";
import type { InjectedPrompt, InjectingModel } from "./injectingModel";
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

/** One run of a prompt or its beginning, and where its states go. */
interface Job extends InjectedPrompt {
  readonly prompt: PromptTokens;
  readonly index: number;
}

/**
 * f and h_l of the prompts at the positions that each asks for.
 * @throws Cancelled
 * @throws ProblemError where vectors cannot be injected
 * @throws RangeError for a layer that the model does not have, or a position outside a prompt
 */
export async function hiddenStates(
  source: HiddenStateSession,
  prompts: readonly PromptTokens[],
  { layers, signal, onProgress }: ForwardOptions,
  injecting?: InjectingModel,
): Promise<Activations> {
  for (const layer of layers) {
    if (!source.layers.includes(layer)) throw new RangeError(`the model has no layer ${layer}`);
  }
  const final: Float32Array[][] = prompts.map(() => []);
  const residual = new Map(layers.map((layer) => [layer, prompts.map((): Float32Array[] => [])]));
  for (const { ids, injections = [] } of prompts) {
    if (injections.length > 0 && injecting === undefined) throw new RangeError("there is no session to inject into");
    injecting?.check({ ids, injections });
  }
  const jobs = prompts.flatMap((prompt, index) => jobsOf(prompt, index, source.lastOnly));
  const names = [finalName, ...layers.map(layerName)];
  let tokens = 0;
  let done = 0;
  for (const batch of batches(jobs, Math.min(source.inputs.maximumBatch, maximumBatch))) {
    await setImmediate();
    throwIfCancelled(signal);
    const length = batch[0]?.ids.length ?? 0;
    const outputs = await run(source, injecting, batch, names);
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

/** A batch is either injected into or not. */
async function run(
  source: HiddenStateSession,
  injecting: InjectingModel | undefined,
  batch: readonly Job[],
  names: readonly string[],
): Promise<ReadonlyMap<string, Tensor>> {
  if (injecting !== undefined && isInjected(batch[0])) {
    const { session, feeds } = await injecting.open(source);
    return runSession(session, feeds(batch), names);
  }
  const ids = batch.map((job) => job.ids);
  return runSession(source.session, source.inputs.feeds(source.runtime, ids), names);
}

const isInjected = (job: Job | undefined): boolean => job !== undefined && job.injections.length > 0;

/** Runs that a prompt needs: itself, and with `lastOnly` each of its beginnings that ends where f is wanted. */
function jobsOf(prompt: PromptTokens, index: number, lastOnly: boolean): Job[] {
  for (const at of [...prompt.finalAt, ...prompt.residualAt]) {
    if (!Number.isInteger(at) || at < 0 || at >= prompt.ids.length) {
      throw new RangeError(`position ${at} is outside a prompt of ${prompt.ids.length} tokens`);
    }
  }
  const { ids, injections = [] } = prompt;
  const upTo = (length: number): Job => ({
    ids: ids.slice(0, length),
    injections: injections.filter((injection) => injection.at < length),
    prompt,
    index,
  });
  const whole = upTo(ids.length);
  if (!lastOnly) return [whole];
  const ends = [...new Set(prompt.finalAt)].sort((a, b) => a - b).filter((at) => at < ids.length - 1);
  return [...ends.map((at) => upTo(at + 1)), whole];
}

/** Prompts of equal length together, so that none is padded; short ones first, those that are injected into last. */
function* batches(jobs: readonly Job[], largest: number): Generator<readonly Job[]> {
  for (const injected of [false, true]) {
    const byLength = new Map<number, Job[]>();
    for (const job of jobs) {
      if (isInjected(job) !== injected) continue;
      const same = byLength.get(job.ids.length);
      if (same === undefined) byLength.set(job.ids.length, [job]);
      else same.push(job);
    }
    for (const [length, group] of [...byLength].sort(([a], [b]) => a - b)) {
      const size = Math.max(1, Math.min(largest, Math.floor(maximumBatchTokens / length)));
      for (let start = 0; start < group.length; start += size) yield group.slice(start, start + size);
    }
  }
}

/** Copy of one row of [batch, length, width], in whatever shape the graph gives it. */
function rowOf(data: Float32Array, batch: number, length: number, b: number, at: number): Float32Array {
  const width = data.length / (batch * length);
  const start = (b * length + at) * width;
  return data.slice(start, start + width);
}
