import { ProblemError } from "../../protocol/problem";
import type { Relation } from "../../protocol/relation";
import type { LanguageModel } from "../models/languageModel";
import { buildPrompts, runPrompts, type PromptSet } from "../prompts/promptSet";
import { readOut } from "../prompts/readout";
import { unknownTokenProblems } from "../prompts/unknownTokens";
import { allRows } from "../sections/activationRows";
import type { Matrix } from "../linalg/matrix";
import type { NamedRelation } from "./readRelations";

/** A relation's prompts in its first template, and what the model says to them. */
export interface RelationRun {
  readonly named: NamedRelation;
  readonly template: string;
  /** f after the subject and after the prompt, [samples, d]. */
  readonly before: Matrix;
  readonly after: Matrix;
  /** Answer token of each prompt: of the object, else the model's own top answer. */
  readonly answers: readonly number[];
  /** Share of the prompts with an object of which the model gives it first; null without objects. */
  readonly correct: number | null;
}

export interface RelationRuns {
  readonly runs: readonly RelationRun[];
  readonly tokens: number;
}

interface RunHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * One pass of the model over the prompts of all relations.
 * @throws ProblemError for tokens that the model does not know
 * @throws Cancelled
 */
export async function runRelations(
  relations: readonly NamedRelation[],
  model: LanguageModel,
  hooks: RunHooks,
): Promise<RelationRuns> {
  const firsts = relations.map(({ relation }) => ({ ...relation, templates: relation.templates.slice(0, 1) }));
  const sets = firsts.map((relation) => buildPrompts(relation, model));
  const unknown = relations.flatMap(({ path, samples }, i) => unknownIn(sets[i], firsts[i], model, path, samples));
  if (unknown.length > 0) throw new ProblemError(unknown);
  const prompts = sets.flatMap((set) => set.prompts);
  const activations = await runPrompts(
    prompts.map(({ tokens }) => tokens),
    model,
    { layers: [], ...hooks },
  );
  const d = model.description.hiddenSize;
  const runs: RelationRun[] = [];
  let at = 0;
  for (const [i, named] of relations.entries()) {
    hooks.signal.throwIfAborted();
    const set = sets[i];
    if (set === undefined) continue;
    const part = (rows: typeof activations.f) => rows.subarray(at * d, (at + set.prompts.length) * d);
    const f = part(activations.f);
    runs.push({
      named,
      template: named.relation.templates[0] ?? "",
      before: allRows(part(activations.fSubject), d),
      after: allRows(f, d),
      ...(await answersTo(set, f, model)),
    });
    at += set.prompts.length;
  }
  return { runs, tokens: activations.tokens };
}

function unknownIn(
  set: PromptSet | undefined,
  relation: Relation | undefined,
  model: LanguageModel,
  path: string,
  samples: NamedRelation["samples"],
) {
  return set === undefined || relation === undefined ? [] : unknownTokenProblems(set, relation, model, path, samples);
}

async function answersTo(
  set: PromptSet,
  f: Parameters<LanguageModel["logits"]>[0],
  model: LanguageModel,
): Promise<Pick<RelationRun, "answers" | "correct">> {
  const logits = await model.logits(f);
  const width = model.description.vocabularySize;
  const readouts = set.prompts.map(({ answer }, i) =>
    readOut(logits.subarray(i * width, (i + 1) * width), answer?.first ?? null, 1),
  );
  const asked = readouts.filter((_, i) => set.prompts[i]?.answer != null);
  return {
    answers: readouts.map(({ answer }) => answer),
    correct: asked.length === 0 ? null : asked.filter(({ rank }) => rank === 1).length / asked.length,
  };
}
