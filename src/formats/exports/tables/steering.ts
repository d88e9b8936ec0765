import type { Report, SteeringExample, SteeringResult } from "../../../protocol/report";
import { exportTable, intervalFields, matrixTable, type ExportTable, type Field } from "../exportTable";

export function steeringTables({ steering, steeringExamples, coupling }: Report): readonly ExportTable[] {
  const results: readonly Field<SteeringResult>[] = [
    ["layer", ({ layer }) => layer],
    ["method", ({ method }) => method],
    ["α", ({ alpha }) => alpha],
    ["n (prompts)", ({ n }) => n],
    ["held out", ({ heldOut }) => heldOut],
    ["success rate", ({ successRate }) => successRate],
    ...intervalFields<SteeringResult>(({ interval }) => interval),
    ["success rate of random vectors", ({ randomSuccessRate }) => randomSuccessRate],
    ["mean log-probability of the new answer (nats)", ({ targetLogProbability }) => targetLogProbability],
    ["mean log-probability of the old answer (nats)", ({ sourceLogProbability }) => sourceLogProbability],
    ["KL on control relations (nats)", ({ controlKl }) => controlKl],
    ["control prompts that keep their answer", ({ controlKept }) => controlKept],
    ["n of controls (prompts)", ({ controlN }) => controlN],
    ["identifiable", ({ identifiable }) => identifiable],
  ];
  const examples: readonly Field<SteeringExample>[] = [
    ["layer", ({ layer }) => layer],
    ["method", ({ method }) => method],
    ["α", ({ alpha }) => alpha],
    ["prompt", ({ prompt }) => prompt],
    ["own answer", ({ from }) => from.text],
    ["steered to", ({ to }) => to.text],
    ["continuation without", (example) => example.without],
    ["continuation with", (example) => example.with],
  ];
  return [
    exportTable("steering", steering, results),
    exportTable("steering-examples", steeringExamples, examples),
    ...(coupling === null ? [] : [matrixTable("coupling", "moved by", { rows: coupling.names }, coupling.matrix)]),
  ];
}
