import type { ProbeResult, Report } from "../../src/protocol/report";
import { figure, significant } from "../format";
import { poolingNames, probeEstimatorNames, strings } from "../strings";
import { cell } from "./table";
import type { TableModel } from "./table";
import { probeVerdict } from "./verdicts";

/** All measures of the probes, a row each. */
export function probeTable(results: readonly ProbeResult[], report: Partial<Report>): TableModel {
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null, text = figure(value, 3)) => cell(text, value);
  return {
    columns: [
      { label: strings.layer },
      numeric(strings.accuracy),
      { label: strings.estimator },
      { label: strings.pooling },
      numeric(`${strings.interval}, lower`),
      numeric(`${strings.interval}, upper`),
      numeric(strings.majority),
      numeric(strings.control),
      numeric(strings.controlUpper),
      numeric(strings.selectivity),
      numeric(strings.macroF1),
      numeric(strings.logLoss),
      numeric(strings.auroc),
      numeric(strings.lambda),
      numeric(strings.stability),
      numeric(strings.implied.agreement),
      { label: strings.implied.cosines },
      numeric(strings.n),
      { label: strings.verdict, wide: true },
    ],
    rows: results.map((result) => {
      const { againstTrained = null } = result;
      const verdict = probeVerdict(report, result);
      return [
        cell(strings.layerName(result.layer), result.layer),
        number(result.accuracy),
        cell(probeEstimatorNames[result.estimator], result.estimator),
        cell(poolingNames[result.pooling], result.pooling),
        number(result.interval[0]),
        number(result.interval[1]),
        number(result.majority),
        number(result.control),
        number(result.controlUpper),
        number(result.selectivity),
        number(result.macroF1),
        number(result.logLoss),
        number(result.auroc),
        number(result.lambda, significant(result.lambda)),
        number(result.directionStability),
        number(againstTrained?.agreement ?? null),
        cell(againstTrained?.cosines.map((c) => figure(c)).join(" ") ?? "", againstTrained?.cosines.join(" ") ?? null),
        number(result.n, String(result.n)),
        cell(verdict ?? "", verdict),
      ];
    }),
  };
}
