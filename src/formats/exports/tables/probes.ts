import type { ProbeResult, Report } from "../../../protocol/report";
import { exportTable, intervalFields, listed, type ExportTable, type Field } from "../exportTable";
import { pairsOf } from "./pairsOf";

export function probeTables({ probes, probeTransfer }: Report): readonly ExportTable[] {
  const fields: readonly Field<ProbeResult>[] = [
    ["kind", ({ kind }) => kind],
    ["layer", ({ layer }) => layer],
    ["estimator", ({ estimator }) => estimator],
    ["pooling", ({ pooling }) => pooling],
    ["context", ({ context }) => context],
    ["n (independent units)", ({ n }) => n],
    ["classes", ({ classes }) => classes],
    ["held out", ({ heldOut }) => heldOut],
    ["accuracy", ({ accuracy }) => accuracy],
    ...intervalFields<ProbeResult>(({ interval }) => interval),
    ["macro F1", ({ macroF1 }) => macroF1],
    ["log loss (nats)", ({ logLoss }) => logLoss],
    ["AUROC", ({ auroc }) => auroc],
    ["majority", ({ majority }) => majority],
    ["control labels, mean accuracy", ({ control }) => control],
    ["control labels, 95% quantile", ({ controlUpper }) => controlUpper],
    ["control labels, draws", ({ controlDraws }) => controlDraws],
    ["selectivity", ({ selectivity }) => selectivity],
    ["λ", ({ lambda }) => lambda],
    ["stability of the direction", ({ directionStability }) => directionStability],
    ["agreement with the trained probe", ({ againstTrained }) => againstTrained?.agreement],
    ["cosines with the trained probe", ({ againstTrained }) => listed(againstTrained?.cosines)],
    ["identifiable", ({ identifiable }) => identifiable],
  ];
  const cells = probeTransfer.flatMap((transfer) =>
    pairsOf(transfer.templates).map((pair) => ({ ...pair, transfer, cosines: transfer.cosines })),
  );
  return [
    exportTable("probes", probes, fields),
    exportTable("probe-transfer", cells, [
      ["kind", ({ transfer }) => transfer.kind],
      ["layer", ({ transfer }) => transfer.layer],
      ["trained on", ({ left }) => left],
      ["tested on", ({ right }) => right],
      ["accuracy", ({ transfer, i, j }) => transfer.accuracy[i]?.[j]],
      ["majority", ({ transfer }) => transfer.majority],
      ["n (independent units)", ({ transfer }) => transfer.n],
      ["classes", ({ transfer }) => transfer.classes],
      ["held out", ({ transfer }) => transfer.heldOut],
      ["cosine of the directions, Euclidean", ({ cosines, i, j }) => cosines.euclidean?.matrix[i]?.[j]],
      ["cosine of the directions, causal", ({ cosines, i, j }) => cosines.causal?.matrix[i]?.[j]],
      ["cosine of the directions, Mahalanobis", ({ cosines, i, j }) => cosines.mahalanobis?.matrix[i]?.[j]],
      ["identifiable", ({ transfer }) => transfer.identifiable],
    ]),
  ];
}
