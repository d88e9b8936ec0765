import type { Floats, LanguageModel, PromptTokens } from "../models/languageModel";
import type { Relation } from "../../protocol/relation";
import { tokenizeAnswer, tokenizePrompt, type AnswerTokens, type TokenizedPrompt } from "./promptTokens";

/** One sample in one template. */
export interface RelationPrompt {
  readonly template: number;
  readonly sample: number;
  readonly tokens: TokenizedPrompt;
  /** Null where the sample has no object, or the object adds no token. */
  readonly answer: AnswerTokens | null;
}

/** All prompts of a relation, template by template in the file's order: row = template · n + sample. */
export interface PromptSet {
  readonly prompts: readonly RelationPrompt[];
  readonly samples: number;
  readonly templates: number;
}

export function buildPrompts(relation: Relation, model: LanguageModel): PromptSet {
  const prompts = relation.templates.flatMap((template, t) =>
    relation.samples.map(({ subject, object }, sample): RelationPrompt => {
      const tokens = tokenizePrompt(model.tokenizer, template, subject);
      const answer = object === undefined ? null : tokenizeAnswer(model.tokenizer, tokens, object);
      return { template: t, sample, tokens, answer };
    }),
  );
  return { prompts, samples: relation.samples.length, templates: relation.templates.length };
}

/** What one pass over a prompt set gives. Rows are prompts. */
export interface PromptActivations {
  /** f after the last token, [prompts, d]. */
  readonly f: Floats;
  /** f after the subject, [prompts, d]. */
  readonly fSubject: Floats;
  /** h_l at the subject's last token, [prompts, width of layer l]. */
  readonly residual: ReadonlyMap<number, Floats>;
  readonly tokens: number;
}

export interface RunOptions {
  readonly layers: readonly number[];
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** @throws Cancelled */
export async function runPrompts(
  set: readonly TokenizedPrompt[],
  model: LanguageModel,
  options: RunOptions,
): Promise<PromptActivations> {
  const wanted = set.map(({ ids, subjectEnd }): PromptTokens => ({
    ids,
    finalAt: [ids.length - 1, subjectEnd],
    residualAt: [subjectEnd],
  }));
  const { final, residual, tokens } = await model.forward(wanted, options);
  return {
    f: stack(final.map((positions) => positions[0])),
    fSubject: stack(final.map((positions) => positions[1])),
    residual: new Map(
      [...residual].map(([layer, rows]) => [layer, stack(rows.map((positions) => positions[0]))] as const),
    ),
    tokens,
  };
}

/** Rows of equal length into one array, [rows, width]; float64 where the first is. */
export function stack(rows: readonly (Floats | undefined)[]): Floats {
  const width = rows[0]?.length ?? 0;
  const out = new (rows[0] instanceof Float64Array ? Float64Array : Float32Array)(rows.length * width);
  rows.forEach((values, i) => {
    if (values?.length !== width) throw new RangeError(`row ${i} has width ${values?.length ?? 0}, expected ${width}`);
    out.set(values, i * width);
  });
  return out;
}
