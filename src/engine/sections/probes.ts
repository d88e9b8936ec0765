import type { ProbeResult, ProbeTransfer } from "../../protocol/report";
import { withOnes } from "../analysis/geometry/geometry";
import type { ImpliedOutcome } from "../analysis/probes/impliedProbe";
import type { ProbeOptions, ProbeOutcome } from "../analysis/probes/probes";
import type { ProbeTask } from "../analysis/probes/probeTasks";
import { isTransferable } from "../analysis/probes/probeTransfer";
import { multiplyTransposed, type Matrix } from "../linalg/matrix";
import { allRows } from "./activationRows";
import { fewLayers, layerName, type Layer } from "./probes/layers";
import { LayerWarnings } from "./probes/layerWarnings";
import { subjectTokens } from "./probes/subjectTokens";
import { conceptTasks, labelledTasks, type LabelledTasks, type TaskInputs } from "./probes/taskInputs";
import type { SectionFigures } from "./sectionFigures";
import type { Study } from "./study";
import { wordContexts } from "./wordForms";

/** More rows would make the inner products of second moments slower than all probes together. */
const mostMomentRows = 400;

/**
 * Every probe of linear-properties section 6 that the relation allows. Linear ones at every layer and on f; with a
 * hidden layer, from the linear map, from pooled tokens and across templates at f and the middle layer.
 *
 * `effort: "figures"` leaves out control labels and resamples, which are nulls.
 *
 * @throws Cancelled
 */
export async function probesSection(study: Study): Promise<Pick<SectionFigures, "probes" | "probeTransfer">> {
  const section = new ProbesSection(study);
  const labelled = labelledTasks(study);
  const { tasks } = labelled;
  const trained = tasks.map((inputs) => section.linear(inputs));
  const mlp = (inputs: readonly TaskInputs[]) => Promise.all(inputs.map((one) => section.mlp(one)));
  const onConcepts = async () => {
    const inputs = await conceptTasks(study);
    const [linear, hidden] = await Promise.all([Promise.all(inputs.map((one) => section.linear(one))), mlp(inputs)]);
    return { linear, hidden };
  };
  // All at once, and all awaited together: a cancellation rejects every one of them.
  const [own, hidden, concepts, implied, pooled, probeTransfer] = await Promise.all([
    Promise.all(trained),
    mlp(tasks),
    onConcepts(),
    section.implied(labelled, trained),
    section.pooled(tasks),
    section.transfers(tasks),
  ]);
  section.warnings.send();
  const linear = [...own, ...concepts.linear].flatMap(({ results }) => results);
  const others = [...hidden, ...concepts.hidden, implied, ...pooled].flat();
  return { probes: [...linear, ...others], probeTransfer };
}

interface LinearProbes {
  readonly results: readonly ProbeResult[];
  readonly outcomes: ReadonlyMap<Layer, ProbeOutcome>;
}

class ProbesSection {
  readonly warnings: LayerWarnings;
  private started = 0;
  private ended = 0;
  private shown = 0;

  constructor(private readonly study: Study) {
    this.warnings = new LayerWarnings(study);
  }

  /** Multinomial logistic regression at every layer. */
  async linear({ task, context, layers }: TaskInputs): Promise<LinearProbes> {
    const { compute } = this.study;
    const where = whereOf(task, context);
    const outcomes = await this.atLayers(task, layers, (inputs, layer) =>
      compute.run("probe", task, inputs, this.options(where, layer)),
    );
    this.warn(outcomes, where);
    const results = outcomes.map(([layer, { figures }]) => ({ layer, pooling: "last", context, ...figures }) as const);
    return { results, outcomes: new Map(outcomes) };
  }

  /** One hidden layer; not for probes that differ in what is held out or in the context alone. */
  async mlp({ task, context, layers }: TaskInputs): Promise<ProbeResult[]> {
    if (task.kind === "answerAcrossTemplates" || (context !== null && context !== wordContexts[0]?.name)) return [];
    const { compute } = this.study;
    const outcomes = await this.atLayers(task, fewLayers(layers), (inputs, layer) =>
      compute.run("mlpProbe", task, inputs, this.options(whereOf(task, context), layer)),
    );
    return outcomes.flatMap(([layer, outcome]): ProbeResult[] =>
      outcome === null ? [] : [{ layer, pooling: "last", context, ...outcome.figures }],
    );
  }

