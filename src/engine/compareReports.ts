import type { CompareReportsOutcome, CompareReportsParams } from "../protocol/engine";
import { ProblemError } from "../protocol/problem";
import type { PropertyRow, Report, ReportWarning } from "../protocol/report";
import { withHeadline, withoutContexts } from "./comparison/compareModels";
import { comparedProperties } from "./comparison/comparedProperties";
import { readSavedReport } from "./report/savedReport";

/**
 * Two saved reports on one relation: the first with `comparison` filled from the second. The models are not at hand, so
 * there are verdicts and no distances. Reports on other prompts or subjects are refused; what they do not share apart
 * from that is a warning.
 */
export async function compareReports({ left, right }: CompareReportsParams): Promise<CompareReportsOutcome> {
  try {
    const [own, other] = await Promise.all([readSavedReport(left), readSavedReport(right)]);
    if (sharedTemplates(own, other) === 0 || sharedSubjects(own, other) === 0) throw otherRelation(right, own, other);
    return { ok: true, value: compared(own, other), problems: [] };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems };
    throw error;
  }
}

function compared(left: Report, right: Report): Report {
  const [own, other] = [complete(left), complete(right)];
  const comparison = {
    model: other.model,
    other: { ...other, comparison: null },
    vocabularyShared: null,
    vocabulary: null,
    verdicts: comparedProperties(own, other),
    ...withoutContexts,
  };
  return {
    ...own,
    settings: { ...own.settings, compare: other.settings.model },
    comparison: withHeadline(comparison, own, other),
    warnings: [...own.warnings.filter(({ where }) => where !== "comparison"), ...differences(own, other)],
  };
}

/** What a report of an earlier version lacks. */
const laterFigures: Partial<Report> = { twins: null };
const laterCells: Partial<PropertyRow> = { holds: null, path: null, identifiable: null };

function complete(report: Report): Report {
  const properties = report.summary.properties.map((row) => ({ ...laterCells, ...row }));
  return { ...laterFigures, ...report, summary: { ...report.summary, properties } };
}

function sharedSubjects(left: Report, right: Report): number {
  const own = new Set(left.relation.samples.map(({ subject }) => subject));
  return right.relation.samples.filter(({ subject }) => own.has(subject)).length;
}

function sharedTemplates(left: Report, right: Report): number {
  return left.relation.templates.filter((template) => right.relation.templates.includes(template)).length;
}

/** What makes two reports hard to compare. */
function differences(left: Report, right: Report): ReportWarning[] {
  const warning = (code: string, message: string): ReportWarning => ({ code, message, where: "comparison" });
  const shared = sharedSubjects(left, right);
  const templates = sharedTemplates(left, right);
  const [own, other] = [left.settings, right.settings];
  const settings = (["seed", "bos", "twins"] as const).filter((name) => own[name] !== other[name]);
  return [
    ...(shared < Math.max(left.relation.samples.length, right.relation.samples.length)
      ? [
          warning(
            "reports-other-samples",
            `The two reports share ${shared} subjects, of ${left.relation.samples.length} and ${right.relation.samples.length}: part of every difference may be theirs.`,
          ),
        ]
      : []),
    ...(templates < Math.max(left.relation.templates.length, right.relation.templates.length)
      ? [
          warning(
            "reports-other-templates",
            `The two reports share ${templates} templates; what is about the others has no counterpart.`,
          ),
        ]
      : []),
    ...(settings.length > 0
      ? [
          warning(
            "reports-other-settings",
            `The two reports were made with other settings: ${settings.map((name) => `${name} ${own[name]} and ${other[name]}`).join(", ")}.`,
          ),
        ]
      : []),
  ];
}

function otherRelation(file: string, left: Report, right: Report): ProblemError {
  return new ProblemError([
    {
      kind: "input",
      code: "reports-other-relation",
      severity: "error",
      message: `The reports are not about the same relation: “${left.relation.name}” and “${right.relation.name}” share no template or no subject.`,
      remedy: "Choose two reports on one relation file.",
      file,
    },
  ]);
}
