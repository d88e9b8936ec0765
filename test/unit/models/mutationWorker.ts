import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../../../src/engine/linalg/random";
import { describeModel } from "../../../src/engine/models/openModel";
import { readTokenizer } from "../../../src/engine/models/tokenizer";
import { ProblemError } from "../../../src/protocol/problem";
import { mutated } from "./mutations";

/** What the parent sends: edits `seeds` of one file, in a folder where the rest of the model is. */
export interface MutationJob {
  readonly kind: "graph" | "tokenizer";
  readonly source: string;
  readonly folder: string;
  readonly file: string;
  readonly seeds: readonly number[];
}

/** `usable`, `refused <code>`, or what went wrong. */
export type MutationMessage = { readonly seed: number } & (
  | { readonly state: "started" }
  | { readonly state: "usable" }
  | { readonly state: "refused"; readonly code: string }
  | { readonly state: "wrong"; readonly why: string }
);

async function attempt(job: MutationJob, source: Uint8Array, seed: number): Promise<MutationMessage> {
  writeFileSync(join(job.folder, job.file), mutated(source, random(seed, `${job.kind} ${job.source}`)));
  try {
    const fault = job.kind === "graph" ? await graphFault(job.folder) : tokenizerFault(job.folder);
    return fault === null ? { seed, state: "usable" } : { seed, state: "wrong", why: fault };
  } catch (error) {
    if (!(error instanceof ProblemError)) return { seed, state: "wrong", why: describe(error) };
    const [problem] = error.problems;
    if (problem?.kind !== "model" || problem.message === "" || problem.remedy === "")
      return { seed, state: "wrong", why: `an unclear refusal: ${JSON.stringify(problem)}` };
    return { seed, state: "refused", code: problem.code };
  }
}

const describe = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** A model that loads must pass its checks, or say in a note what is wrong. */
async function graphFault(folder: string): Promise<string | null> {
  const { checks, notes } = await describeModel(folder);
  if (checks.length < 2) return `only ${checks.length} checks`;
  const failed = checks.filter(({ ok }) => !ok);
  return failed.length === 0 || notes.length > 0 ? null : `failed without a note: ${JSON.stringify(failed)}`;
}

function tokenizerFault(folder: string): string | null {
  const tokenizer = readTokenizer(folder, "auto", undefined);
  for (const text of ["cat cat", "The capital of Norway is", ""]) {
    const ids = tokenizer.encode(text);
    if (!ids.every((id) => Number.isInteger(id) && id >= 0)) return `ids ${ids.join()} for "${text}"`;
    const shown = ids.map((id) => tokenizer.tokenText(id));
    if (!shown.every((token) => typeof token === "string")) return `texts ${JSON.stringify(shown)}`;
    if (typeof tokenizer.decode(ids) !== "string") return "decoding gives no text";
  }
  return null;
}

process.on("message", (job: MutationJob) => {
  void (async () => {
    const source = readFileSync(job.source);
    for (const seed of job.seeds) {
      process.send?.({ seed, state: "started" } satisfies MutationMessage);
      process.send?.(await attempt(job, source, seed));
    }
    process.disconnect();
  })();
});
