import type { ExecutionProvider, ModelDescription } from "../../protocol/engine";
import { ProblemError } from "../../protocol/problem";
import { productGraph } from "./editGraph";
import { hiddenStates } from "./hiddenStates";
import type { Floats, LanguageModel, PromptTokens, Tokenizer, Unembedding } from "./languageModel";
import { loadModel, type LoadedModel } from "./loadModel";
import { modelProblem, throwIfCancelled } from "./modelProblem";
import { chooseProvider } from "./providers";
import { createSession, floats, type Execution } from "./runtime";
import { readTokenizer, type Bos } from "./tokenizer";
import type { HeadWeights } from "./unembedding";

export { Cancelled } from "./modelProblem";

export interface OpenOptions {
  readonly bos: Bos;
  readonly signal?: AbortSignal;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
  /** In words, such as "checking the graph". */
  readonly onProgress?: (detail: string) => void;
}

export type DescribeOptions = Partial<Pick<OpenOptions, "signal" | "provider" | "threads">>;

/**
 * Opens a model for analysis.
 * @param path folder (config.json, tokenizer.json, onnx/model.onnx or model.onnx) or `.onnx` file
 * @throws ProblemError where it cannot be used. @throws Cancelled
 */
export async function openModel(path: string, options: OpenOptions): Promise<LanguageModel> {
  const { bos, signal, onProgress, provider = "auto", threads = 0 } = options;
  throwIfCancelled(signal);
  const { execution, fallback } = await chooseProvider(provider, threads);
  onProgress?.("reading and checking the graph");
  const loaded = await loadModel(path, { signal, execution });
  try {
    onProgress?.("reading the tokeniser");
    const { folder, config } = loaded.location;
    const tokenizer = readTokenizer(folder, bos, config.bosTokenId);
    return languageModel(loaded, tokenizer, execution, fallback);
  } catch (error) {
    await loaded.hidden.session.release();
    throw error;
  }
}

/** What the loader finds, and its checks; works without a tokeniser. @throws ProblemError @throws Cancelled */
export async function describeModel(path: string, options: DescribeOptions = {}): Promise<ModelDescription> {
  const { signal, provider = "auto", threads = 0 } = options;
  const { execution, fallback } = await chooseProvider(provider, threads);
  const loaded = await loadModel(path, { signal, execution });
  await loaded.hidden.session.release();
  const { folder, config } = loaded.location;
  const notes = [...loaded.description.notes];
  let hasTokenizer = true;
  try {
    readTokenizer(folder, "auto", config.bosTokenId);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    hasTokenizer = false;
    notes.push(...error.problems.map((p) => p.message));
  }
  return { ...loaded.description, hasTokenizer, ...withFallback(fallback), notes };
}

/** Nothing where the model runs on what was asked for. */
const withFallback = (fallback: string | null) => (fallback === null ? {} : { providerFallback: fallback });

function languageModel(
  loaded: LoadedModel,
  tokenizer: Tokenizer,
  execution: Execution,
  fallback: string | null,
): LanguageModel {
  const { head, hidden, injecting, location } = loaded;
  const product = productSession(head, execution.threads);
  return {
    description: {
      ...loaded.description,
      hasTokenizer: true,
      ...withFallback(fallback),
      notes: [...loaded.description.notes, ...sizeNote(head, tokenizer)],
    },
    tokenizer,
    unembedding: unembedding(head, tokenizer, location.config.untrainedTokenIds),
    note: location.config.note,
    forward: async (prompts, options) => {
      refuseUnknownTokens(loaded, tokenizer, prompts);
      return hiddenStates(hidden, prompts, options, injecting);
    },
    injectable: injecting.layers,
    logits: async (f) => product.logits(hidden.runtime, f),
    close: async () => {
      await hidden.session.release();
      await injecting.close();
      await product.close();
    },
  };
}

function sizeNote(head: HeadWeights, tokenizer: Tokenizer): string[] {
  if (tokenizer.vocabularySize <= head.vocabulary) return [];
  return [
    `The tokeniser has ${tokenizer.vocabularySize} tokens, but the model gives ${head.vocabulary} logits: texts with tokens beyond those cannot be used.`,
  ];
}

function unembedding(head: HeadWeights, tokenizer: Tokenizer, untrained: readonly number[]): Unembedding {
  const excluded = new Set([...tokenizer.specialIds, ...untrained]);
  for (let id = tokenizer.vocabularySize; id < head.vocabulary; id++) excluded.add(id);
  return {
    weight: head.weight,
    bias: head.bias,
    vocabularySize: head.vocabulary,
    hiddenSize: head.hidden,
    excluded: [...excluded].filter((id) => id < head.vocabulary).sort((a, b) => a - b),
  };
}

/** @throws ProblemError for a token that the model has no row for. */
function refuseUnknownTokens(
  { head, location }: LoadedModel,
  tokenizer: Tokenizer,
  prompts: readonly PromptTokens[],
): void {
  for (const { ids } of prompts) {
    const unknown = ids.find((id) => !(id >= 0 && id < head.vocabulary));
    if (unknown === undefined) continue;
    throw modelProblem(
      "token-outside-vocabulary",
      location.folder,
      `The text “${tokenizer.decode(ids)}” has the token “${tokenizer.tokenText(unknown).trim()}” (${unknown}), but the model has ${head.vocabulary} tokens only.`,
      "Choose other words, or use the tokenizer.json that belongs to this model.",
    );
  }
}

/** logits = f gᵀ + b by onnxruntime on the CPU, where g lies, with the g that analyses see; its session is made when first needed. */
function productSession(head: HeadWeights, threads: number) {
  let session: ReturnType<typeof createSession> | undefined;
  return {
    logits: async (runtime: LoadedModel["hidden"]["runtime"], f: Floats): Promise<Float32Array> => {
      const rows = f.length / head.hidden;
      if (!Number.isInteger(rows)) throw new RangeError(`${f.length} numbers are not rows of ${head.hidden}`);
      if (rows === 0) return new Float32Array(0);
      session ??= createSession(productGraph(head.bias !== null), "", "all", { provider: "cpu", threads });
      const outputs = await (
        await session
      ).run({
        f: new runtime.Tensor("float32", f instanceof Float32Array ? f : Float32Array.from(f), [rows, head.hidden]),
        g: new runtime.Tensor("float32", head.weight, [head.vocabulary, head.hidden]),
        ...(head.bias === null ? {} : { b: new runtime.Tensor("float32", head.bias, [head.vocabulary]) }),
      });
      return floats(outputs["logits"]);
    },
    close: async () => {
      await (await session)?.release();
    },
  };
}
