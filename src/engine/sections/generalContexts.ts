import { withOnes } from "../analysis/geometry/geometry";
import { alignContexts, type AlignedContexts } from "../contexts/alignContexts";
import type { Passages } from "../contexts/passages";
import { runContexts } from "../contexts/runContexts";
import type { Matrix } from "../linalg/matrix";
import { random } from "../linalg/random";
import { allRows } from "./activationRows";
import type { Study } from "./study";

/** Contexts beyond these would cost more than the relation itself; log-ratios over them are steady long before. */
const mostContexts = 200;

/**
 * At most 200 contexts, spread evenly over those of at most 200 passages that the model can read. With the model itself rather than the recorded one: twins know these
 * contexts by their tokens, and need no rows of g for them.
 */
export function generalAlignment({ texts }: Passages, model: Study["model"], seed: number): AlignedContexts {
  const chosen = random(seed, "general passages").permutation(texts.length).subarray(0, mostContexts).sort();
  const passages = Array.from(chosen).flatMap((place) => texts[place] ?? []);
  return alignContexts(passages, [model], { most: mostContexts, seed });
}

export interface GeneralContexts {
  readonly texts: readonly string[];
  /** [contexts, D]; with a bias, 1 as last column, so that f(x)·g(y) is the logit. */
  readonly f: Matrix;
  /** [contexts, hiddenSize] */
  readonly bare: Matrix;
}

const known = new WeakMap<Study["activations"], Promise<GeneralContexts | null>>();

/**
 * f in contexts that do not come from the relation: one pass, which all sections share. Null where the study has none.
 * @throws Cancelled
 */
export function generalContexts(study: Study): Promise<GeneralContexts | null> {
  const found = known.get(study.activations) ?? run(study);
  known.set(study.activations, found);
  // What failed, such as by a cancellation, is tried again.
  found.catch(() => known.delete(study.activations));
  return found;
}

async function run({ general, model, signal }: Study): Promise<GeneralContexts | null> {
  if (general === null || general.contexts.length < 2) return null;
  const { f } = await runContexts(model, general, 0, { signal });
  const bare = allRows(f, model.description.hiddenSize);
  return {
    texts: general.contexts.map(({ text }) => text),
    f: model.unembedding.bias === null ? bare : withOnes(bare),
    bare,
  };
}
