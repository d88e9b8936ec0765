import type { Floats, LanguageModel, PromptTokens } from "../models/languageModel";
import type { Relation } from "../../protocol/relation";
import { promptForms, type PromptForm } from "./promptForms";
import { promptTokenizer, tokenizeAnswer, type AnswerTokens, type TokenizedPrompt } from "./promptTokens";

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
  /** By template. */
  readonly forms: readonly PromptForm[];
  readonly samples: number;
  readonly templates: number;
}

/** @throws ProblemError where the model's chat template does not take a chat of the relation */
export function buildPrompts(relation: Relation, model: Pick<LanguageModel, "tokenizer">): PromptSet {
  const forms = promptForms(relation, model.tokenizer);
  const prompts = forms.flatMap((form, t) => {
    const tokenize = promptTokenizer(model.tokenizer, form);
    return relation.samples.map(({ subject, object }, sample): RelationPrompt => {
      const tokens = tokenize(subject);
      const answer =
        object === undefined ? null : tokenizeAnswer(model.tokenizer, tokens, object, form.answerSeparator);
      return { template: t, sample, tokens, answer };
    });
  });
  return { prompts, forms, samples: relation.samples.length, templates: relation.templates.length };
}

/** What one pass over a prompt set gives. Rows are prompts. */
export interface PromptActivations {
  /** f after the last token, [prompts, d]. */
  readonly f: Floats;
  /** f after the subject, [prompts, d]. */
  readonly fSubject: Floats;
  /** h_l at the subject's last token, [prompts, width of layer l]. */
  readonly residual: ReadonlyMap<number, Floats>;
  /** Absent where every subject is one token, and where nobody has asked yet. */
  readonly subjects?: SubjectActivations;
  readonly tokens: number;
}

/** f and h_l at every token of every subject, prompt by prompt. */
export interface SubjectActivations {
  /** Prompt i has rows starts[i] … starts[i + 1] − 1; [prompts + 1]. */
  readonly starts: Int32Array;
  /** [tokens of all subjects, d] */
  readonly f: Floats;
  /** [tokens of all subjects, width of layer l] */
  readonly residual: ReadonlyMap<number, Floats>;
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
  const several = set.some(({ subjectStart, subjectEnd }) => subjectStart < subjectEnd);
  const wanted = set.map((prompt): PromptTokens => {
    const { ids, subjectEnd } = prompt;
    const span = several ? subjectPositions(prompt) : [];
    return { ids, finalAt: [ids.length - 1, subjectEnd, ...span], residualAt: [subjectEnd, ...span] };
  });
  const { final, residual, tokens } = await model.forward(wanted, options);
  return {
    ...(several && {
      subjects: subjectActivations(
        set,
        final.map((positions) => positions.slice(2)),
        new Map([...residual].map(([layer, rows]) => [layer, rows.map((positions) => positions.slice(1))] as const)),
      ),
    }),
    f: stack(final.map((positions) => positions[0])),
    fSubject: stack(final.map((positions) => positions[1])),
    residual: new Map(
      [...residual].map(([layer, rows]) => [layer, stack(rows.map((positions) => positions[0]))] as const),
    ),
    tokens,
  };
}

/** As `subjects` of `runPrompts`, by a pass of its own. @throws Cancelled */
export async function runSubjects(
  set: readonly TokenizedPrompt[],
  model: LanguageModel,
  options: Pick<RunOptions, "layers" | "signal">,
): Promise<SubjectActivations> {
  const wanted = set.map((prompt): PromptTokens => {
    const span = subjectPositions(prompt);
    return { ids: prompt.ids.slice(0, prompt.subjectEnd + 1), finalAt: span, residualAt: span };
  });
  const { final, residual } = await model.forward(wanted, options);
  return subjectActivations(set, final, residual);
}

function subjectPositions({ subjectStart, subjectEnd }: TokenizedPrompt): number[] {
  return Array.from({ length: subjectEnd - subjectStart + 1 }, (_, k) => subjectStart + k);
}

function subjectActivations(
  set: readonly TokenizedPrompt[],
  final: readonly (readonly Floats[])[],
  residual: ReadonlyMap<number, readonly (readonly Floats[])[]>,
): SubjectActivations {
  const starts = new Int32Array(set.length + 1);
  set.forEach((prompt, i) => (starts[i + 1] = (starts[i] ?? 0) + subjectPositions(prompt).length));
  return {
    starts,
    f: stack(final.flat()),
    residual: new Map([...residual].map(([layer, rows]) => [layer, stack(rows.flat())] as const)),
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
