import type { PromptDigest, ReportDigest } from "../../protocol/digest";
import type { PromptResult, Report } from "../../protocol/report";

/** What the editor shows of a report without reading it. */
export function digest(report: Report): ReportDigest {
  const { relation, model, summary, prompts } = report;
  const count = relation.samples.length;
  return {
    relation: relation.name,
    model: model.id,
    headline: summary.headline,
    templates: relation.templates,
    samples: relation.samples.map(({ subject, object }, s) => ({
      subject,
      object: object ?? null,
      prompts: relation.templates.flatMap((_, t) => promptDigest(prompts[t * count + s])),
      parallel: null,
    })),
    expectations: [],
  };
}

function promptDigest(prompt: PromptResult | undefined): PromptDigest[] {
  if (prompt === undefined) return [];
  const { answerToken, rank, logProbability, predictedToken } = prompt;
  const probability = Math.exp(logProbability);
  return [{ answer: answerToken.text, rank, probability, predicted: predictedToken.text, heldOut: null }];
}
