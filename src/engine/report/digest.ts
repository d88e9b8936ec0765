import type { ParallelDigest, PromptDigest, ReportDigest } from "../../protocol/digest";
import type { LinearityFit, PromptResult, Report } from "../../protocol/report";
import { subjectFolds } from "../analysis/statistics/folds";
import { random } from "../linalg/random";
import { brief } from "./brief";
import { checkExpectations } from "./expectations";
import { mapsOnF } from "./mainFigures";

/** What the editor shows of a report without reading it. */
export function digest(report: Report): ReportDigest {
  const { relation, model, summary } = report;
  const { templates } = relation;
  const promptOf = promptsByPlace(report.prompts);
  const heldOut = heldOutByTemplate(report);
  const parallel = parallelByPair(report.parallelism);
  return {
    relation: relation.name,
    model: model.id,
    headline: summary.headline,
    brief: brief(report),
    templates,
    samples: relation.samples.map(({ subject, object }, s) => ({
      subject,
      object: object ?? null,
      prompts: templates.map((template) => {
        const prompt = promptOf.get(key(template, subject));
        return prompt === undefined ? null : promptDigest(prompt, heldOut.get(template)?.(s) ?? null);
      }),
      parallel: parallel.get(key(subject, object ?? "")) ?? null,
    })),
    expectations: checkExpectations(report, relation.expect ?? {}),
  };
}

const key = (first: string, second: string) => JSON.stringify([first, second]);

/** By template and subject: the report leaves out prompts that the model did not answer. */
function promptsByPlace(prompts: readonly PromptResult[]): ReadonlyMap<string, PromptResult> {
  return new Map(prompts.map((prompt) => [key(prompt.template, prompt.subject), prompt]));
}

function promptDigest(prompt: PromptResult, heldOut: PromptDigest["heldOut"]): PromptDigest {
  const { answerToken, rank, logProbability, predictedToken } = prompt;
  return {
    answer: answerToken.text,
    rank,
    probability: Math.exp(logProbability),
    predicted: predictedToken.text,
    heldOut,
  };
}

/** Of each template's least-squares map on f: what it predicts for the sample at a place. */
function heldOutByTemplate({ linearity, settings, relation }: Pick<Report, "linearity" | "settings" | "relation">) {
  const n = relation.samples.length;
  // A report that does not say the folds yet has those that the seed gives.
  let drawn: Int32Array | undefined;
  const foldOf = (fit: LinearityFit, s: number) =>
    fit.folds?.[s] ?? (drawn ??= subjectFolds(n, random(settings.seed, "linearity folds")).foldOf)[s];
  return new Map(
    mapsOnF(linearity).map((fit) => [
      fit.template,
      (s: number): PromptDigest["heldOut"] => {
        const agrees = fit.agreement?.[s];
        const token = fit.predictions?.[s];
        const fold = foldOf(fit, s);
        // A map of other subjects than the file's says nothing about a place in the file.
        if (fit.n !== n || agrees == null || token === undefined || fold === undefined) return null;
        return { fold, token: token.text, agrees };
      },
    ]),
  );
}

/** By subject and object; pairs are tokens, with the space before them. */
function parallelByPair(parallelism: Report["parallelism"]): ReadonlyMap<string, ParallelDigest> {
  const map = parallelism?.distributional;
  if (parallelism == null || map == null) return new Map();
  const bound = map.randomPairsUpper;
  return new Map(
    parallelism.pairs.flatMap(({ from, to }, i) => {
      const others = map.matrix[i]?.filter((_, j) => j !== i) ?? [];
      if (others.length === 0) return [];
      const cosine = others.reduce((sum, value) => sum + value, 0) / others.length;
      return [[key(from.trim(), to.trim()), { cosine, holds: bound !== null && cosine > bound }]];
    }),
  );
}
