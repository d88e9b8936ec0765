import { meanPool, momentPool, type TokenRows } from "./pooling";
import { probe, type ProbeOptions, type ProbeOutcome } from "./probes";
import type { ProbeTask } from "./probeTasks";

/** `probe` on what a pooling makes of all tokens of each subject. */
export function pooledProbe(
  task: ProbeTask,
  rows: TokenRows,
  pooling: "mean" | "moments",
  options: ProbeOptions,
): ProbeOutcome {
  return probe(task, pooling === "mean" ? meanPool(rows) : momentPool(rows), options);
}
