import type { Floats } from "../models/languageModel";
import { readOut, topCount, topEntries, type Readout } from "../prompts/readout";

/**
 * As `readOut`, but nothing is computed before it is asked for: most sections need the sample's own answer alone, or the
 * ids of the top tokens, which take no exponentials. A class, since a twin has hundreds, and an object with getters of
 * its own takes far longer to make.
 */
export class LazyReadout implements Readout {
  #row: Floats | null = null;
  #top: readonly TopEntry[] | null = null;
  #whole: Readout | null = null;

  /**
   * @param given the sample's own answer
   * @param logits one row, [vocabulary]
   */
  constructor(
    private readonly given: number | null,
    private readonly logits: () => Floats,
  ) {}

  get answer(): number {
    return this.given ?? this.top[0]?.id ?? 0;
  }

  get logProbability(): number {
    return this.whole.logProbability;
  }

  get rank(): number {
    return this.whole.rank;
  }

  get top(): readonly TopEntry[] {
    return (this.#top ??= topEntries(this.row, topCount).map((id) => new TopEntry(id, this)));
  }

  get logZ(): number {
    return this.whole.logZ;
  }

  get row(): Floats {
    return (this.#row ??= this.logits());
  }

  private get whole(): Readout {
    return (this.#whole ??= readOut(this.row, this.given));
  }
}

class TopEntry {
  constructor(
    readonly id: number,
    private readonly of: LazyReadout,
  ) {}

  get logProbability(): number {
    return (this.of.row[this.id] ?? NaN) - this.of.logZ;
  }
}
