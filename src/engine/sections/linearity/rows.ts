import type { Matrix } from "../../linalg/matrix";
import type { KlTemplate } from "../../analysis/linearity/klLinearity";
import type { Floats } from "../../models/languageModel";
import { columns, templateRows } from "../activationRows";
import type { Study } from "../study";

/** What the maps of one template are fitted to, from f after the subject; and its hidden layers. */
export interface TemplateRows {
  readonly name: string;
  readonly template: KlTemplate;
  /** Top token of every prompt. */
  readonly topTokens: readonly number[];
}

/** Y: the distinct answer tokens over all templates, ascending. */
export function answerTokens(study: Study): number[] {
  return [...new Set(study.readouts.map(({ answer }) => answer))].sort((a, b) => a - b);
}

export async function rowsOfTemplate(study: Study, answers: readonly number[], t: number): Promise<TemplateRows> {
  const { relation, model, activations, set } = study;
  const { hiddenSize, vocabularySize } = model.description;
  const width = set.samples * hiddenSize;
  const inputLogits = await model.logits(activations.fSubject.subarray(t * width, (t + 1) * width));
  const logits = owned(await study.logitsOf(t));
  const embedded = (f: Floats) => study.geometry.embed(templateRows(f, t, set.samples, hiddenSize));
  return {
    name: relation.templates[t] ?? "",
    topTokens: study.readouts.slice(t * set.samples, (t + 1) * set.samples).flatMap(({ top }) => top[0]?.id ?? []),
    template: {
      inputs: embedded(activations.fSubject),
      prompts: embedded(activations.f),
      answerLogits: columns(logits, vocabularySize, answers),
      inputAnswerLogits: columns(inputLogits, vocabularySize, answers),
      vocabulary: { size: vocabularySize, logits, inputLogits },
    },
  };
}

/** h_l at the subject's last token, [samples, width of the layer]. */
export function layerRows({ activations, set }: Study, layer: number, t: number): Matrix {
  const values = activations.residual.get(layer) ?? new Float32Array(0);
  return templateRows(values, t, set.samples, values.length / set.prompts.length);
}

/** A view is cloned with the whole buffer behind it when it goes to another thread. */
function owned(values: Floats): Floats {
  return values.byteLength === values.buffer.byteLength ? values : values.slice();
}
