import { exitStatus, type Io, type OutputStream } from "./io";
import { describeFault, runCli } from "./runCli";
import { wantsColour } from "./style";

const interrupted = new AbortController();

process.on("SIGINT", () => {
  // The second time, whatever still runs is not waited for.
  if (interrupted.signal.aborted) process.exit(exitStatus.interrupted);
  interrupted.abort();
});

for (const stream of [process.stdout, process.stderr]) {
  // The reader of a pipe, such as head, may stop early; that is no fault.
  stream.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? exitStatus.done : exitStatus.internal),
  );
}

process.on("uncaughtException", (error) => {
  process.stderr.write(`error: ${describeFault(error, process.argv.includes("--verbose"))}`, () =>
    process.exit(exitStatus.internal),
  );
});

const io: Io = {
  out: outputTo(process.stdout),
  err: outputTo(process.stderr),
  cwd: process.cwd(),
  signal: interrupted.signal,
};

void runCli(process.argv.slice(2), io, () => import("../engine/engine")).then((status) => process.exit(status));

function outputTo(stream: NodeJS.WriteStream): OutputStream {
  const isTerminal = stream.isTTY;
  return {
    isTerminal,
    colour: wantsColour(isTerminal, process.env),
    write: (text) => new Promise((resolve) => stream.write(text, () => resolve())),
  };
}
