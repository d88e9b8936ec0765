import { generate } from "../../models/generate";
import { topToken } from "../../analysis/steering/logitComparison";
import type { Injection } from "../../models/languageModel";
import type { Study } from "../study";
import { steeredState } from "./steeredState";

export interface SteeredContinuation {
  readonly layer: "final" | number;
  /** v of α = 1, [width of the layer]. */
  readonly vector: Float64Array;
  readonly alpha: number;
  readonly template: number;
  readonly sample: number;
  /** Tokens. */
  readonly continuation: number;
}

/**
 * Greedy continuations without and with a vector. At a layer it stays at the subject's last token while the text
 * grows; at f it moves the first token alone, since f of the prompt's end is read only once.
 * @throws Cancelled
 */
export async function continueSteered(
  study: Study,
  { layer, vector, alpha, template, sample, continuation }: SteeredContinuation,
): Promise<{ readonly without: string; readonly with: string }> {
  const { model, signal, set } = study;
  const tokens = set.prompts[template * set.samples + sample]?.tokens;
  if (tokens === undefined || continuation === 0) return { without: "", with: "" };
  const { ids } = tokens;
  const untouched = { ids };
  const text = (continued: readonly number[] | undefined) => model.tokenizer.decode(continued ?? []);
  if (layer === "final") {
    const first = topToken(await model.logits(steeredState(study, template, sample, vector, alpha)));
    const ends = model.tokenizer.specialIds.includes(first);
    const [without] = await generate(model, [untouched], continuation, signal);
    const [rest] = ends ? [[]] : await generate(model, [{ ids: [...ids, first] }], continuation - 1, signal);
    return { without: text(without), with: text(ends ? [] : [first, ...(rest ?? [])]) };
  }
  const injections: Injection[] = [
    { layer, at: tokens.subjectEnd, vector: Float32Array.from(vector, (x) => alpha * x) },
  ];
  const [without, steered] = await generate(model, [untouched, { ids, injections }], continuation, signal);
  return { without: text(without), with: text(steered) };
}
