import { wordGroups, type WordGroups } from "../../../../src/engine/analysis/probes/wordGroups";
import type { LabelledRow, ProbeTask, TaskOutcome } from "../../../../src/engine/analysis/probes/probeTasks";

export function taskOf({ task, problem }: TaskOutcome): ProbeTask {
  if (task === null) throw new Error(problem.message);
  return task;
}

/** Row t · subjects + s: subject s in template t. */
export function answerRows(
  subjects: number,
  templates: number,
  labelOf: (subject: number) => number | null,
): LabelledRow[] {
  return Array.from({ length: subjects * templates }, (_, i) => {
    const subject = i % subjects;
    return { subject, template: Math.floor(i / subjects), label: labelOf(subject) };
  });
}

/** Pairs without a word in common, as in a one-to-one relation: row 2i is the first word of pair i, row 2i + 1 the second. */
export function distinctPairs(count: number): WordGroups {
  return wordGroups(Array.from({ length: count }, (_, i) => ({ from: `subject ${i}`, to: `object ${i}` })));
}
