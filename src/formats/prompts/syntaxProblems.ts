import type { Span } from "../lineIndex";
import type { ProblemCollector } from "../problemCollector";

export function reportUnclosed(span: Span, problems: ProblemCollector): void {
  problems.error(
    "prompt-unclosed-braces",
    span,
    "The braces that open here are not closed.",
    "Add the closing braces, as in {{word}}.",
  );
}

/** What makes the text around the subject another for another subject, or comes from elsewhere. */
export function reportBlock(written: string, span: Span, problems: ProblemCollector): void {
  problems.error(
    "prompt-unsupported-block",
    span,
    `${written} makes the text depend on more than the subject's word; an analysis needs the same text for every subject.`,
    "Write the text that it stands for, and save other versions of it as prompts of their own.",
  );
}

/** Returns no text, so that reading goes on. */
export function reportExpression(written: string, span: Span, problems: ProblemCollector): string {
  const shown = written.length > 40 ? `${written.slice(0, 40)}…` : written;
  problems.error(
    "prompt-unsupported-expression",
    span,
    `${shown} computes something; only the name of a variable can be filled in.`,
    "Write a name such as {{word}}, and the samples as they are to stand in the prompt.",
  );
  return "";
}
