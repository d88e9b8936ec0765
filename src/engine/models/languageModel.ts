import type { ModelDescription } from "../../protocol/engine";
import type { ChatTemplate } from "./chatTemplate";

/** Float32 as a model gives them; float64 for its exact twins, which float32 would round. */
export type Floats = Float32Array | Float64Array;

/** A model as the analyses see it (linear-properties section 1). All arrays are row-major. */
export interface LanguageModel {
  readonly description: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly unembedding: Unembedding;
  /** A sentence for every view, such as that this is a teaching model; null for others. */
  readonly note: string | null;

  /**
   * Runs the prompts, batched by length; the order of the result is that of the prompts.
   * Cancellation takes effect between two batches. Prompts with injections run in a session of their own, which
   * is opened when first needed.
   * @throws Cancelled
   * @throws ProblemError when vectors are injected into a model whose residual stream was not found
   */
  forward(prompts: readonly PromptTokens[], options: ForwardOptions): Promise<Activations>;

  /** Layers at which vectors can be injected, ascending; empty for a model without a stack of layers. */
  readonly injectable: readonly number[];

  /** logits = scale · (f gᵀ + b) before any soft-cap, [rows, vocabularySize], for rows of f [rows, hiddenSize]. */
  logits(f: Floats): Promise<Floats>;

  close(): Promise<void>;
}

export interface PromptTokens {
  readonly ids: readonly number[];
  /** Positions at which the final hidden state is wanted, such as the last token. */
  readonly finalAt: readonly number[];
  /** Positions at which the residual stream is wanted, such as the subject's last token. */
  readonly residualAt: readonly number[];
  /** Vectors added to the residual stream on the way; h_l as read includes what was added after layer l. */
  readonly injections?: readonly Injection[];
}

/** A vector added to the residual stream after a layer, before anything reads it. */
export interface Injection {
  /** 0 = embeddings … L. */
  readonly layer: number;
  /** Position in the prompt. */
  readonly at: number;
  /** [width of that layer] */
  readonly vector: Float32Array;
}

export interface ForwardOptions {
  /** Layers to read, 0 = embeddings … L. */
  readonly layers: readonly number[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** `final[p][k]` is f of prompt p at its k-th wanted position; `residual.get(l)[p][k]` likewise for h_l. */
export interface Activations {
  readonly final: readonly (readonly Floats[])[];
  readonly residual: ReadonlyMap<number, readonly (readonly Floats[])[]>;
  /** Tokens that were run. */
  readonly tokens: number;
}

export interface Unembedding {
  /** g, [vocabularySize, hiddenSize]; scale and dequantisation folded in. */
  readonly weight: Floats;
  /** b, [vocabularySize]; null where the model has none. */
  readonly bias: Floats | null;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  /** Ids left out of Cov(g): special, padding beyond the tokeniser, never trained. Ascending. */
  readonly excluded: readonly number[];
}

export interface Tokenizer {
  readonly vocabularySize: number;
  /** With the special tokens that the tokeniser's own post-processor (or the `bos` setting) adds. */
  encode(text: string): readonly number[];
  /** Text of one token, with a leading space where it has one. */
  tokenText(id: number): string;
  decode(ids: readonly number[]): string;
  readonly specialIds: readonly number[];
  /** Absent where the model comes without one. */
  readonly chat?: ChatTemplate;
}
