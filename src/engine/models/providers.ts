import type { ExecutionProvider } from "../../protocol/engine";
import { productGraph } from "./editGraph";
import { createSession, loadRuntime, type Execution } from "./runtime";

/** What sessions run on, and why it is not what was asked for. */
export interface ProviderChoice {
  readonly execution: Execution;
  /** A sentence; null where nothing else was asked for. */
  readonly fallback: string | null;
}

/**
 * The execution provider asked for, else the CPU. `auto` is the CPU: the analyses run prompts of a few tokens,
 * for which moving weights elsewhere does not pay, and its figures are the same on every machine.
 * @param threads 0 leaves their number to onnxruntime
 */
export async function chooseProvider(wanted: ExecutionProvider, threads: number): Promise<ProviderChoice> {
  if (wanted === "auto" || wanted === "cpu") return { execution: { provider: "cpu", threads }, fallback: null };
  const reason = await missing(wanted);
  if (reason === null) return { execution: { provider: wanted, threads }, fallback: null };
  return {
    execution: { provider: "cpu", threads },
    fallback: `The execution provider ${wanted} cannot be used here: ${reason}. The model runs on the CPU.`,
  };
}

/** Why a provider cannot be used; only a session shows whether its driver is there. */
async function missing(provider: Execution["provider"]): Promise<string | null> {
  const { listSupportedBackends } = await loadRuntime();
  const offered = listSupportedBackends().map(({ name }) => name);
  if (!offered.includes(provider)) {
    return `the installed onnxruntime offers ${offered.join(", ")} on this system`;
  }
  try {
    const session = await createSession(productGraph(false), "", "all", { provider, threads: 0 });
    await session.release();
    return null;
  } catch (error) {
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return first.trim().slice(0, 300).replace(/\.$/, "");
  }
}
