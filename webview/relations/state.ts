import type { Progress } from "../../src/protocol/engine";
import type { PageState, ToRelationsPage } from "../../src/protocol/panel";
import type { Problem } from "../../src/protocol/problem";
import type { RelationsReport } from "../../src/protocol/relationsReport";

/** What the page of relations side by side shows. */
export interface RelationsState {
  readonly files: readonly string[];
  /** The last complete one, kept while another is made. */
  readonly report: RelationsReport | null;
  readonly running: Omit<Progress, "partial"> | null;
  readonly problems: readonly Problem[];
  readonly cancelled: boolean;
}

export const initialRelations: RelationsState = {
  files: [],
  report: null,
  running: null,
  problems: [],
  cancelled: false,
};

export function reduceRelations(state: RelationsState, message: ToRelationsPage): RelationsState {
  switch (message.type) {
    case "started":
      return {
        ...initialRelations,
        files: message.files,
        report: state.report,
        running: { phase: "load", detail: "", fraction: 0 },
      };
    case "progress": {
      const { phase, detail, fraction } = message.progress;
      return { ...state, running: { phase, detail, fraction } };
    }
    case "relations":
      return { ...initialRelations, files: state.files, report: message.report, problems: message.problems };
    case "problems":
      return { ...state, running: null, problems: message.problems };
    case "cancelled":
      return { ...state, running: null, cancelled: true };
  }
}

/** A state saved by another version of the page is dropped rather than misread. */
export function restoredRelations(saved: Extract<PageState, { page: "relations" }> | undefined): RelationsState {
  if (!saved) return initialRelations;
  const { report, files } = saved;
  const known = report !== null && (report.kind as unknown) === "relations" && (report.schemaVersion as unknown) === 1;
  return { ...initialRelations, files, report: known ? report : null };
}
