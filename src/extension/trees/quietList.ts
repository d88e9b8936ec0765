/** Milliseconds; what writes several files at once causes one look at them. */
const settle = 200;

/**
 * What a tree lists. It is drawn anew only where it has changed, since the editor loses a click while it draws.
 */
export class QuietList<T> {
  private timer: NodeJS.Timeout | undefined;
  /** What the view shows; null before it was asked for. */
  private shown: string | null = null;

  /**
   * @param fingerprint tells two lists apart that look different
   * @param redraw has the view ask again
   */
  constructor(
    private readonly read: () => Promise<T[]>,
    private readonly fingerprint: (items: readonly T[]) => string,
    private readonly redraw: () => void,
  ) {}

  /** For the view. */
  async list(): Promise<T[]> {
    const items = await this.read();
    this.shown = this.fingerprint(items);
    return items;
  }

  /** Looks again, in a moment. */
  refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      // What cannot be read is the view's to tell, which asks for it then.
      this.lookAgain().catch(() => this.redraw());
    }, settle);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async lookAgain(): Promise<void> {
    // What the view has not asked for yet it will ask for by itself.
    if (this.shown === null) return;
    if (this.fingerprint(await this.read()) !== this.shown) this.redraw();
  }
}
