import { namesOf, type FieldPath } from "../../formats/expectations/fieldPath";
import { reportFields } from "../../formats/expectations/reportFields";
import type { Interval, PropertyRow, Report } from "../../protocol/report";
import { intervalBeside, valuesAt, type ReportValue } from "./reportPath";

/** A figure that an expectation is about. */
export interface ExpectedFigure {
  /** What tells it from others of the same path, such as its template; empty where nothing does. */
  readonly place: string;
  readonly value: number | string | boolean;
  /** 95%; over exact twins, from the least to the greatest value. */
  readonly interval: Interval | null;
  /** Whether `interval` is the range over exact twins. */
  readonly onAllTwins: boolean;
}

export type FoundFigures = { readonly figures: readonly ExpectedFigure[] } | { readonly missing: string };

/** Fields of the twin test itself. */
const ofTwinTest = ["count", "condition"];

/** The figures at a path, one or more; a sentence that says what to do where there are none. */
export function figuresAt(report: Report, path: FieldPath): FoundFigures {
  const [first, ...rest] = path;
  const [second] = rest;
  if (first?.name === "twins" && second !== undefined && !ofTwinTest.includes(second.name))
    return onTwins(report, rest);
  const absent = notComputed(report, path);
  if (absent !== null) return { missing: absent };
  if (namesOf(path) === "prompts.accuracy") return accuracy(report, path);
  const found = valuesAt(report, path);
  if ("missing" in found) return found;
  const figures: ExpectedFigure[] = [];
  for (const value of found.values) {
    const figure = toFigure(report, value);
    if ("missing" in figure) return figure;
    figures.push(figure);
  }
  return { figures };
}

function toFigure(report: Report, found: ReportValue): ExpectedFigure | { missing: string } {
  const { value, place, path } = found;
  const common = { place, onAllTwins: false };
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") {
    return { ...common, value, interval: typeof value === "number" ? intervalBeside(found) : null };
  }
  if (value === null) return { missing: isNull(report, path) };
  const row = rowOf(report.summary.properties, path);
  if (value === undefined && path.endsWith(".verdict") && row !== undefined) return { ...common, value: row.verdict, interval: null }; // prettier-ignore
  // The summary has one figure for some matrices.
  if (row?.path === path && row.value !== null) return { ...common, value: row.value, interval: row.interval };
  if (value === undefined) return { missing: `${path} is not in the summary's table; choose an entry that is.` };
  const example = Array.isArray(value) ? `${path}[0]` : `${path}.${Object.keys(value)[0] ?? ""}`;
  return { missing: `${path} is no figure but has several; name one, such as ${example}.` };
}

/** The row about a figure, or about the entry or part that a verdict is asked of. */
function rowOf(rows: readonly PropertyRow[], path: string): PropertyRow | undefined {
  const owner = path.replace(/\.verdict$/, "");
  return rows.find((row) => row.path === path) ?? rows.find((row) => row.path?.startsWith(`${owner}.`) === true);
}

function accuracy(report: Report, path: FieldPath): FoundFigures {
  const found = valuesAt(report, path);
  if ("missing" in found) return found;
  const right = found.values.filter(({ owner }) => "rank" in owner && owner.rank === 1).length;
  const value = right / found.values.length;
  return { figures: [{ place: "", value, interval: null, onAllTwins: false }] };
}

function onTwins(report: Report, path: FieldPath): FoundFigures {
  const { twins } = report;
  if (twins === null) return { missing: "The twin test was left out; ask for twins, 20 of each family by default." };
  const absent = notComputed(report, path);
  if (absent !== null) return { missing: absent };
  const found = valuesAt(report, path);
  if ("missing" in found) return found;
  const figures: ExpectedFigure[] = [];
  for (const { path: at, place, value } of found.values) {
    const ranges = [twins.changeOfBasis[at], twins.changeOfDimension[at]].flatMap((range) => range ?? []);
    if (typeof value !== "number" || ranges.length === 0) return { missing: `The twin test has no range of ${at}.` };
    figures.push({ place, value, interval: [Math.min(...ranges), Math.max(...ranges)], onAllTwins: true });
  }
  return { figures };
}

function notComputed({ settings, comparison }: Report, path: FieldPath): string | null {
  const [root] = path;
  if (root?.name === "comparison" && comparison === null) return "There is no second model; name one to compare with.";
  const section = reportFields.find((field) => field.root === root?.name)?.section ?? null;
  if (section === null || settings.only.includes(section)) return null;
  return `${root?.name ?? ""} was not computed: this analysis left ${section} out.`;
}

function isNull({ warnings, twins }: Report, path: string): string {
  if (path.endsWith(".identifiable")) {
    const why = twins === null ? "the twin test was left out" : "it is not a figure on f, or the twin test has no range of it"; // prettier-ignore
    return `${path} is not known: ${why}.`;
  }
  const [root = ""] = path.split(/[.[]/);
  const warning =
    warnings.find(({ where }) => where !== "" && path.startsWith(where)) ??
    warnings.find(({ where }) => where === root);
  return `${path} could not be computed${warning === undefined ? "; the report's warnings say why." : `: ${warning.message}`}`;
}
