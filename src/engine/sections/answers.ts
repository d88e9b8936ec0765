import type { WordCode } from "../../protocol/engine";
import type { Relation } from "../../protocol/relation";
import type { Floats, LanguageModel } from "../models/languageModel";
import type { PromptSet } from "../prompts/promptSet";
import { readOut, wholeAnswerLogProbabilities, type Readout } from "../prompts/readout";
import type { Study } from "./study";

/** Full-vocabulary logits, one template at a time, since all at once may not fit in memory. */
export class TemplateLogits {
  private last: { readonly template: number; readonly logits: Floats } | null = null;

  constructor(
    private readonly model: LanguageModel,
    /** [prompts, d] */
    private readonly f: Floats,
    private readonly set: PromptSet,
  ) {}

  /** [samples, vocabulary] */
  async of(template: number): Promise<Floats> {
    if (this.last?.template === template) return this.last.logits;
    const width = this.set.samples * this.model.description.hiddenSize;
    const logits = await this.model.logits(this.f.subarray(template * width, (template + 1) * width));
    this.last = { template, logits };
    return logits;
  }
}

export const collisionCode = "answers-share-first-token" satisfies WordCode;

export function describeCollision({ objects, token }: Collision): string {
  const listed = objects.slice(0, 5).map((object) => `“${object}”`);
  const more = objects.length > listed.length ? ` and ${objects.length - listed.length} more` : "";
  return `The objects ${listed.join(", ")}${more} share their first token “${token}”; first-token figures cannot tell them apart.`;
}

export interface Answers {
  readonly readouts: readonly Readout[];
  readonly wholeAnswers: readonly (number | null)[];
}

/** What the model says to every prompt, with the warnings that follow from it. @throws Cancelled */
export async function readAnswers(
  set: PromptSet,
  model: LanguageModel,
  logits: TemplateLogits,
  collisions: readonly Collision[],
  signal: AbortSignal,
  warn: Study["warn"],
): Promise<Answers> {
  const vocabulary = model.description.vocabularySize;
  const readouts: Readout[] = [];
  for (let template = 0; template < set.templates; template++) {
    signal.throwIfAborted();
    const all = await logits.of(template);
    for (let sample = 0; sample < set.samples; sample++) {
      const answer = set.prompts[template * set.samples + sample]?.answer ?? null;
      const row = all.subarray(sample * vocabulary, (sample + 1) * vocabulary);
      readouts.push(readOut(row, answer?.first ?? null));
    }
  }
  warnAboutAnswers(set, readouts, collisions, warn);
  return { readouts, wholeAnswers: await wholeAnswerLogProbabilities(set.prompts, readouts, model, signal) };
}

/** Different objects whose first token is the same, so that first-token figures cannot tell them apart. */
export interface Collision {
  readonly token: string;
  readonly objects: readonly string[];
  /** Samples whose object is one of these, in the file's order. */
  readonly samples: readonly number[];
  /** Whether it leaves the relation with a single answer. */
  readonly only: boolean;
}

export function findCollisions(
  set: Pick<PromptSet, "prompts">,
  relation: Relation,
  model: Pick<LanguageModel, "tokenizer">,
): Collision[] {
  const byFirst = new Map<number, { objects: Set<string>; samples: number[] }>();
  relation.samples.forEach(({ object }, sample) => {
    const answer = set.prompts[sample]?.answer ?? null;
    if (answer === null || object === undefined) return;
    const group = byFirst.get(answer.first) ?? { objects: new Set(), samples: [] };
    byFirst.set(answer.first, group);
    group.objects.add(object);
    group.samples.push(sample);
  });
  return [...byFirst].flatMap(([token, { objects, samples }]) =>
    objects.size < 2
      ? []
      : [{ token: model.tokenizer.tokenText(token), objects: [...objects], samples, only: byFirst.size === 1 }],
  );
}

function warnAboutAnswers(
  set: PromptSet,
  readouts: readonly Readout[],
  collisions: readonly Collision[],
  warn: Study["warn"],
): void {
  for (const collision of collisions) warn(collisionCode, describeCollision(collision), "relation.samples");
  const split = set.prompts.filter(({ tokens }) => !tokens.splitsCleanly).length;
  if (split > 0) {
    warn(
      "subject-not-on-token-boundary",
      `In ${split} prompts a token spans the end of the subject; its last token is read instead.`,
      "prompts",
    );
  }
  const far = readouts.filter(({ rank }, i) => set.prompts[i]?.answer != null && rank > 100).length;
  if (far > 0) {
    warn(
      "answer-outside-top-100",
      `In ${far} of ${readouts.length} prompts the object is not among the model's 100 best answers.`,
      "prompts",
    );
  }
  const without = set.prompts.slice(0, set.samples).filter(({ answer }) => answer === null).length;
  if (without === set.samples) {
    warn("no-objects", "The file gives no objects: the model's own top answers are the labels.", "relation.samples");
  } else if (without > 0) {
    warn(
      "some-without-object",
      `${without} of ${set.samples} samples have no object: the model's own top answers are their labels.`,
      "relation.samples",
    );
  }
}
