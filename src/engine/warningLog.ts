import type { ReportWarning } from "../protocol/report";

/** Warnings of parts that run side by side, in an order that does not depend on who was first. */
export class WarningLog {
  private readonly parts = new Map<string, ReportWarning[]>();

  /** @param parts in the order in which the report lists them */
  constructor(parts: readonly string[]) {
    for (const part of parts) this.parts.set(part, []);
  }

  /** Adds a warning to a part; the same one is said once. */
  add(part: string, warning: ReportWarning): void {
    const known = this.parts.get(part) ?? [];
    this.parts.set(part, known);
    const same = ({ code, message }: ReportWarning) => code === warning.code && message === warning.message;
    if (!this.all().some(same)) known.push(warning);
  }

  all(): ReportWarning[] {
    return [...this.parts.values()].flat();
  }
}
