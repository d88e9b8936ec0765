import type { LanguageModel } from "./languageModel";

/** The model, with the seconds during which it runs handed to `add`; passes that overlap count once. */
export function timedModel(
  model: LanguageModel,
  add: (seconds: number) => void,
  now: () => number = () => performance.now() / 1000,
): LanguageModel {
  let running = 0;
  let since = 0;
  const timed = async <T>(run: () => Promise<T>): Promise<T> => {
    if (running++ === 0) since = now();
    try {
      return await run();
    } finally {
      if (--running === 0) add(now() - since);
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
