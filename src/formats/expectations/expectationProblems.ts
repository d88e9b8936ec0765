import { nearest } from "../nearest";
import { parseComparison, type Comparison } from "./comparison";
import { namesOf, parsePath, type FieldPath } from "./fieldPath";
import { otherRoots, reportFields, type ReportField } from "./reportFields";
import { wordsAt } from "./verdictWords";

/** What is wrong with an entry of `expect`, as far as can be told without a report. */
export interface ExpectationProblem {
  readonly code: "relation-expectation-path" | "relation-expectation-unreadable";
  readonly message: string;
  readonly remedy: string;
}

export function expectationProblems(path: string, expected: string): readonly ExpectationProblem[] {
  const steps = parsePath(path);
  const wrongPath = steps.ok ? pathProblem(steps.value) : steps;
  const comparison = parseComparison(expected);
  const neverSaid = steps.ok && comparison.ok ? wordProblem(steps.value, comparison.value) : null;
  return [
    ...(wrongPath === null ? [] : [{ code: "relation-expectation-path", ...saying(wrongPath) } as const]),
    ...(comparison.ok ? [] : [{ code: "relation-expectation-unreadable", ...saying(comparison) } as const]),
    ...(neverSaid === null ? [] : [{ code: "relation-expectation-unreadable", ...neverSaid } as const]),
  ];
}

/** A word that a figure never says: such an expectation would never hold or, with !=, always. */
export function wordProblem(path: FieldPath, comparison: Comparison): Said | null {
  const name = namesOf(path);
  const known = wordsAt(name);
  if (known.length === 0) return null;
  if (comparison.kind !== "words") {
    return { message: `The value of ${name} is a word and no number.`, remedy: `Write one of ${known.join("; ")}.` };
  }
  const unknown = comparison.words.find((word) => !known.some((other) => other.toLowerCase() === word.toLowerCase()));
  if (unknown === undefined) return null;
  const meant = nearest(unknown, known);
  return {
    message: `The value of ${name} is never "${unknown}".`,
    remedy: meant === null ? `Write one of ${known.join("; ")}.` : `Did you mean ${meant}?`,
  };
}

interface Said {
  readonly message: string;
  readonly remedy: string;
}

const saying = ({ message, remedy }: Said): Said => ({ message, remedy });

/** Fields of the twin test itself; any other path below `twins` is a figure on all of them. */
const ofTwins = ["count", "condition"];

/** What no report has; null where a report may have it. */
export function pathProblem(path: FieldPath): Said | null {
  const [first, ...rest] = path;
  const [second] = rest;
  if (first === undefined) return null;
  if (first.name === "twins" && second !== undefined && !ofTwins.includes(second.name)) return pathProblem(rest);
  if (otherRoots.includes(first.name)) return null;
  const field = reportFields.find(({ root }) => root === first.name);
  if (field === undefined) {
    const known = [...reportFields.map(({ root }) => root), ...otherRoots];
    const meant = nearest(first.name, known);
    return {
      message: `A report has no ${first.name}.`,
      remedy: meant === null ? `Start with one of ${known.join(", ")}.` : `Did you mean ${meant}?`,
    };
  }
  return selectorProblem(field, path) ?? fieldProblem(field, path);
}

function selectorProblem({ root, selectors }: ReportField, [first]: FieldPath): Said | null {
  const unknown = first?.where.find(({ key }) => !selectors.includes(key));
  if (unknown === undefined) return null;
  const meant = nearest(unknown.key, selectors);
  const choices = selectors.length === 0 ? "Leave the brackets out." : `Choose by ${selectors.join(", ")}.`;
  return {
    message: `Entries of ${root} cannot be chosen by ${unknown.key}.`,
    remedy: meant === null ? choices : `Did you mean ${meant}?`,
  };
}

function fieldProblem({ root, numbers, words, lists }: ReportField, [, ...rest]: FieldPath): Said | null {
  const name = namesOf(rest);
  const known = [...numbers, ...words, ...lists];
  if (known.some((path) => path === name || (lists.includes(path) && name.startsWith(`${path}.`)))) return null;
  const meant = name === "" ? null : nearest(name, known);
  const examples = [...numbers, ...lists]
    .slice(0, 4)
    .map((path) => `${root}.${path}`)
    .join(", ");
  return {
    message: name === "" ? `The field ${root} is no figure but has several.` : `The field ${root} has no ${name}.`,
    remedy: meant === null ? `Write such as ${examples}.` : `Did you mean ${root}.${meant}?`,
  };
}
