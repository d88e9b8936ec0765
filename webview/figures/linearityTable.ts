import { figure, interval, letter, pValue, significant } from "../format";
import { estimatorNames, fitReadings, identifiableWords, strings } from "../strings";
import { readFit } from "./linearityRows";
import type { TemplateFits } from "./linearityRows";
import { cell } from "./table";
import type { TableModel } from "./table";

/** All measures of all fits, a row per phrasing (by its letter), layer and estimator. */
export function linearityTable(groups: readonly TemplateFits[], templates: readonly string[]): TableModel {
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
      numeric(strings.rank),
      numeric(strings.lambda),
      numeric(strings.distinct),
      numeric(strings.n),
      { label: strings.reading, wide: true },
      { label: strings.equivalent, wide: true },
    ],
    rows: groups.flatMap(({ template, fits }) =>
      fits.map((fit) => [
        cell(name(template), template),
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
        number(fit.rank, fit.rank === null ? "–" : String(fit.rank)),
        number(fit.lambda, significant(fit.lambda)),
        number(fit.distinctTopAnswers, String(fit.distinctTopAnswers)),
        number(fit.n, String(fit.n)),
        cell(fitReadings[readFit(fit)], readFit(fit)),
        cell(identifiableWords(fit.identifiable), fit.identifiable),
      ]),
    ),
  };
}
