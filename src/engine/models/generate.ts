import type { Floats, LanguageModel, PromptTokens } from "./languageModel";

/** A text to go on from. Injections stay where they are while it grows. */
export type GenerationPrompt = Pick<PromptTokens, "ids" | "injections">;

/**
 * The most probable next token, `count` times over; of equal ones that with the lower id. A continuation ends early
 * before a special token, which is not part of it. Steps of several prompts run together.
 *
 * @returns ids that follow each prompt, at most `count`
 * @throws Cancelled
 * @throws ProblemError where vectors cannot be injected
 */
export async function generate(
  model: LanguageModel,
  prompts: readonly GenerationPrompt[],
  count: number,
  signal?: AbortSignal,
): Promise<number[][]> {
  const special = new Set(model.tokenizer.specialIds);
  const continuations = prompts.map((): number[] => []);
  let growing = prompts.map((prompt, i) => ({ prompt, continuation: continuations[i] ?? [] }));
  for (let step = 0; step < count && growing.length > 0; step++) {
    const { final } = await model.forward(
      growing.map(({ prompt, continuation }): PromptTokens => {
        const ids = [...prompt.ids, ...continuation];
        return { ...prompt, ids, finalAt: [ids.length - 1], residualAt: [] };
      }),
      { layers: [], ...(signal && { signal }) },
    );
    const logits = await model.logits(joined(final.map(([f]) => f ?? new Float32Array())));
    const vocabulary = logits.length / growing.length;
    growing = growing.filter(({ continuation }, row) => {
      const next = mostProbable(logits.subarray(row * vocabulary, (row + 1) * vocabulary));
      if (special.has(next)) return false;
      continuation.push(next);
      return true;
    });
  }
  return continuations;
}

function mostProbable(logits: Floats): number {
  let best = 0;
  logits.forEach((value, id) => {
    if (value > (logits[best] ?? -Infinity)) best = id;
  });
  return best;
}

function joined(rows: readonly Floats[]): Float32Array {
  const width = rows[0]?.length ?? 0;
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => out.set(row, i * width));
  return out;
}
