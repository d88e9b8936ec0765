import type { Report } from "../../protocol/report";
import type { ExportTable } from "./exportTable";
import { comparisonTables } from "./tables/comparison";
import { linearityTables } from "./tables/linearity";
import { originTables } from "./tables/origins";
import { parallelismTables } from "./tables/parallelism";
import { probeTables } from "./tables/probes";
import { promptTables } from "./tables/prompts";
import { propertyTables } from "./tables/properties";
import { provenanceTables } from "./tables/provenance";
import { steeringTables } from "./tables/steering";
import { subspaceTables } from "./tables/subspaces";
import { twinTables } from "./tables/twins";

/**
 * Everything that a report has, as tables; those without rows are left out. Of a comparison the second model's tables
 * come too, as `other-…`.
 */
export function reportTables(report: Report): readonly ExportTable[] {
  const own = [
    propertyTables,
    promptTables,
    parallelismTables,
    linearityTables,
    probeTables,
    subspaceTables,
    steeringTables,
    originTables,
    twinTables,
    comparisonTables,
    provenanceTables,
  ].flatMap((tables) => tables(report));
  const other = report.comparison === null ? [] : reportTables(report.comparison.other);
  return [
    ...own.filter(({ rows }) => rows.length > 0),
    ...other.map((table) => ({ ...table, name: `other-${table.name}` })),
  ];
}
