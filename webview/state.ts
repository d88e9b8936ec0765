import type { Progress } from "../src/protocol/engine";
import type { PanelState } from "../src/protocol/panel";
import type { Problem } from "../src/protocol/problem";
import type { LinearityFit, Parallelism, ParallelismMap, Report } from "../src/protocol/report";

import type { Received } from "./received";

/** What the page shows; changed by messages and clicks alone. */
export interface ViewState {
  readonly file: string;
  /** The last complete report, kept when a later analysis fails or is cancelled. */
  readonly report: Report | null;
  /** The file that it was made from. */
  readonly reportFile: string;
  /** Parts of the report being made; kept after a cancellation. */
  readonly draft: Partial<Report> | null;
  readonly running: Omit<Progress, "partial"> | null;
  readonly problems: readonly Problem[];
  readonly stale: boolean;
  readonly cancelled: boolean;
}

export const initialState: ViewState = {
  file: "",
  report: null,
  reportFile: "",
  draft: null,
  running: null,
  problems: [],
  stale: false,
  cancelled: false,
};

export function reduce(state: ViewState, message: Received): ViewState {
  switch (message.type) {
    case "started":
      return {
        ...initialState,
        file: message.file,
        report: state.report,
        reportFile: state.reportFile,
        running: { phase: "load", detail: "", fraction: 0 },
      };
    case "progress": {
      const { partial, ...running } = message.progress;
      return { ...state, running, draft: partial ? { ...state.draft, ...partial } : state.draft };
    }
    case "report":
      return {
        ...initialState,
        file: message.file,
        report: message.report,
        reportFile: message.file,
        problems: message.problems,
      };
    case "problems":
      return { ...state, file: message.file, problems: message.problems, running: null, draft: null };
    case "cancelled":
      return { ...state, running: null, cancelled: true };
    case "stale":
      return { ...state, stale: message.stale };
    // Belongs to the control that asked, and is not kept; the page itself keeps its tab.
    case "steered":
    case "showTab":
      return state;
  }
}

/**
 * What is drawn: the report being made once it says what it is about, until then the last complete
 * one if it is of the same file. A cancelled first analysis keeps what it had.
 */
export function shown(state: ViewState): Partial<Report> {
  const draft = state.draft ?? {};
  if (state.running) {
    if (draft.relation !== undefined || state.report === null || state.reportFile !== state.file) return draft;
    return state.report;
  }
  if (state.cancelled && (state.report === null || state.reportFile !== state.file)) return draft;
  return state.report ?? {};
}

export function restored(saved: PanelState | undefined): ViewState {
  return saved && isReport(saved.report)
    ? { ...initialState, file: saved.file, report: saved.report, reportFile: saved.file }
    : { ...initialState, file: saved?.file ?? "" };
}

/** A state saved by another version of the panel is dropped rather than misread. */
function isReport(value: Report | null): value is Report {
  return value !== null && (value.schemaVersion as unknown) === 1 && Array.isArray(value.prompts);
}

/**
 * The report without what takes most room, in steps, until it has at most `limit` characters a model as
 * JSON: top tokens beyond three, digits of the correlations between units beyond the third, the slopes, digits of the cosines over general contexts and between embeddings beyond
 * the fourth, what the maps of hidden layers predict, all top tokens, digits of all cosines. The same of the model that
 * it is compared with.
 * Null where even that is too long: the host sends the report again.
 */
export function slim(report: Report, limit = 400_000): Report | null {
  const room = (report as Partial<Report>).comparison ? 2 * limit : limit;
  const fits = (one: Report) => JSON.stringify(one).length <= room;
  if (fits(report)) return report;
  const steps: readonly ((report: Report) => Report)[] = [
    (r) => ({ ...r, prompts: r.prompts.map((prompt) => ({ ...prompt, topTokens: prompt.topTokens.slice(0, 3) })) }),
    (r) => ({ ...r, comparison: roundedUnits(r) }),
    (r) => ({ ...r, parallelism: r.parallelism && { ...r.parallelism, slopes: [] } }),
    (r) => ({ ...r, parallelism: r.parallelism && roundedSecondary(r.parallelism) }),
    (r) => ({ ...r, linearity: r.linearity.map(withoutPredictions) }),
    (r) => ({ ...r, prompts: r.prompts.map((prompt) => ({ ...prompt, topTokens: [] })) }),
    (r) => ({ ...r, parallelism: r.parallelism && roundedCosines(r.parallelism) }),
  ];
  let small = report;
  for (const step of steps) {
    small = inBoth(small, step);
    if (fits(small)) return small;
  }
  return null;
}

/** A step in the reports of both models. */
function inBoth(report: Report, step: (report: Report) => Report): Report {
  const { comparison = null } = report as Partial<Report>;
  const own = step(report);
  return comparison ? { ...own, comparison: { ...comparison, other: step(comparison.other) } } : own;
}

/** Reports from before there were comparisons have none. */
function roundedUnits({ comparison = null }: Partial<Report>): Report["comparison"] {
  const units = comparison?.unitMatching;
  if (!comparison || !units) return comparison;
  const matrix = units.matrix.map((row) => row.map((entry) => Number(entry.toFixed(3))));
  return { ...comparison, unitMatching: { ...units, matrix } };
}

const withoutPredictions = (fit: LinearityFit): LinearityFit =>
  fit.layer === "final" ? fit : { ...fit, agreement: null, predictions: null, singularValues: null };

const rounded = (map: ParallelismMap | null) =>
  map && { ...map, matrix: map.matrix.map((row) => row.map((cosine) => Number(cosine.toFixed(4)))) };

function roundedSecondary(parallelism: Parallelism): Parallelism {
  const { general = null, embeddings } = parallelism;
  return {
    ...parallelism,
    general: rounded(general),
    embeddings: embeddings && { causal: rounded(embeddings.causal), euclidean: rounded(embeddings.euclidean) },
  };
}

function roundedCosines(parallelism: Parallelism): Parallelism {
  const { distributional, causal, euclidean } = parallelism;
  return {
    ...parallelism,
    distributional: rounded(distributional),
    causal: rounded(causal),
    euclidean: rounded(euclidean),
  };
}
