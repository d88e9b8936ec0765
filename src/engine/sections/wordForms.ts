import type { Matrix } from "../linalg/matrix";
import type { Floats } from "../models/languageModel";
import { stack } from "../prompts/promptSet";
import { allRows } from "./activationRows";
import type { Study } from "./study";

/** Neutral contexts in which a word's form is probed (linear-properties section 6). */
export const wordContexts: readonly { readonly name: string; readonly text: (word: string) => string }[] = [
  { name: "The word {}", text: (word) => `The word ${word}` },
  { name: "bare word", text: (word) => word },
];

/** f and h_l at the last token of each text; rows in the order of the texts. @throws Cancelled */
export async function runWords(
  { model, layers, signal }: Pick<Study, "model" | "layers" | "signal">,
  texts: readonly string[],
): Promise<{ f: Matrix; residual: Map<number, Matrix> }> {
  const prompts = texts.map((text) => {
    const ids = model.tokenizer.encode(text);
    return { ids, finalAt: [ids.length - 1], residualAt: [ids.length - 1] };
  });
  const { final, residual } = await model.forward(prompts, { layers, signal });
  const rows = (values: Floats) => allRows(values, values.length / texts.length);
  return {
    f: rows(stack(final.map((positions) => positions[0]))),
    residual: new Map(
      [...residual].map(([layer, all]) => [layer, rows(stack(all.map((positions) => positions[0])))] as const),
    ),
  };
}
