import type { LinearityFit, ProbeResult, Report, SubspaceAlignment } from "../../src/protocol/report";

/**
 * The engine's verdict on a figure, from the row of the summary whose path lies under it, such as `linearity[3]`.
 * Null where the summary does not judge it: the panel makes no verdicts of its own.
 */
export function verdictOf(report: Partial<Report>, path: string): string | null {
  const rows = report.summary?.properties ?? [];
  return (
    rows.find((row) => row.path !== null && (row.path === path || row.path.startsWith(`${path}.`)))?.verdict ?? null
  );
}

export const fitVerdict = (report: Partial<Report>, fit: LinearityFit) =>
  verdictOf(report, `linearity[${report.linearity?.indexOf(fit) ?? -1}]`);

export const probeVerdict = (report: Partial<Report>, probe: ProbeResult) =>
  verdictOf(report, `probes[${report.probes?.indexOf(probe) ?? -1}]`);

export const subspaceVerdict = (report: Partial<Report>, alignment: SubspaceAlignment) =>
  verdictOf(report, `subspaces[${report.subspaces?.indexOf(alignment) ?? -1}]`);
