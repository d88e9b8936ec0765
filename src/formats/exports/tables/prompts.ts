import type { PromptResult, Report } from "../../../protocol/report";
import { exportTable, listed, type ExportTable, type Field } from "../exportTable";

/** What the model says to each prompt. */
export function promptTables({ prompts }: Report): readonly ExportTable[] {
  const fields: readonly Field<PromptResult>[] = [
    ["template", ({ template }) => template],
    ["subject", ({ subject }) => subject],
    ["object", ({ object }) => object],
    ["prompt", ({ text }) => text],
    ["answer token", ({ answerToken }) => answerToken.text],
    ["answer token id", ({ answerToken }) => answerToken.id],
    ["log-probability of the answer token (nats)", ({ logProbability }) => logProbability],
    ["log-probability of the whole answer (nats)", ({ answerLogProbability }) => answerLogProbability],
    ["rank of the answer token (1 is the top)", ({ rank }) => rank],
    ["predicted token", ({ predictedToken }) => predictedToken.text],
    ["predicted token id", ({ predictedToken }) => predictedToken.id],
    ["top token ids", ({ topTokens }) => listed(topTokens.map(({ id }) => id))],
    ["their log-probabilities (nats)", ({ topTokens }) => listed(topTokens.map((token) => token.logProbability))],
  ];
  return [exportTable("prompts", prompts, fields)];
}
