import type { LinearityFit, Report } from "../../src/protocol/report";
import { figure, interval, letter, missing, pValue, significant } from "../format";
import { estimatorNames, identifiableWords, strings } from "../strings";
import { cell } from "./table";
import type { TableModel } from "./table";
import { fitVerdict } from "./verdicts";

/** All measures of the fits, a row each: phrasing (by its letter), layer and estimator. */
export function linearityTable(fits: readonly LinearityFit[], report: Partial<Report>): TableModel {
  const templates = report.relation?.templates ?? [];
  const name = (template: string) =>
    template === "*" ? strings.pooled : letter(Math.max(0, templates.indexOf(template)));
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null, text = figure(value)) => cell(text, value);
  return {
    columns: [
      { label: strings.template },
      { label: strings.layer },
      { label: strings.estimator },
      numeric(strings.r2),
      numeric(strings.interval),
      numeric(strings.p),
      numeric(strings.faithfulness),
      numeric(strings.interval),
      numeric(strings.faithfulnessInAnswers),
      numeric(strings.kl),
      numeric(strings.klInAnswers),
      numeric(strings.causality),
      numeric(strings.rank),
      numeric(strings.lambda),
      numeric(strings.beta),
      numeric(strings.distinct),
      numeric(strings.n),
      { label: strings.verdict, wide: true },
      { label: strings.equivalent, wide: true },
    ],
    rows: fits.map((fit) => {
      const verdict = fitVerdict(report, fit);
      return [
        cell(name(fit.template), fit.template),
        cell(strings.layerName(fit.layer), fit.layer),
        cell(estimatorNames[fit.estimator], fit.estimator),
        number(fit.r2Logit),
        cell(interval(fit.interval), fit.interval?.join(" ") ?? null),
        number(fit.p, pValue(fit.p)),
        number(fit.faithfulness),
        cell(interval(fit.faithfulnessInterval), fit.faithfulnessInterval?.join(" ") ?? null),
        number(fit.faithfulnessInAnswers),
        number(fit.kl, significant(fit.kl)),
        number(fit.klInAnswers, significant(fit.klInAnswers)),
        number(fit.causality),
        number(fit.rank, fit.rank === null ? missing : String(fit.rank)),
        number(fit.lambda, significant(fit.lambda)),
        number(fit.beta ?? null, significant(fit.beta ?? null)),
        number(fit.distinctTopAnswers, String(fit.distinctTopAnswers)),
        number(fit.n, String(fit.n)),
        cell(verdict ?? "", verdict),
        cell(identifiableWords(fit.identifiable), fit.identifiable),
      ];
    }),
  };
}
