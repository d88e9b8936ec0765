import { random } from "../../../src/engine/linalg/random";
import type { LanguageModel } from "../../../src/engine/models/languageModel";

/** The same model with its tokens under other numbers, and with one more token, which it is fond of. */
export function renumbered(model: LanguageModel, extra = " only-here"): LanguageModel {
  const { weight, vocabularySize, hiddenSize, bias } = model.unembedding;
  const size = vocabularySize + 1;
  const order = random(1, "renumbered").permutation(size);
  const numberOf = new Int32Array(size);
  order.forEach((old, id) => (numberOf[old] = id));
  const renumber = (ids: readonly number[]) => ids.map((id) => numberOf[id] ?? -1);
  const rows = new Float32Array(size * hiddenSize);
  order.forEach((old, id) => {
    if (old < vocabularySize) rows.set(weight.subarray(old * hiddenSize, (old + 1) * hiddenSize), id * hiddenSize);
  });
  return {
    ...model,
    description: { ...model.description, id: "renumbered", vocabularySize: size },
    tokenizer: {
      vocabularySize: size,
      specialIds: renumber(model.tokenizer.specialIds),
      encode: (text) => renumber(model.tokenizer.encode(text)),
      tokenText: (id) => (order[id] === vocabularySize ? extra : model.tokenizer.tokenText(order[id] ?? -1)),
      decode: (ids) => model.tokenizer.decode(ids.map((id) => order[id] ?? -1)),
    },
    unembedding: {
      weight: rows,
      bias,
      vocabularySize: size,
      hiddenSize,
      excluded: renumber(model.unembedding.excluded).sort((a, b) => a - b),
    },
    forward: (prompts, options) =>
      model.forward(
        prompts.map((prompt) => ({ ...prompt, ids: prompt.ids.map((id) => order[id] ?? -1) })),
        options,
      ),
    logits: async (f) => {
      const own = await model.logits(f);
      const n = own.length / vocabularySize;
      return Float32Array.from({ length: n * size }, (_, k) => {
        const old = order[k % size] ?? -1;
        return old === vocabularySize ? 50 : (own[Math.floor(k / size) * vocabularySize + old] ?? NaN);
      });
    },
  };
}

/** The model with all logits larger by a factor: another distribution. */
export function sharpened(model: LanguageModel, factor: number): LanguageModel {
  return {
    ...model,
    unembedding: { ...model.unembedding, weight: model.unembedding.weight.map((x) => x * factor) },
    logits: async (f) => (await model.logits(f)).map((x) => x * factor),
  };
}
