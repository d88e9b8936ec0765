import { describe, expect, it } from "vitest";
import type { ToRelationsPage } from "../../../src/protocol/panel";
import { initialRelations, reduceRelations, restoredRelations } from "../../../webview/relations/state";
import { exampleRelations } from "../../fixtures/reports/exampleRelations";

const report = exampleRelations();
const files = ["a.relation.yaml", "b.relation.yaml"];
const run = (...messages: readonly ToRelationsPage[]) => messages.reduce(reduceRelations, initialRelations);
const started: ToRelationsPage = { type: "started", files };
const finished: ToRelationsPage = { type: "relations", report, problems: [] };

describe("what the page of relations shows", () => {
  it("follows a comparison to its report", () => {
    const progress = { phase: "probes", detail: "layer 2", fraction: 0.5 } as const;
    const under = run(started, { type: "progress", progress });
    expect(under).toMatchObject({ files, running: progress, report: null });
    expect(run(started, { type: "progress", progress }, finished)).toMatchObject({ files, running: null, report });
  });
  it("keeps the last report while another is made, cancelled or failed", () => {
    const problem = { kind: "input", code: "c", severity: "error", message: "m.", remedy: "r." } as const;
    expect(run(finished, started).report).toBe(report);
    expect(run(finished, started, { type: "cancelled" })).toMatchObject({ report, cancelled: true, running: null });
    expect(run(finished, started, { type: "problems", problems: [problem] })).toMatchObject({
      report,
      problems: [problem],
    });
    expect(run(finished, started, { type: "cancelled" }, started).cancelled).toBe(false);
  });
  it("restores a report of this version, and nothing else", () => {
    expect(restoredRelations({ page: "relations", files, report })).toMatchObject({ files, report });
    const other = { ...report, kind: "origins" } as unknown as typeof report;
    expect(restoredRelations({ page: "relations", files, report: other }).report).toBeNull();
    expect(restoredRelations(undefined)).toEqual(initialRelations);
  });
});
