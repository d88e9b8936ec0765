import type { Floats, LanguageModel } from "../models/languageModel";
import { stack } from "../prompts/promptSet";
import type { AlignedContexts } from "./alignContexts";

/** Rows in the order of the contexts. */
export interface ContextActivations {
  /** f at the last token of every context, [contexts, hiddenSize]. */
  readonly f: Floats;
  /** h_l likewise, of the contexts that were asked for: [contexts, width of layer l]. */
  readonly residual: ReadonlyMap<number, Floats>;
  /** Tokens that were run. */
  readonly tokens: number;
}

export interface RunContextsOptions {
  /** Layers to read; none where absent. */
  readonly layers?: readonly number[];
  /** Whether h_l is kept at a context, by its place; at all of them where absent. */
  readonly residualAt?: (context: number) => boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * One pass of a model over every passage.
 * @param which place of the model among those that the contexts were aligned for
 * @throws Cancelled
 */
export async function runContexts(
  model: LanguageModel,
  aligned: AlignedContexts,
  which: number,
  { layers = [], residualAt = () => true, signal, onProgress }: RunContextsOptions = {},
): Promise<ContextActivations> {
  let context = 0;
  const prompts = (aligned.prompts[which] ?? []).map(({ ids, at }) => {
    const kept = at.filter(() => residualAt(context++));
    return { ids, finalAt: at, residualAt: layers.length === 0 ? [] : kept };
  });
  const { final, residual, tokens } = await model.forward(prompts, {
    layers,
    ...(signal !== undefined && { signal }),
    ...(onProgress !== undefined && { onProgress }),
  });
  return {
    f: stack(final.flat()),
    residual: new Map([...residual].map(([layer, rows]) => [layer, stack(rows.flat())] as const)),
    tokens,
  };
}
