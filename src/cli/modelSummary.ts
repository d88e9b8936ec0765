import type { ModelDescription } from "../protocol/engine";
import type { ModelCheck } from "../protocol/report";
import { style } from "./style";

/** What the loader found in a model, for people. */
export function renderModel(model: ModelDescription, colour: boolean): string {
  const paint = style(colour);
  const rows: [string, string][] = [
    ["file", model.file],
    ["hidden size", String(model.hiddenSize)],
    ["vocabulary size", String(model.vocabularySize)],
    ["layers", String(model.layers)],
    ["dtype", model.dtype],
    ["head", model.head],
    ["tokenizer", model.hasTokenizer ? "found" : "none"],
  ];
  const checks = model.checks.map((check) => checkLine(check, colour));
  return [
    paint.bold(model.id),
    ...rows.map(([name, value]) => `  ${name.padEnd(16)}${value}`),
    ...(checks.length === 0 ? [] : ["checks", ...checks]),
    ...[model.providerFallback ?? [], model.notes].flat().map((note) => `note: ${note}`),
    "",
  ].join("\n");
}

export function checkLine({ name, value, tolerance, ok }: ModelCheck, colour: boolean): string {
  const mark = ok ? "ok    " : style(colour).error("failed");
  return `  ${mark}  ${name}: ${value.toExponential(1)} (at most ${tolerance.toExponential(1)})`;
}
