import type { LinearityFit } from "../../protocol/report";
import type { LinearityTemplate } from "../analysis/linearity";
import { columns, templateRows } from "./activationRows";
import type { SectionFigures } from "./sectionFigures";
import type { Study } from "./study";

/** Within-fold shuffles behind p and the `shuffled` baseline. */
const shuffleDraws = 200;

/**
 * Relational linearity from f after the subject to f after the prompt: one fit per template and, with several
 * templates, one pooled over them (linear-properties section 5).
 *
 * @throws Cancelled
 */
export async function linearitySection(study: Study): Promise<Pick<SectionFigures, "linearity" | "linearityTransfer">> {
  const { relation, model, activations, set } = study;
  const { hiddenSize, vocabularySize } = model.description;
  const answers = answerTokens(study);
  const templates: LinearityTemplate[] = [];
  const fits: LinearityFit[] = [];
  const steps = set.templates + (set.templates > 1 ? 1 : 0);

  const fit = async (name: string, of: readonly LinearityTemplate[], shuffles: number) => {
    const where = `linearity · ${name}`;
    const result = await study.compute.run("linearity", of, { seed: study.seed, where, standardise: false, shuffles });
    for (const { code, message } of result.warnings) study.warn(code, message, where);
    const token = (id: number) => ({ id, text: model.tokenizer.tokenText(id) });
    fits.push(
      ...result.fits.map((figures): LinearityFit => {
        const predictions = figures.predictions?.map(token) ?? null;
        return { template: name, layer: "final", ...figures, predictions };
      }),
    );
  };

  for (const [t, name] of relation.templates.entries()) {
    await study.pause(t / steps, `template ${t + 1} of ${set.templates}`);
    const width = set.samples * hiddenSize;
    const inputLogits = await model.logits(activations.fSubject.subarray(t * width, (t + 1) * width));
    const logits = await study.logitsOf(t);
    const template: LinearityTemplate = {
      inputs: study.geometry.embed(templateRows(activations.fSubject, t, set.samples, hiddenSize)),
      answerLogits: columns(logits, vocabularySize, answers),
      inputAnswerLogits: columns(inputLogits, vocabularySize, answers),
      vocabulary: { size: vocabularySize, logits, inputLogits },
    };
    await fit(name, [template], shuffleDraws);
    const readouts = study.readouts.slice(t * set.samples, (t + 1) * set.samples);
    const topTokens = readouts.flatMap(({ top }) => top[0]?.id ?? []);
    // One template's full logits are kept at a time, so the pooled fit is scored among the answers only.
    templates.push({ ...template, vocabulary: null, topTokens });
  }
  if (set.templates > 1) {
    await study.pause(set.templates / steps, "all templates together");
    // Its shuffles would cost templates² times those of one fit, and each template's own p says as much.
    await fit("*", templates, 0);
    study.warn(
      "pooled-fit-partly-scored",
      "The fit pooled over templates is scored among the answers only and not tested against shuffles; the fits per template are.",
      "linearity · *",
    );
  }
  return { linearity: fits, linearityTransfer: null };
}

/** Y: the distinct answer tokens over all templates, ascending. */
export function answerTokens(study: Study): number[] {
  return [...new Set(study.readouts.map(({ answer }) => answer))].sort((a, b) => a - b);
}
