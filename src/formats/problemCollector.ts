import type { Problem } from "../protocol/problem";
import type { LineIndex, Span } from "./lineIndex";

/** Gathers what is wrong with one file, and hands it out in the order of the text. */
export class ProblemCollector {
  private readonly found: Problem[] = [];

  constructor(
    private readonly file: string,
    private readonly lines: LineIndex,
  ) {}

  error(code: string, span: Span, message: string, remedy: string): void {
    this.add("error", code, span, message, remedy);
  }

  warn(code: string, span: Span, message: string, remedy: string): void {
    this.add("warning", code, span, message, remedy);
  }

  add(severity: Problem["severity"], code: string, span: Span, message: string, remedy: string): void {
    const position = this.lines.position(span);
    this.found.push({ kind: "input", code, severity, message, remedy, file: this.file, position });
  }

  lineOf(span: Span): number {
    return this.lines.position(span).line;
  }

  get hasErrors(): boolean {
    return this.found.some(({ severity }) => severity === "error");
  }

  /** Sorted by position. */
  get problems(): readonly Problem[] {
    const line = (problem: Problem) => problem.position?.line ?? 0;
    const column = (problem: Problem) => problem.position?.column ?? 0;
    return this.found.toSorted((a, b) => line(a) - line(b) || column(a) - column(b));
  }
}
