import type { Report } from "../../../protocol/report";
import { exportTable, listed, type ExportTable, type ExportValue } from "../exportTable";

/** What the figures are of and how they came about: enough to run it again. */
export function provenanceTables({ relation, model, settings, timing, warnings }: Report): readonly ExportTable[] {
  const facts: readonly (readonly [name: string, value: ExportValue | undefined])[] = [
    ["relation", relation.name],
    ["relation file", relation.file],
    ["SHA-256 of the relation", relation.sha256],
    ["templates", relation.templates.length],
    ["samples", relation.samples.length],
    ["model", model.id],
    ["model fingerprint", model.fingerprint],
    ["hidden size", model.hiddenSize],
    ["vocabulary size", model.vocabularySize],
    ["layers", model.layers],
    ["data type", model.dtype],
    ["tokens left out of Cov(g)", model.excludedTokens],
    ["rank of Cov(g)", model.unembeddingRank],
    ["note on the model", model.note],
    ["setting: model", settings.model],
    ["setting: seed", settings.seed],
    ["setting: sections", listed(settings.only)],
    ["setting: layers", typeof settings.layers === "string" ? settings.layers : listed(settings.layers)],
    ["setting: BOS token", settings.bos],
    ["setting: twins of each family", settings.twins],
    ["setting: Jacobian estimator", settings.jacobian ?? false],
    ["setting: second model", settings.compare],
    ["setting: general contexts", settings.contexts],
    ["setting: execution provider", settings.provider],
    ["setting: threads", settings.threads],
    ["version of Relation Lens", settings.version],
    ["time to load (s)", timing.load],
    ["time to tokenise (s)", timing.tokenize],
    ["time of forward passes (s)", timing.forward],
    ["time of analyses (s)", timing.analyse],
    ["time in all (s)", timing.total],
    ["tokens", timing.tokens],
  ];
  const known = facts.filter(([, value]) => value !== undefined && value !== null);
  return [
    exportTable("about", known, [
      ["what", ([name]) => name],
      ["value", ([, value]) => value],
    ]),
    exportTable("samples", relation.samples, [
      ["subject", ({ subject }) => subject],
      ["object", ({ object }) => object],
      ["label", ({ label }) => label],
    ]),
    exportTable("model-checks", model.checks, [
      ["check", ({ name }) => name],
      ["value", ({ value }) => value],
      ["tolerance", ({ tolerance }) => tolerance],
      ["passed", ({ ok }) => ok],
    ]),
    exportTable("warnings", warnings, [
      ["code", ({ code }) => code],
      ["message", ({ message }) => message],
      ["where", ({ where }) => where],
    ]),
  ];
}
