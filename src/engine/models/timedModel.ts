import type { LanguageModel } from "./languageModel";

/** The model, with the seconds that its forward passes and logits take handed to `add`. */
export function timedModel(model: LanguageModel, add: (seconds: number) => void): LanguageModel {
  const timed = async <T>(run: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await run();
    } finally {
      add((performance.now() - start) / 1000);
    }
  };
  return {
    description: model.description,
    tokenizer: model.tokenizer,
    unembedding: model.unembedding,
    note: model.note,
    injectable: model.injectable,
    forward: (prompts, options) => timed(() => model.forward(prompts, options)),
    logits: (f) => timed(() => model.logits(f)),
    close: () => model.close(),
  };
}
