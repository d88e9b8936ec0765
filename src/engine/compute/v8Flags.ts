import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";

const always = [
  // A heap may grow to six times what is alive in it, some ten megabytes in a thread. By itself V8 marks it after every
  // 24 MB of new arrays, fifty times per report, with threads that take a tenth of the processors from the analyses.
  "--heap-growing-percent=500",
  // Compiled simply from the first call: most of a report is computed by code that has just been loaded.
  "--always-sparkplug",
];

/**
 * V8's own threads help to collect the newest objects, and optimise functions beside those that run them. Where the
 * analyses leave no processor idle, that makes the whole slower.
 */
const withoutIdleProcessors = ["--no-parallel-scavenge", "--no-concurrent-recompilation"];

/** Flags of V8 that suit `threads` worker threads on so many processors. */
export function v8Flags(threads: number, processors: number): readonly string[] {
  return threads < processors ? always : [...always, ...withoutIdleProcessors];
}

/**
 * Fits V8 to `threads` worker threads that are started after it: it looks at these flags at every collection, when
 * code is compiled, and when a thread is started.
 *
 * The editor's own Node.js may have frozen V8's flags, and ends where one is set: there nothing is done.
 */
export function fitV8To(threads: number): void {
  if (process.versions["electron"] !== undefined) return;
  for (const flag of v8Flags(threads, availableParallelism())) setFlagsFromString(flag);
}
