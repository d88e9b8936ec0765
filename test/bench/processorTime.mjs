/** Preloaded by a benchmark: what all threads of the process took of the processor, in seconds, goes to a file. */
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    writeFileSync(process.env.PROCESSOR_TIME_FILE, String((user + system) / 1e6));
  });
}
