import type { Floats } from "../../models/languageModel";
import type { Study } from "../study";

/** f + α v of one prompt, [d]. */
export function steeredState(
  { activations, set, model }: Study,
  template: number,
  sample: number,
  vector: Float64Array,
  alpha: number,
): Floats {
  const d = model.description.hiddenSize;
  const from = (template * set.samples + sample) * d;
  return activations.f.slice(from, from + d).map((x, j) => x + alpha * (vector[j] ?? 0));
}
