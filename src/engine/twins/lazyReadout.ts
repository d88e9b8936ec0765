import type { Floats } from "../models/languageModel";
import { readOut, topCount, topEntries, type Readout } from "../prompts/readout";
import { once } from "./once";

/**
 * As `readOut`, but nothing is computed before it is asked for: most sections need the sample's own answer alone, or the
 * ids of the top tokens, which take no exponentials.
 *
 * @param given the sample's own answer
 * @param logits one row, [vocabulary]
 */
export function lazyReadout(given: number | null, logits: () => Floats): Readout {
  const row = once(logits);
  const whole = once(() => readOut(row(), given));
  const top = once(() =>
    topEntries(row(), topCount).map((id) => ({
      id,
      get logProbability() {
        return (row()[id] ?? NaN) - whole().logZ;
      },
    })),
  );
  return {
    get answer() {
      return given ?? top()[0]?.id ?? 0;
    },
    get logProbability() {
      return whole().logProbability;
    },
    get rank() {
      return whole().rank;
    },
    get top() {
      return top();
    },
    get logZ() {
      return whole().logZ;
    },
  };
}
