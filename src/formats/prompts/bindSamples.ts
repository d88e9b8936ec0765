import type { Sample } from "../../protocol/relation";
import type { Span } from "../lineIndex";
import type { ProblemCollector } from "../problemCollector";
import { maximumSamples } from "../relationSchema";
import { FirstProblems } from "./firstProblems";
import { unnamed, type DraftSample, type PromptDraft } from "./draft";

interface BoundSample {
  readonly sample: Sample;
  /** Where the object is written; the subject, without one. */
  readonly span: Span;
}

/**
 * The samples in the terms of a relation, each subject once.
 *
 * @param frozen values of the variables that vary beside the subject: samples with other values belong to another prompt.
 */
export function bindSamples(
  { samples, templates }: PromptDraft,
  subject: string | null,
  frozen: ReadonlyMap<string, string>,
  problems: ProblemCollector,
): BoundSample[] {
  const key = templates.length === 0 ? unnamed : (subject ?? unnamed);
  const kept = samples.filter((sample) => [...frozen].every(([name, value]) => isLike(sample, name, value)));
  reportFrozen(samples, kept, frozen, problems);
  const few = new FirstProblems(problems);
  const lines = new Map<string, { readonly line: number; readonly object: string | undefined }>();
  const bound: BoundSample[] = [];
  for (const sample of kept) {
    const read = readSample(sample, key, samples.length, few);
    if (read === null) continue;
    const { subject: word, object } = read.sample;
    const first = lines.get(word);
    if (first === undefined) {
      lines.set(word, { line: problems.lineOf(sample), object });
      bound.push(read);
    } else {
      const other = first.object === object ? "" : " with another object";
      const message = `The subject "${word}" is on line ${first.line} already${other}; this one is left out.`;
      few.warn("prompt-duplicate-subject", sample, message, "Keep the one that is right: a subject has one object.");
    }
  }
  const last = bound[maximumSamples]?.span;
  if (last !== undefined) {
    const message = `The file has ${bound.length} samples; at most ${maximumSamples} are analysed together.`;
    problems.error("prompt-too-many-samples", last, message, "Keep a random part of them, or split the file.");
  }
  return bound;
}

function isLike({ values }: DraftSample, name: string, wanted: string): boolean {
  const value = values.get(name)?.text;
  return value === undefined || value === wanted;
}

function reportFrozen(
  samples: readonly DraftSample[],
  kept: readonly DraftSample[],
  frozen: ReadonlyMap<string, string>,
  problems: ProblemCollector,
): void {
  const like = new Set(kept);
  const first = samples.find((sample) => !like.has(sample));
  if (first === undefined) return;
  const names = [...frozen].map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ");
  problems.warn(
    "prompt-other-values",
    first,
    `Besides the subject, other variables vary; with ${names} the prompt has ${kept.length} of ${samples.length} samples, and the others are left out.`,
    "Choose another variable as the subject, or keep one value of the others in a file.",
  );
}

function readSample(sample: DraftSample, key: string, count: number, problems: FirstProblems): BoundSample | null {
  const written = sample.values.get(key);
  if (written === undefined) {
    const message = `This sample has no value for "${key}", the subject, and is left out.`;
    if (count > 1) problems.warn("prompt-sample-without-subject", sample, message, `Give it a value for "${key}".`);
    return null;
  }
  const subject = written.text.trim();
  const object = sample.object?.text.trim();
  if (subject === "" || object === "") {
    const what = subject === "" ? "subject" : "object";
    const at = (subject === "" ? written : sample.object) ?? sample;
    problems.error("prompt-empty-word", at, `The ${what} is empty.`, `Write the ${what}, or remove the entry.`);
    return null;
  }
  const { label } = sample;
  return {
    sample: { subject, ...(object !== undefined && { object }), ...(label !== undefined && { label }) },
    span: sample.object ?? written,
  };
}
