import { setFlagsFromString } from "node:v8";

const flags = [
  // A heap may grow to six times what is alive in it, some ten megabytes in a thread. By itself V8 marks it after every
  // 24 MB of new arrays, fifty times per report, with threads that take a tenth of the processors from the analyses.
  "--heap-growing-percent=500",
  // Several threads for the few megabytes of the newest objects: to start and to join them takes longer than they spare.
  "--no-parallel-scavenge",
];

/**
 * Collects garbage less often, and without threads of its own where each thread has a processor's worth of work. Both
 * flags are looked at by every collection, so that they may be set in a process that runs; the threads are to be
 * started after it.
 *
 * The editor's own Node.js may have frozen V8's flags, and ends where one is set: there nothing is done.
 */
export function tuneGarbageCollection(): void {
  if (process.versions["electron"] !== undefined) return;
  for (const flag of flags) setFlagsFromString(flag);
}
