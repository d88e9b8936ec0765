import type { ProblemCollector } from "../problemCollector";
import { unnamed, type DraftSample, type PlacedText, type PromptDraft } from "./draft";
import { FirstProblems } from "./firstProblems";
import type { PromptSource } from "./source";
import { inkedLines, type TextLine } from "./textLines";

interface WordList {
  readonly name: string | null;
  readonly heading: TextLine | null;
  readonly samples: Map<string, DraftSample>;
}

const words = /[^\s]+/g;

/**
 * Lists of analogies: Google's, four words on a line under headings `: name`, and BATS, a word and its answers
 * `first/second` after a tab. Every pair of a list is there once; of several answers, the first counts.
 */
export function readAnalogies({ content, choice }: PromptSource, problems: ProblemCollector): PromptDraft {
  const first = new FirstProblems(problems);
  const lists: WordList[] = [];
  for (const line of inkedLines(content)) {
    if (/^(#|\/\/)/.test(line.text)) continue;
    const heading = /^:\s*(.*)$/.exec(line.text)?.[1];
    if (heading !== undefined || lists.length === 0) {
      lists.push({ name: heading ?? null, heading: heading === undefined ? null : line, samples: new Map() });
    }
    const list = lists.at(-1);
    if (heading !== undefined || list === undefined) continue;
    for (const sample of readLine(line, first)) {
      const key = JSON.stringify([...sample.values.values(), sample.object].map((word) => word?.text));
      if (!list.samples.has(key)) list.samples.set(key, sample);
    }
  }
  return draftOf(lists, choice.list, problems);
}

function draftOf(lists: readonly WordList[], chosen: string | undefined, problems: ProblemCollector): PromptDraft {
  const names = lists.flatMap(({ name }) => name ?? []);
  const list = (chosen === undefined ? undefined : lists.find(({ name }) => name === chosen)) ?? lists[0];
  if (chosen !== undefined && list?.name !== chosen) {
    const remedy = names.length === 0 ? "Choose none." : `Choose one of ${names.join(", ")}.`;
    problems.error("prompt-unknown-list", { start: 0, end: 0 }, `The file has no list "${chosen}".`, remedy);
  } else if (chosen === undefined && lists.length > 1 && list !== undefined) {
    problems.warn(
      "prompt-several-lists",
      list.heading ?? { start: 0, end: 0 },
      `The file has ${lists.length} lists of pairs; ${list.name === null ? "the first" : `"${list.name}"`} is read.`,
      "Choose another list, or keep each in a file of its own.",
    );
  }
  return {
    name: list?.name ?? null,
    templates: [],
    samples: [...(list?.samples.values() ?? [])],
    declared: [],
    defaults: [],
    example: "{}",
    valuesIn: null,
    ...(names.length > 1 && { lists: names }),
  };
}

function readLine(line: TextLine, problems: FirstProblems): DraftSample[] {
  const tab = line.text.indexOf("\t");
  const found = [...line.text.matchAll(words)].map((word) => located(line, word.index, word[0]));
  if (tab >= 0 && !line.text.includes("\t", tab + 1)) {
    const answer = /^\s*([^/]*)/.exec(line.text.slice(tab + 1));
    const leading = (answer?.[0].length ?? 0) - (answer?.[1]?.length ?? 0);
    return [pair(line, located(line, 0, line.text.slice(0, tab)), located(line, tab + 1 + leading, answer?.[1] ?? ""))];
  }
  const [a, b, c, d] = found;
  if (a !== undefined && b !== undefined && found.length === 2) return [pair(line, a, b)];
  if (a !== undefined && b !== undefined && c !== undefined && d !== undefined && found.length === 4) {
    return [pair(line, a, b), pair(line, c, d)];
  }
  const message = `The line has ${found.length === 1 ? "one word" : `${found.length} words`}; an analogy has four, or a word and its answers after a tab.`;
  problems.error(
    "prompt-bad-line",
    line,
    message,
    "Write it as Athens Greece Berlin Germany, with _ within a word of several.",
  );
  return [];
}

function pair({ start, end }: TextLine, subject: PlacedText, object: PlacedText): DraftSample {
  return { values: new Map([[unnamed, subject]]), object, start, end };
}

/** These lists write `new_york` for words with a space. */
function located(line: TextLine, offset: number, written: string): PlacedText {
  const start = line.start + offset;
  const text = written.trim();
  return { text: text.replaceAll("_", " "), start, end: start + text.length };
}
