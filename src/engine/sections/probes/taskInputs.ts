import {
  answerAcrossTemplatesTask,
  answerTask,
  conceptTask,
  openAnswerTask,
  type LabelledRow,
  type ProbeTask,
  type TaskOutcome,
} from "../../analysis/probes/probeTasks";
import { wordGroups } from "../../analysis/probes/wordGroups";
import type { Matrix } from "../../linalg/matrix";
import { knowsTokens } from "../../prompts/unknownTokens";
import { allRows } from "../activationRows";
import type { Study } from "../study";
import { runWords, wordContexts } from "../wordForms";
import { wordPairs } from "../wordPairs";
import type { Layer } from "./layers";

/** A task with its inputs at every layer that was read. */
export interface TaskInputs {
  readonly task: ProbeTask;
  /** The neutral context of `concept`. */
  readonly context: string | null;
  readonly layers: ReadonlyMap<Layer, Matrix>;
}

export interface LabelledTasks {
  readonly tasks: readonly TaskInputs[];
  /** The answer among all answers, where no two subjects share one and so no probe can be trained. */
  readonly open: TaskInputs | null;
}

/** Tasks on the relation's own prompts: f and h_l after the subject. */
export function labelledTasks(study: Study): LabelledTasks {
  const { set, readouts, relation, seed } = study;
  const labels = [...new Set(relation.samples.flatMap(({ label }) => label ?? []))];
  const answers = set.prompts.map(({ sample, template }, i): LabelledRow => ({
    subject: sample,
    template,
    label: readouts[i]?.answer ?? null,
  }));
  const own = set.prompts.map(({ sample, template }): LabelledRow => {
    const label = relation.samples[sample]?.label;
    return { subject: sample, template, label: label === undefined ? null : labels.indexOf(label) };
  });
  const answer = answerTask(answers, seed);
  const outcomes: TaskOutcome[] = [
    answer,
    ...(set.templates > 1 ? [answerAcrossTemplatesTask(answers, seed)] : []),
    ...(labels.length > 0 ? [answerTask(own, seed, "label")] : []),
  ];
  const layers = promptLayers(study);
  const open = answer.task === null ? openAnswerTask(answers, seed) : null;
  const problems = new Map(
    outcomes.flatMap(({ problem }) => (problem === null ? [] : [[problem.code, problem.message]])),
  );
  for (const [code, message] of problems) study.warn(code, message, "probes");
  return {
    tasks: outcomes.flatMap(({ task }) => (task === null ? [] : [{ task, context: null, layers }])),
    open: open && { task: open, context: null, layers },
  };
}

function promptLayers({ activations, geometry, model }: Study): Map<Layer, Matrix> {
  const { residual, fSubject } = activations;
  const rows = fSubject.length / model.description.hiddenSize;
  return new Map<Layer, Matrix>([
    ...[...residual].map(([layer, values]) => [layer, allRows(values, values.length / rows)] as const),
    ["final", geometry.embed(allRows(fSubject, model.description.hiddenSize))],
  ]);
}

/** Subject's or object's form, in each neutral context. @throws Cancelled */
export async function conceptTasks(study: Study): Promise<TaskInputs[]> {
  const pairs = wordPairs(study).filter(({ from, to }) => from !== to);
  const groups = wordGroups(pairs);
  const { task, problem } = conceptTask(groups, study.seed);
  if (task === null) {
    study.warn(problem.code, problem.message, "probes");
    return [];
  }
  const out: TaskInputs[] = [];
  for (const { name, text } of wordContexts) {
    const texts = groups.words.map(text);
    const unknown = texts.filter((word) => !knowsTokens(study.model, study.model.tokenizer.encode(word))).length;
    if (unknown > 0) {
      study.warn(
        "context-with-unknown-tokens",
        `The context “${name}” is left out of the concept probes: in ${unknown} of ${texts.length} texts it has tokens that the model does not know.`,
        "probes",
      );
      continue;
    }
    const { f, residual } = await runWords(study, texts);
    out.push({
      task,
      context: name,
      layers: new Map<Layer, Matrix>([...residual, ["final", study.geometry.embed(f)]]),
    });
  }
  return out;
}
