import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { modelProblem } from "./modelProblem";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const ids = v.array(v.pipe(v.number(), v.integer(), v.minValue(0)));
const oneOrMore = v.union([v.number(), v.array(v.number())]);
const first = v.optional(v.nullable(oneOrMore));

const sizes = {
  num_hidden_layers: v.optional(count),
  n_layer: v.optional(count),
  n_layers: v.optional(count),
  num_layers: v.optional(count),
  num_attention_heads: v.optional(count),
  n_head: v.optional(count),
  num_key_value_heads: v.optional(count),
  head_dim: v.optional(v.nullable(count)),
  hidden_size: v.optional(count),
  n_embd: v.optional(count),
  vocab_size: v.optional(count),
};

const configFile = v.looseObject({
  ...sizes,
  bos_token_id: first,
  torch_dtype: v.optional(v.nullable(v.string())),
  _name_or_path: v.optional(v.string()),
  text_config: v.optional(v.looseObject({ ...sizes, bos_token_id: first })),
  untrained_token_ids: v.optional(ids),
  relation_lens_note: v.optional(v.string()),
});

const genaiFile = v.looseObject({
  model: v.looseObject({
    bos_token_id: first,
    vocab_size: v.optional(count),
    decoder: v.optional(
      v.looseObject({
        filename: v.optional(v.string()),
        num_hidden_layers: v.optional(count),
        num_attention_heads: v.optional(count),
        num_key_value_heads: v.optional(count),
        head_size: v.optional(count),
        hidden_size: v.optional(count),
      }),
    ),
  }),
});

/** What a model's folder says about it; everything may be absent, and nothing is believed without a check. */
export interface ModelConfig {
  readonly layers: number | undefined;
  readonly hiddenSize: number | undefined;
  readonly vocabularySize: number | undefined;
  readonly keyValueHeads: number | undefined;
  readonly headSize: number | undefined;
  readonly bosTokenId: number | undefined;
  readonly untrainedTokenIds: readonly number[];
  readonly note: string | null;
  /** Graph file that genai_config.json names. */
  readonly graphFile: string | undefined;
}

/** Reads `config.json`, `genai_config.json` and the `bos_token_id` of `generation_config.json`. @throws ProblemError */
export function readConfig(folder: string): ModelConfig {
  const config = parse(join(folder, "config.json"), configFile);
  const genai = parse(join(folder, "genai_config.json"), genaiFile)?.model;
  const generation = parse(join(folder, "generation_config.json"), v.looseObject({ bos_token_id: first }));
  const text = config?.text_config;
  const decoder = genai?.decoder;
  const hiddenSize = config?.hidden_size ?? config?.n_embd ?? text?.hidden_size ?? decoder?.hidden_size;
  const heads =
    config?.num_attention_heads ?? config?.n_head ?? text?.num_attention_heads ?? decoder?.num_attention_heads;
  const headSize =
    config?.head_dim ??
    text?.head_dim ??
    decoder?.head_size ??
    (hiddenSize !== undefined && heads !== undefined ? hiddenSize / heads : undefined);
  return {
    layers:
      config?.num_hidden_layers ??
      config?.n_layer ??
      config?.n_layers ??
      config?.num_layers ??
      text?.num_hidden_layers ??
      decoder?.num_hidden_layers,
    hiddenSize,
    vocabularySize: config?.vocab_size ?? text?.vocab_size ?? genai?.vocab_size,
    keyValueHeads: config?.num_key_value_heads ?? text?.num_key_value_heads ?? decoder?.num_key_value_heads ?? heads,
    headSize,
    bosTokenId: firstOf(config?.bos_token_id ?? text?.bos_token_id ?? generation?.bos_token_id ?? genai?.bos_token_id),
    untrainedTokenIds: config?.untrained_token_ids ?? [],
    note: config?.relation_lens_note ?? null,
    graphFile: decoder?.filename,
  };
}

const firstOf = (value: number | number[] | null | undefined): number | undefined =>
  (Array.isArray(value) ? value[0] : value) ?? undefined;

const maximumBytes = 16 << 20;

/** @returns `undefined` where there is no such file. @throws ProblemError where it is not what it should be. */
function parse<T>(path: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  if (!existsSync(path)) return undefined;
  const wrong = (reason: string) =>
    modelProblem("model-config", path, `This file cannot be read: ${reason}.`, "Download or export the model again.");
  if (statSync(path).size > maximumBytes) throw wrong("it is larger than 16 MiB");
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw wrong(`${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
}
