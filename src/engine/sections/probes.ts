import type { ProbeResult } from "../../protocol/report";
import type { ProbeOptions } from "../analysis/probes";
import {
  answerAcrossTemplatesTask,
  answerTask,
  conceptTask,
  type ProbeTask,
  type TaskOutcome,
} from "../analysis/probeTasks";
import type { Matrix } from "../linalg/matrix";
import { knowsTokens } from "../prompts/unknownTokens";
import { allRows } from "./activationRows";
import type { SectionFigures } from "./sectionFigures";
import type { Study } from "./study";
import { runWords, wordContexts } from "./wordForms";
import { wordPairs } from "./wordPairs";

type Layer = ProbeResult["layer"];

/** Inputs of one task at every layer that was read. */
interface ProbeInputs {
  readonly task: ProbeTask;
  readonly context: string | null;
  readonly layers: ReadonlyMap<Layer, Matrix>;
}

/**
 * Every task of linear-properties section 6 that the relation allows, at every layer and on f.
 *
 * @throws Cancelled
 */
export async function probesSection(study: Study): Promise<Pick<SectionFigures, "probes" | "probeTransfer">> {
  const { seed, effort } = study;
  const notes = new WarningsByLayer(study);
  const progress = progressOf(study);
  const run = async ({ task, context, layers }: ProbeInputs): Promise<ProbeResult[]> => {
    const where = `probes · ${task.kind}${context === null ? "" : ` · ${context}`}`;
    const results = await Promise.all(
      [...layers].map(async ([layer, inputs]) => {
        const options: ProbeOptions = {
          seed,
          where,
          // f is in the coordinates Cᵀf; h_l has no metric of its own.
          standardise: layer !== "final",
          ...(effort === "figures" && { controlDraws: 0, resamples: 0 }),
        };
        const outcome = await progress(
          `${task.kind}, ${layerName(layer)}`,
          study.compute.run("probe", task, inputs, options),
        );
        return { layer, outcome };
      }),
    );
    return results.map(({ layer, outcome }) => {
      for (const { code } of outcome.warnings) notes.add(code, where, layer);
      return { layer, pooling: "last", context, ...outcome.figures };
    });
  };
  const labelled = labelledTasks(study).map(run);
  const concepts = (await conceptTasks(study)).map(run);
  const probes = (await Promise.all([...labelled, ...concepts])).flat();
  notes.send();
  return { probes, probeTransfer: [] };
}

/** Reports how many of the analyses started so far have ended. */
function progressOf(study: Study): <T>(detail: string, running: Promise<T>) => Promise<T> {
  let [started, ended] = [0, 0];
  return async (detail, running) => {
    started++;
    const result = await running;
    await study.pause(++ended / started, detail);
    return result;
  };
}

/** Tasks on the relation's own prompts: f and h_l after the subject. */
function labelledTasks(study: Study): ProbeInputs[] {
  const { set, readouts, relation, seed } = study;
  const labels = [...new Set(relation.samples.flatMap(({ label }) => label ?? []))];
  const answers = set.prompts.map(({ sample, template }, i) => ({
    subject: sample,
    template,
    label: readouts[i]?.answer ?? null,
  }));
  const own = set.prompts.map(({ sample, template }) => {
    const label = relation.samples[sample]?.label;
    return { subject: sample, template, label: label === undefined ? null : labels.indexOf(label) };
  });
  const outcomes: TaskOutcome[] = [
    answerTask(answers, seed),
    ...(set.templates > 1 ? [answerAcrossTemplatesTask(answers, seed)] : []),
    ...(labels.length > 0 ? [answerTask(own, seed, "label")] : []),
  ];
  const layers = promptLayers(study);
  return outcomes.flatMap(({ task, problem }) => {
    if (task !== null) return [{ task, context: null, layers }];
    study.warn(problem.code, problem.message, "probes");
    return [];
  });
}

function promptLayers({ activations, geometry, model }: Study): Map<Layer, Matrix> {
  const { residual, fSubject } = activations;
  const rows = fSubject.length / model.description.hiddenSize;
  return new Map<Layer, Matrix>([
    ...[...residual].map(([layer, values]) => [layer, allRows(values, values.length / rows)] as const),
    ["final", geometry.embed(allRows(fSubject, model.description.hiddenSize))],
  ]);
}

/** Subject's or object's form, in each neutral context. */
async function conceptTasks(study: Study): Promise<ProbeInputs[]> {
  const pairs = wordPairs(study).filter(({ from, to }) => from !== to);
  const { task, problem } = conceptTask(pairs.length, study.seed);
  if (task === null) {
    study.warn(problem.code, problem.message, "probes");
    return [];
  }
  const words = pairs.flatMap(({ from, to }) => [from, to]);
  const out: ProbeInputs[] = [];
  for (const { name, text } of wordContexts) {
    const texts = words.map(text);
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
    const layers = new Map<Layer, Matrix>([...residual, ["final", study.geometry.embed(f)]]);
    out.push({ task, context: name, layers });
  }
  return out;
}

/** One warning a code and task, which names the layers, rather than one for each layer. */
class WarningsByLayer {
  private readonly layers = new Map<string, { code: string; where: string; layers: Layer[] }>();

  constructor(private readonly study: Study) {}

  add(code: string, where: string, layer: Layer): void {
    const key = `${code} ${where}`;
    const entry = this.layers.get(key) ?? { code, where, layers: [] };
    this.layers.set(key, entry);
    entry.layers.push(layer);
  }

  send(): void {
    for (const { code, where, layers } of this.layers.values()) {
      const list = layers.map(layerName).join(", ");
      this.study.warn(code, `${probeWarnings[code] ?? code} (${list}).`, where);
    }
  }
}

const probeWarnings: Readonly<Record<string, string>> = {
  "probe-lambda-edge": "An end of the λ grid was chosen in some folds; beyond it a probe might do better",
  "probe-perfect-separation": "Every held-out row is classified correctly, so the accuracy cannot rank these layers",
};

function layerName(layer: Layer): string {
  return layer === "final" ? "f" : layer === 0 ? "embeddings" : `layer ${layer}`;
}
