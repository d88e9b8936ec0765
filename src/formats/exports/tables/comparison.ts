import type { ComparedProperty, Comparison, EquivalenceFigure, Report } from "../../../protocol/report";
import { exportTable, intervalFields, type ExportTable, type Field } from "../exportTable";
import { distanceTables } from "./distances";

/** What two models share; left is the report's own model. */
export function comparisonTables({ comparison }: Report): readonly ExportTable[] {
  if (comparison === null) return [];
  return [
    exportTable("compared-properties", comparison.verdicts, propertyFields),
    ...distanceTables(comparison),
    ...equivalenceTables(comparison),
    layerTable(comparison),
    ...unitTables(comparison),
  ];
}

const propertyFields: readonly Field<ComparedProperty>[] = [
  ["section", ({ section }) => section],
  ["property", ({ property }) => property],
  ["layer", ({ layer }) => layer],
  ["left", ({ left }) => left],
  ...intervalFields<ComparedProperty>(({ leftInterval }) => leftInterval, "95% interval, left"),
  ["right", ({ right }) => right],
  ...intervalFields<ComparedProperty>(({ rightInterval }) => rightInterval, "95% interval, right"),
  ["null, left", ({ leftNull }) => leftNull],
  ["null, right", ({ rightNull }) => rightNull],
  ...intervalFields<ComparedProperty>(({ leftRange }) => leftRange, "range over twins, left"),
  ...intervalFields<ComparedProperty>(({ rightRange }) => rightRange, "range over twins, right"),
  ["n, left", ({ n }) => n[0]],
  ["n, right", ({ n }) => n[1]],
  ["holds, left", ({ holds }) => holds[0]],
  ["holds, right", ({ holds }) => holds[1]],
  ["identifiable", ({ identifiable }) => identifiable],
  ["verdict", ({ verdict }) => verdict],
];

const equivalenceNames: Readonly<Record<EquivalenceFigure, string>> = {
  r2Forward: "R², left from right",
  r2Backward: "R², right from left",
  meanCanonicalCorrelation: "mean canonical correlation",
  cka: "linear CKA",
  dSvd: "d_SVD",
  ckaEuclidean: "linear CKA, raw coordinates",
  r2Euclidean: "R², raw coordinates",
};

function equivalenceTables({ equivalence }: Comparison): readonly ExportTable[] {
  if (equivalence === null) return [];
  const keys: readonly EquivalenceFigure[] = [
    ...(["r2Forward", "r2Backward", "meanCanonicalCorrelation", "cka", "dSvd"] as const),
    ...(["ckaEuclidean", "r2Euclidean"] as const),
  ];
  const rows = keys.map((key) => ({ name: equivalenceNames[key], figure: equivalence.figures[key] }));
  return [
    exportTable("compared-equivalence", rows, [
      ["figure", ({ name }) => name],
      ["value", ({ figure }) => figure.value],
      ...intervalFields<(typeof rows)[number]>(({ figure }) => figure.interval),
      ["null, mean", ({ figure }) => figure.nullMean],
      ["null, its end (97.5%; of d_SVD 2.5%)", ({ figure }) => figure.nullUpper],
      ["n (contexts)", () => equivalence.n],
      ["held out", () => equivalence.heldOut],
      ["identifiable", ({ figure }) => figure.identifiable],
    ]),
  ];
}

function layerTable({ layerMaps }: Comparison): ExportTable {
  const cells = layerMaps.flatMap((map) =>
    map.left.flatMap((left, i) => map.right.map((right, j) => ({ map, left, right, i, j }))),
  );
  return exportTable("compared-layers", cells, [
    ["measure", ({ map }) => map.measure],
    ["template", ({ map }) => map.template],
    ["left layer", ({ left }) => left],
    ["right layer", ({ right }) => right],
    ["value", ({ map, i, j }) => map.matrix[i]?.[j]],
    ["null, mean", ({ map, i, j }) => map.nullMatrix?.[i]?.[j]],
    ["null, 95% quantile", ({ map, i, j }) => map.nullUpper?.[i]?.[j]],
    ["n", ({ map }) => map.n],
  ]);
}

function unitTables({ unitMatching }: Comparison): readonly ExportTable[] {
  if (unitMatching === null) return [];
  return [
    exportTable("compared-units", unitMatching.assignment, [
      ["left unit", ({ left }) => left],
      ["right unit", ({ right }) => right],
      ["correlation", ({ correlation }) => correlation],
      ["n (contexts)", () => unitMatching.n],
    ]),
  ];
}
