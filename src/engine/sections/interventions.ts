import type { Floats, Injection, PromptTokens } from "../models/languageModel";
import { stack } from "../prompts/promptSet";
import type { TokenizedPrompt } from "../prompts/promptTokens";
import type { Study } from "./study";

/** Layers are spread evenly over the model where it has more: every one costs hundreds of passes. */
const mostLayers = 6;

/** Logits kept at a time. */
const mostLogits = 4e6;

/**
 * The layers at which states are changed: those that were read and can be, below the last, whose states are not read
 * by any other token. Of more than six, six that are evenly spread, the lowest and the highest among them.
 */
export function interventionLayers({ layers, model }: Study): number[] {
  const possible = layers.filter((layer) => model.injectable.includes(layer) && layer < model.description.layers);
  if (possible.length <= mostLayers) return possible;
  const places = Array.from({ length: mostLayers }, (_, k) =>
    Math.round((k * (possible.length - 1)) / (mostLayers - 1)),
  );
  return places.flatMap((place) => possible[place] ?? []);
}

/** A prompt run with something added to its residual stream. */
export interface Intervention {
  readonly prompt: TokenizedPrompt;
  readonly injections: readonly Injection[];
}

/**
 * Runs the prompts and hands the logits after the last token of each to `read`, in order.
 * @throws Cancelled
 */
export async function runInterventions(
  { model, signal }: Study,
  interventions: readonly Intervention[],
  read: (logits: Floats, place: number) => void,
  onProgress?: (share: number) => void,
): Promise<void> {
  if (interventions.length === 0) return;
  const { final } = await model.forward(
    interventions.map(({ prompt: { ids }, injections }): PromptTokens => ({
      ids,
      finalAt: [ids.length - 1],
      residualAt: [],
      injections,
    })),
    { layers: [], signal, onProgress: (done, total) => onProgress?.(done / total) },
  );
  const vocabulary = model.description.vocabularySize;
  const size = Math.max(1, Math.floor(mostLogits / vocabulary));
  for (let start = 0; start < final.length; start += size) {
    signal.throwIfAborted();
    const some = final.slice(start, start + size);
    const logits = await model.logits(stack(some.map(([f]) => f)));
    some.forEach((_, k) => read(logits.subarray(k * vocabulary, (k + 1) * vocabulary), start + k));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
