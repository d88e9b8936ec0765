import type { LabelledRow, ProbeTask, TaskOutcome } from "../../../src/engine/analysis/probeTasks";

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
