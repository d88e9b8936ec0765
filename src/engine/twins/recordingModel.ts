import type { KnownKlFit } from "../analysis/linearity/klLinearity";
import type { Floats, LanguageModel, PromptTokens } from "../models/languageModel";

/** What a model was asked, and so what its exact twins can answer: f depends on the tokens up to its position alone. */
export interface Recording {
  /** f by `contextKey` of the tokens up to it. */
  readonly contexts: ReadonlyMap<string, Floats>;
  /** Tokens of every text that was encoded. */
  readonly texts: ReadonlyMap<string, readonly number[]>;
  /** Texts of the tokens that were asked for. */
  readonly tokenTexts: ReadonlyMap<number, string>;
  /** Filled by `recordingKlFits`. */
  readonly klFits: Map<string, KnownKlFit>;
}

/** Name of the context that ends before position `end`. */
export function contextKey(ids: readonly number[], end = ids.length): string {
  return ids.slice(0, end).join(" ");
}

/** The same model, with a record of all f that it gives and all texts that it encodes. */
export function recordingModel(model: LanguageModel): { readonly model: LanguageModel; readonly recording: Recording } {
  const contexts = new Map<string, Floats>();
  const texts = new Map<string, readonly number[]>();
  const tokenTexts = new Map<number, string>();
  const { tokenizer } = model;

  const record = ({ ids, finalAt, injections }: PromptTokens, final: readonly Floats[]) => {
    // What was changed on the way is no answer to these tokens.
    if (injections !== undefined && injections.length > 0) return;
    finalAt.forEach((position, k) => {
      const f = final[k];
      if (f === undefined) return;
      const key = contextKey(ids, position + 1);
      const known = contexts.get(key);
      // Batches of another length may differ in the last digit, and sections run side by side: the choice must not
      // depend on which came first.
      if (known === undefined || isBefore(f, known)) contexts.set(key, f);
    });
  };

  return {
    model: {
      description: model.description,
      unembedding: model.unembedding,
      note: model.note,
      injectable: model.injectable,
      tokenizer: {
        ...(tokenizer.chat && { chat: tokenizer.chat }),
        vocabularySize: tokenizer.vocabularySize,
        specialIds: tokenizer.specialIds,
        encode: (text) => {
          const ids = texts.get(text) ?? tokenizer.encode(text);
          texts.set(text, ids);
          return ids;
        },
        tokenText: (id) => {
          const text = tokenizer.tokenText(id);
          tokenTexts.set(id, text);
          return text;
        },
        decode: (ids) => tokenizer.decode(ids),
      },
      forward: async (prompts, options) => {
        const activations = await model.forward(prompts, options);
        prompts.forEach((prompt, p) => record(prompt, activations.final[p] ?? []));
        return activations;
      },
      logits: (f) => model.logits(f),
      close: () => model.close(),
    },
    recording: { contexts, texts, tokenTexts, klFits: new Map() },
  };
}

/** Lexicographic order of numbers. */
function isBefore(a: Floats, b: Floats): boolean {
  const at = a.findIndex((x, j) => x !== b[j]);
  return at >= 0 && (a[at] ?? NaN) < (b[at] ?? NaN);
}
