/** What a command line run sees of the world; tests give their own. */
export interface Io {
  readonly out: OutputStream;
  readonly err: OutputStream;
  readonly cwd: string;
  /** Fires when the user interrupts. */
  readonly signal: AbortSignal;
}

export interface OutputStream {
  readonly isTerminal: boolean;
  readonly colour: boolean;
  /** Resolves once the text is handed over, so that a pipe is never cut. */
  write(text: string): Promise<void>;
}

/** Exit statuses, docs/command-line.md. */
export const exitStatus = { done: 0, usage: 1, input: 2, model: 3, failed: 4, internal: 70, interrupted: 130 } as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** The command line itself is wrong; ends with status 1. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}
