import { readFileSync } from "node:fs";

/**
 * Milliseconds for which the main thread has computed since it began, the kernel's time on its behalf included; the wall
 * clock where the system does not say. What it waits for in vain, such as a processor, is the machine's doing; that it does
 * not wait for the system of its own will is the linter's to see (no call that is synchronous).
 */
export function busyTime(): number {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}
