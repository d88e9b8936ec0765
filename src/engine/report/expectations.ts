import { parseComparison, type Comparison } from "../../formats/expectations/comparison";
import { pathProblem, wordProblem } from "../../formats/expectations/expectationProblems";
import { parsePath } from "../../formats/expectations/fieldPath";
import type { ExpectationResult } from "../../protocol/digest";
import type { Report } from "../../protocol/report";
import { figuresAt, type ExpectedFigure } from "./expectedFigures";

/**
 * Whether a report is as a relation file's `expect` has it, in the file's order. An entry that names several figures,
 * such as one for each template, holds where all of them do; one that cannot be read, or names nothing, does not hold.
 */
export function checkExpectations(
  report: Report,
  expect: Readonly<Record<string, string>>,
): readonly ExpectationResult[] {
  return Object.entries(expect).map(([path, expected]) => ({ path, expected, ...check(report, path, expected) }));
}

type Verdict = Pick<ExpectationResult, "found" | "ok" | "message">;

function check(report: Report, path: string, expected: string): Verdict {
  const steps = parsePath(path);
  const comparison = parseComparison(expected);
  if (!steps.ok) return failure(`${steps.message} ${steps.remedy}`);
  if (!comparison.ok) return failure(`${comparison.message} ${comparison.remedy}`);
  const wrong = pathProblem(steps.value) ?? wordProblem(steps.value, comparison.value);
  if (wrong !== null) return failure(`${wrong.message} ${wrong.remedy}`);
  const found = figuresAt(report, steps.value);
  if ("missing" in found) return failure(found.missing);
  return judge(path, expected, comparison.value, found.figures);
}

const failure = (message: string): Verdict => ({ found: null, ok: false, message });

function judge(path: string, expected: string, comparison: Comparison, figures: readonly ExpectedFigure[]): Verdict {
  const judged = figures.map((figure) => ({ figure, why: objection(figure, comparison) }));
  const found = shownTogether(figures, comparison);
  const failed = judged.filter(({ why }) => why !== null);
  const [first] = failed;
  if (first === undefined) return { found, ok: true, message: null };
  const { figure, why } = first;
  const place = figure.place === "" ? "" : ` (${figure.place})`;
  const share = failed.length === 1 && figures.length === 1 ? "" : ` It does not hold for ${failed.length} of ${figures.length} figures.`; // prettier-ignore
  const message = `${path} is ${shown(figure, comparison)}${place}, not ${expected}.${why === "" ? "" : ` ${String(why)}`}${share}`;
  return { found, ok: false, message };
}

/** What is wrong with a figure: null where nothing is, and empty where the figure says it by itself. */
function objection({ value, interval, onAllTwins }: ExpectedFigure, comparison: Comparison): string | null {
  switch (comparison.kind) {
    case "words": {
      if (typeof value === "number") return "It is a number; write such as >= 0.6.";
      const same = comparison.words.some((word) => word.toLowerCase() === String(value).trim().toLowerCase());
      return same !== comparison.not ? null : "";
    }
    case "number": {
      if (typeof value !== "number") return "It is no number; write the word that is expected.";
      const ends = onAllTwins && interval !== null ? interval : [value];
      const same = ends.every((end) => Math.abs(end - comparison.value) <= 1e-9 * Math.max(1, Math.abs(end)));
      if (same !== comparison.not) return null;
      return Number.isInteger(value) || comparison.not
        ? ""
        : `To allow for a difference, write ${concise(comparison.value)} ± 0.01.`;
    }
    case "range": {
      if (typeof value !== "number") return "It is no number; write the word that is expected.";
      if (comparison.interval && interval === null) return "It has no interval; leave out the word interval.";
      const ends = (comparison.interval || onAllTwins) && interval !== null ? interval : [value];
      return ends.every((end) => isWithin(end, comparison)) ? null : "";
    }
  }
}

function isWithin(value: number, { low, high, open }: Extract<Comparison, { kind: "range" }>): boolean {
  return open ? value > low && value < high : value >= low && value <= high;
}

function shownTogether(figures: readonly ExpectedFigure[], comparison: Comparison): string {
  const texts = [...new Set(figures.map((figure) => shown(figure, comparison)))];
  if (texts.length <= 4) return texts.join(", ");
  const numbers = figures.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  if (numbers.length < figures.length) return `${texts.slice(0, 3).join(", ")} and ${texts.length - 3} more`;
  return `${concise(Math.min(...numbers))} to ${concise(Math.max(...numbers))}`;
}

function shown({ value, interval, onAllTwins }: ExpectedFigure, comparison: Comparison): string {
  if (typeof value !== "number") return String(value).trim();
  const ends = comparison.kind === "range" ? [comparison.low, comparison.high] : [];
  const text = apart(value, ends);
  if (interval === null) return text;
  if (onAllTwins) return `${apart(interval[0], ends)} to ${apart(interval[1], ends)} over exact twins`;
  const wanted = comparison.kind === "range" && comparison.interval;
  return wanted ? `${text} [${apart(interval[0], ends)}, ${apart(interval[1], ends)}]` : text;
}

/** With as many digits as it takes to tell it from the ends of what is expected, where it is another number. */
function apart(value: number, ends: readonly number[]): string {
  const precisions = [3, 4, 6, 9, 15];
  const enough = precisions.find((digits) => ends.every((end) => end === value || Number(value.toPrecision(digits)) !== end)); // prettier-ignore
  return concise(value, enough);
}

function concise(value: number, digits = 3): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}
