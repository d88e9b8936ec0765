import type { Report } from "../../src/protocol/report";

/** The report's own model, or the one that it is compared with. */
export type Side = "left" | "right";

/** The report as every view shows it: of either model, the comparison of both beside it. */
export function bySide(report: Partial<Report>, side: Side): Partial<Report> {
  const { comparison } = report;
  return side === "right" && comparison ? { ...comparison.other, comparison } : report;
}
