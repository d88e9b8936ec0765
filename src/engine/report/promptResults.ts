import type { PromptResult } from "../../protocol/report";
import type { Study } from "../sections/study";

/** One entry per prompt, template by template in the file's order. */
export function promptResults(study: Study, wholeAnswers: readonly (number | null)[]): PromptResult[] {
  const { tokenizer } = study.model;
  const token = (id: number) => ({ id, text: tokenizer.tokenText(id) });
  return study.set.prompts.flatMap(({ template, sample, tokens }, i): PromptResult[] => {
    const readout = study.readouts[i];
    const { subject, object } = study.relation.samples[sample] ?? { subject: "" };
    const best = readout?.top[0];
    if (readout === undefined || best === undefined) return [];
    return [
      {
        template: study.relation.templates[template] ?? "",
        subject,
        object: object ?? null,
        text: tokens.text,
        answerToken: token(readout.answer),
        logProbability: readout.logProbability,
        answerLogProbability: wholeAnswers[i] ?? null,
        rank: readout.rank,
        predictedToken: token(best.id),
        topTokens: readout.top.map(({ id, logProbability }) => ({ ...token(id), logProbability })),
      },
    ];
  });
}
