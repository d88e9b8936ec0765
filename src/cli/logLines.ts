import type { EngineHooks } from "./engineApi";
import type { Io } from "./io";

/** What the engine logs, on standard error where the user asked for it. */
export function logTo(io: Io, verbose: boolean): EngineHooks["onLog"] {
  return (level, message) => {
    if (verbose) void io.err.write(`${level}: ${message}\n`);
  };
}
