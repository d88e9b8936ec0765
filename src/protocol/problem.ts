/** What kind of thing is wrong; the command line's exit status follows from it. */
export type ProblemKind = "usage" | "input" | "model" | "internal";

/** Position in a text file; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** Something that a user can understand and mend. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Stable, in kebab case: `relation-no-samples`. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** What happened, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
  readonly file?: string;
  readonly position?: Position;
}

/** Carries problems through code that cannot go on. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(describeProblem).join("\n"));
  }
}

/** One line: `file:line:column: message remedy`. */
export function describeProblem(problem: Problem): string {
  const where =
    problem.file === undefined
      ? ""
      : problem.position === undefined
        ? `${problem.file}: `
        : `${problem.file}:${problem.position.line}:${problem.position.column}: `;
  return `${where}${problem.message} ${problem.remedy}`;
}
