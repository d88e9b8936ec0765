import { nearest } from "../formats/nearest";
import { executionProviders, type ExecutionProvider } from "../protocol/engine";
import { UsageError } from "./io";

/** What runs the model: options of every command that opens one. */
export const executionOptions = { provider: "value", threads: "value" } as const;

export interface ExecutionChoice {
  readonly provider: ExecutionProvider;
  /** 0 leaves their number to onnxruntime. */
  readonly threads: number;
}

/** @throws UsageError */
export function readExecution(values: ReadonlyMap<string, string>): ExecutionChoice {
  return { provider: readProvider(values.get("provider")), threads: readThreads(values.get("threads")) };
}

function readProvider(text = "auto"): ExecutionProvider {
  const provider = executionProviders.find((name) => name === text);
  if (provider !== undefined) return provider;
  const meant = nearest(text, executionProviders);
  throw new UsageError(
    `--provider ${text} is not known.`,
    meant === null ? `Choose from ${executionProviders.join(", ")}.` : `Did you mean ${meant}?`,
  );
}

const mostThreads = 256;

function readThreads(text = "0"): number {
  const threads = /^\d+$/.test(text) ? Number(text) : NaN;
  if (threads <= mostThreads) return threads;
  throw new UsageError(
    `--threads ${text} is not a number of threads.`,
    `Write a whole number up to ${mostThreads}; 0 leaves it to onnxruntime.`,
  );
}
