import type { ProblemCollector } from "../problemCollector";
import { unnamed, type DraftSample, type PlacedText, type PromptDraft } from "./draft";
import { pairKeysOf } from "./pairKeys";
import { FirstProblems } from "./firstProblems";
import type { PromptSource } from "./source";
import { linesOf, type TextLine } from "./textLines";

/** Which column has what. */
interface Columns {
  readonly subject: number;
  readonly object: number;
  readonly label: number | null;
  readonly count: number;
}

/** Pairs between tabs: subject, object and perhaps a label, or in the order that a first line of names gives. */
export function readTabSeparated({ content }: PromptSource, problems: ProblemCollector): PromptDraft {
  const lines = linesOf(content);
  const header = lines[0] === undefined ? null : headerOf(lines[0]);
  const columns = header ?? { subject: 0, object: 1, label: 2, count: 3 };
  const first = new FirstProblems(problems);
  const samples = lines.slice(header === null ? 0 : 1).flatMap((line) => readRow(line, columns, first) ?? []);
  return { name: null, templates: [], samples, declared: [], defaults: [], example: "{}", valuesIn: null };
}

function headerOf(line: TextLine): Columns | null {
  const names = cellsOf(line).map(({ text }) => text.toLowerCase());
  const keys = pairKeysOf(names);
  if (keys === null || !names.includes(keys[1])) return null;
  const label = names.indexOf("label");
  return {
    subject: names.indexOf(keys[0]),
    object: names.indexOf(keys[1]),
    label: label < 0 ? null : label,
    count: names.length,
  };
}

function readRow(line: TextLine, columns: Columns, problems: FirstProblems): DraftSample | null {
  const cells = cellsOf(line);
  const subject = cells[columns.subject];
  const object = cells[columns.object];
  if (subject === undefined || cells.slice(columns.count).some(({ text }) => text !== "")) {
    const message = `The line has ${cells.length === 1 ? "one column" : `${cells.length} columns`}; a pair has a subject and an object.`;
    problems.error("prompt-bad-line", line, message, "Put one tab between the subject and the object.");
    return null;
  }
  const label = columns.label === null ? undefined : cells[columns.label]?.text;
  return {
    values: new Map([[unnamed, subject]]),
    object: object === undefined || object.text === "" ? null : object,
    ...(label !== undefined && label !== "" && { label }),
    start: line.start,
    end: line.end,
  };
}

function cellsOf({ text, start }: TextLine): PlacedText[] {
  let column = start;
  return text.split("\t").map((written) => {
    const cell = written.trim();
    const from = column + (cell === "" ? 0 : written.length - written.trimStart().length);
    column += written.length + 1;
    return { text: cell, start: from, end: from + cell.length };
  });
}
