import { readBraces } from "./braces";
import { placeFrom, type DraftTemplate, type PromptDraft, type Syntax } from "./draft";
import { frontMatterOf } from "./frontMatter";
import type { Span } from "../lineIndex";
import type { ProblemCollector } from "../problemCollector";
import type { PromptSource } from "./source";
import { textAt } from "./values";

/** Text or Markdown: a template, or several between lines `---`; front matter of Markdown is left out. */
export function readPlain({ content, file }: PromptSource, problems: ProblemCollector): PromptDraft {
  const front = /\.md$/i.test(file) ? frontMatterOf(content) : null;
  const templates = templatesBetweenRules(content, front?.bodyStart ?? 0, readBraces, problems);
  return {
    name: textAt(front?.root, "name") ?? textAt(front?.root, "title"),
    templates,
    samples: [],
    declared: [],
    defaults: [],
    example: "{}",
    valuesIn: null,
  };
}

/** The texts between lines `---`, from an offset on; blank ones are none. */
function templatesBetweenRules(
  content: string,
  from: number,
  syntax: Syntax,
  problems: ProblemCollector,
): DraftTemplate[] {
  const rules = /^---[ \t]*$/gm;
  rules.lastIndex = from;
  const templates: DraftTemplate[] = [];
  const add = (start: number, end: number) => {
    const span = inkOf(content, start, end);
    if (span.end > span.start) templates.push(plainTemplate(content, span, syntax, problems));
  };
  let start = from;
  for (let rule = rules.exec(content); rule !== null; rule = rules.exec(content)) {
    add(start, rule.index);
    start = rule.index + rule[0].length;
  }
  add(start, content.length);
  return templates;
}

export function plainTemplate(content: string, span: Span, syntax: Syntax, problems: ProblemCollector): DraftTemplate {
  const parts = syntax(content.slice(span.start, span.end), placeFrom(span.start), problems);
  return { ...span, messages: [{ role: "user", parts }], isChat: false };
}

/** A part of a text without the white space around it. */
export function inkOf(content: string, start: number, end: number): Span {
  const text = content.slice(start, end);
  const leading = text.length - text.trimStart().length;
  const ink = text.trim().length;
  return { start: start + leading, end: start + leading + ink };
}
