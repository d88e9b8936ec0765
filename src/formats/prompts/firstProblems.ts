import type { Problem } from "../../protocol/problem";
import type { Span } from "../lineIndex";
import type { ProblemCollector } from "../problemCollector";

/** Many wrong lines are mostly one mistake made many times. */
const reported = 20;

/** Reports the first problems of each code. */
export class FirstProblems {
  private readonly counts = new Map<string, number>();

  constructor(private readonly problems: ProblemCollector) {}

  error(code: string, span: Span, message: string, remedy: string): void {
    this.add("error", code, span, message, remedy);
  }

  warn(code: string, span: Span, message: string, remedy: string): void {
    this.add("warning", code, span, message, remedy);
  }

  private add(severity: Problem["severity"], code: string, span: Span, message: string, remedy: string): void {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count <= reported) this.problems.add(severity, code, span, message, remedy);
  }
}
