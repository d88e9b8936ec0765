import type { LinearityFit, Report } from "../../../protocol/report";
import { exportTable, intervalFields, listed, type ExportTable, type Field } from "../exportTable";
import { pairsOf } from "./pairsOf";

const fitFields: readonly Field<LinearityFit>[] = [
  ["template", ({ template }) => template],
  ["layer", ({ layer }) => layer],
  ["estimator", ({ estimator }) => estimator],
];

/** Every fit, what it predicted for each subject, its ranks, and the maps between phrasings. */
export function linearityTables({ linearity, linearityTransfer, relation }: Report): readonly ExportTable[] {
  const fields: readonly Field<LinearityFit>[] = [
    ...fitFields,
    ["held out", ({ heldOut }) => heldOut],
    ["n (subjects)", ({ n }) => n],
    ["R² of log-ratios", ({ r2Logit }) => r2Logit],
    ...intervalFields<LinearityFit>(({ interval }) => interval, "95% interval of R²"),
    ["p of R²", ({ p }) => p],
    ["faithfulness", ({ faithfulness }) => faithfulness],
    ...intervalFields<LinearityFit>(({ faithfulnessInterval }) => faithfulnessInterval, "95% interval of faithfulness"),
    ["faithfulness among the answers", ({ faithfulnessInAnswers }) => faithfulnessInAnswers],
    ["distinct top answers", ({ distinctTopAnswers }) => distinctTopAnswers],
    ["KL (nats)", ({ kl }) => kl],
    ["KL among the answers (nats)", ({ klInAnswers }) => klInAnswers],
    ["causality", ({ causality }) => causality],
    ...intervalFields<LinearityFit>(({ causalityInterval }) => causalityInterval, "95% interval of causality"),
    ["causality of random changes", ({ causalityRandom }) => causalityRandom],
    ["rank that keeps 95% of R²", ({ rank }) => rank],
    ["λ", ({ lambda }) => lambda],
    ["β", ({ beta }) => beta],
    ["singular values", ({ singularValues }) => listed(singularValues)],
    ["identifiable", ({ identifiable }) => identifiable],
  ];
  const subjects = linearity.flatMap((fit) =>
    relation.samples.map(({ subject }, i) => ({
      fit,
      subject,
      agrees: fit.agreement?.[i] ?? null,
      token: fit.predictions?.[i] ?? null,
    })),
  );
  const ranks = linearity.flatMap((fit) => (fit.causalityByRank ?? []).map((at) => ({ fit, ...at })));
  return [
    exportTable("linearity", linearity, fields),
    exportTable(
      "linearity-subjects",
      subjects.filter(({ agrees, token }) => agrees !== null || token !== null),
      [
        ...fieldsOf<(typeof subjects)[number]>(),
        ["subject", ({ subject }) => subject],
        ["held-out prediction", ({ token }) => token?.text],
        ["token id of the prediction", ({ token }) => token?.id],
        ["agrees with the model", ({ agrees }) => agrees],
      ],
    ),
    exportTable("linearity-causality-by-rank", ranks, [
      ...fieldsOf<(typeof ranks)[number]>(),
      ["rank", ({ rank }) => rank],
      ["share of pairs whose answer becomes the other's", ({ share }) => share],
      ["n (pairs)", ({ n }) => n],
    ]),
    ...(linearityTransfer === null ? [] : [transferTable(linearityTransfer)]),
  ];
}

const fieldsOf = <Row extends { readonly fit: LinearityFit }>(): readonly Field<Row>[] =>
  fitFields.map(([header, value]) => [header, ({ fit }) => value(fit)]);

function transferTable(transfer: NonNullable<Report["linearityTransfer"]>): ExportTable {
  return exportTable("linearity-transfer", pairsOf(transfer.templates), [
    ["fitted on", ({ left }) => left],
    ["scored on", ({ right }) => right],
    ["R² of log-ratios, own intercept", ({ i, j }) => transfer.r2OwnIntercept[i]?.[j]],
    ["R² of log-ratios, intercept fitted anew", ({ i, j }) => transfer.r2RefittedIntercept[i]?.[j]],
    ["faithfulness among the answers", ({ i, j }) => transfer.faithfulnessInAnswers[i]?.[j]],
    ["n (subjects)", () => transfer.n],
    ["held out", () => transfer.heldOut],
    ["identifiable", () => transfer.identifiable],
  ]);
}