  /** The probe of the linear map, beside the trained one where there is one. */
  async implied(
    { tasks, open }: LabelledTasks,
    trained: readonly Promise<LinearProbes>[],
  ): Promise<readonly ProbeResult[]> {
    const place = tasks.findIndex(({ task }) => task.kind === "answer");
    const target = tasks[place] ?? open;
    if (target === null) return [];
    const { task, layers } = target;
    const answerLogits = this.answerLogits(task.classLabels);
    const outcomes = await this.atLayers(task, fewLayers(layers), async (inputs, layer): Promise<ImpliedOutcome> => {
      const linear = (await trained[place])?.outcomes.get(layer);
      const beside = linear === undefined ? null : { predicted: linear.predicted, lambda: linear.figures.lambda };
      return this.study.compute.run("impliedProbe", task, { inputs, answerLogits }, beside, {
        standardise: isHidden(layer),
      });
    });
    return outcomes.map(([layer, { figures, againstTrained }]) => ({
      layer,
      pooling: "last",
      context: null,
      ...figures,
      againstTrained,
    }));
  }

  /** Probes of the answer and of the label on all tokens of the subject. */
  async pooled(tasks: readonly TaskInputs[]): Promise<ProbeResult[][]> {
    const { study } = this;
    const own = tasks.filter(({ task }) => task.kind !== "answerAcrossTemplates");
    const layers = own.length === 0 ? null : await subjectTokens(study);
    if (layers === null) return [];
    const poolings = study.set.prompts.length > mostMomentRows ? (["mean"] as const) : (["mean", "moments"] as const);
    if (poolings.length < 2) {
      const message = `The second moments of the subjects' tokens are left out: ${study.set.prompts.length} prompts, at most ${mostMomentRows} can take part.`;
      study.warn("probe-moments-left-out", message, "probes");
    }
    return Promise.all(
      own.flatMap(({ task }) =>
        poolings.map(async (pooling): Promise<ProbeResult[]> => {
          const where = `${whereOf(task, null)} · ${pooling}`;
          const outcomes = await this.atLayers(task, fewLayers(layers), (rows, layer) =>
            study.compute.run("pooledProbe", task, rows, pooling, this.options(where, layer)),
          );
          this.warn(outcomes, where);
          return outcomes.map(([layer, { figures }]) => ({ layer, pooling, context: null, ...figures }));
        }),
      ),
    );
  }

  async transfers(tasks: readonly TaskInputs[]): Promise<ProbeTransfer[]> {
    const { study } = this;
    const { relation, geometry, compute, seed } = study;
    const own = study.set.templates < 2 ? [] : tasks.filter(({ task }) => task.kind !== "answerAcrossTemplates");
    const results = own.map(async ({ task, layers }): Promise<ProbeTransfer[]> => {
      if (!isTransferable(task)) {
        const message = "Probes are not tried across templates: in some of them a class has no subject to learn from.";
        study.warn("probe-transfer-missing-classes", message, `probeTransfer · ${task.kind}`);
        return [];
      }
      const figures = await this.atLayers(task, fewLayers(layers), (inputs, layer) => {
        const options = { seed, where: whereOf(task, null), standardise: isHidden(layer) };
        return compute.run("probeTransfer", task, inputs, isHidden(layer) ? null : geometry.factor, options);
      });
      return figures.map(([layer, transfer]) => ({ layer, templates: relation.templates, ...transfer }));
    });
    return (await Promise.all(results)).flat();
  }

  private options(where: string, layer: Layer): ProbeOptions {
    const { seed, effort } = this.study;
    const few = effort === "figures" ? { controlDraws: 0, resamples: 0 } : {};
    return { seed, where, standardise: isHidden(layer), ...few };
  }

  /** The model's logits over these tokens after every prompt, [prompts, tokens]. */
  private answerLogits(tokens: Int32Array): Matrix {
    const { activations, geometry, model } = this.study;
    const f = allRows(activations.f, model.description.hiddenSize);
    return multiplyTransposed(f.cols === geometry.dimension ? f : withOnes(f), geometry.rows(tokens));
  }

  private warn(outcomes: readonly (readonly [Layer, ProbeOutcome])[], where: string): void {
    for (const [layer, { warnings }] of outcomes)
      for (const { code } of warnings) this.warnings.add(code, where, layer);
  }

  /** Runs at all layers at once; in their order. */
  private atLayers<Inputs, Outcome>(
    task: ProbeTask,
    layers: ReadonlyMap<Layer, Inputs>,
    run: (inputs: Inputs, layer: Layer) => Promise<Outcome>,
  ): Promise<(readonly [Layer, Outcome])[]> {
    return Promise.all(
      [...layers].map(async ([layer, inputs]) => {
        this.started++;
        const outcome = await run(inputs, layer);
        // More may have been started since.
        this.shown = Math.max(this.shown, ++this.ended / this.started);
        await this.study.pause(this.shown, `${task.kind}, ${layerName(layer)}`);
        return [layer, outcome] as const;
      }),
    );
  }
}

/** f is in the coordinates Cᵀf; h_l has no metric of its own. */
function isHidden(layer: Layer): boolean {
  return layer !== "final";
}

function whereOf({ kind }: ProbeTask, context: string | null): string {
  return `probes · ${kind}${context === null ? "" : ` · ${context}`}`;
}
