import { ProblemError } from "../../protocol/problem";

/** Work was given up because its AbortSignal fired. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
  constructor() {
    super("Cancelled.");
  }
}

/** @throws Cancelled */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Cancelled();
}

/** A model that cannot be used: what was found and what to do, in a sentence each. */
export function modelProblem(code: string, file: string, message: string, remedy: string): ProblemError {
  return new ProblemError([{ kind: "model", code, severity: "error", message, remedy, file }]);
}

/** Graphs can be at odds with themselves in more ways than are looked for. */
export function notUnderstood(file: string, error: unknown): ProblemError {
  return modelProblem(
    "model-not-understood",
    file,
    `The graph cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
    "Download or export the model again.",
  );
}
