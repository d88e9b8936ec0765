import type { EngineApi } from "../../../src/cli/engineApi";
import type { Io, OutputStream } from "../../../src/cli/io";
import { runCli } from "../../../src/cli/runCli";
import { compareReports } from "../../../src/engine/compareReports";
import { simulate } from "../../../src/engine/simulate";
import { analyzeLikeEngine, describeLikeEngine, writeTwinLikeEngine } from "./likeEngine";

export * from "./likeEngine";

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

interface Recorder extends OutputStream {
  text: string;
}

function recorder(isTerminal: boolean): Recorder {
  return {
    text: "",
    isTerminal,
    colour: isTerminal,
    write(text) {
      this.text += text;
      return Promise.resolve();
    },
  };
}

/** Runs a command line in memory, with an engine of the test's own. */
export async function run(
  argv: readonly string[],
  options: {
    readonly cwd?: string;
    readonly engine?: Partial<EngineApi>;
    readonly signal?: AbortSignal;
    readonly terminal?: boolean;
  } = {},
): Promise<Ran> {
  const out = recorder(options.terminal ?? false);
  const err = recorder(options.terminal ?? false);
  const signal = options.signal ?? new AbortController().signal;
  const io: Io = { out, err, cwd: options.cwd ?? process.cwd(), signal };
  const engine: EngineApi = {
    analyze: analyzeLikeEngine,
    compareRelations: () => Promise.resolve({ ok: false, problems: [] }),
    compareReports,
    describe: describeLikeEngine,
    writeTwin: writeTwinLikeEngine,
    simulate,
    ...options.engine,
  };
  const status = await runCli(argv, io, () => Promise.resolve(engine));
  return { status, out: out.text, err: err.text };
}
