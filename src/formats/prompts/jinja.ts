import type { ProblemCollector } from "../problemCollector";
import type { Part, Place, Syntax } from "./draft";
import { reportBlock, reportExpression, reportUnclosed } from "./syntaxProblems";
import { controlSpace, longestTag, readTags, type Tag } from "./tags";

const delimiters = [
  ["{{", "}}"],
  ["{%", "%}"],
  ["{#", "#}"],
] as const;

const expression = /^([A-Za-z_][\w.]*)\s*((?:\|\s*\w+\s*(?:\([^()]*\))?\s*)*)$/;
const filter = /\|\s*(\w+)\s*(?:\(([^()]*)\))?/g;
const quoted = /^(["'])((?:(?!\1).)*)\1$/s;
/** Filters that leave a word without white space around it as it is. */
const harmless: readonly string[] = ["trim", "string", "safe"];

/** The part of Jinja (and Nunjucks) that leaves the text around the subject fixed: `{{ name }}`. */
export const readJinja: Syntax = (text, place, problems) => {
  const { pieces, unclosed } = readTags(text, delimiters);
  if (unclosed !== null) reportUnclosed(place(unclosed.start, unclosed.end), problems);
  const parts: Part[] = [];
  let raw = false;
  for (const piece of controlSpace(pieces, "-")) {
    if (typeof piece === "string") parts.push(piece);
    else if (piece.opening === "{%" && piece.inner === (raw ? "endraw" : "raw")) raw = !raw;
    else if (raw) parts.push(piece.written);
    else if (piece.opening === "{%") reportStatement(piece, place, problems);
    else if (piece.opening === "{{") parts.push(readExpression(piece, place, problems));
  }
  return parts;
};

function readExpression({ inner, written, start, end }: Tag, place: Place, problems: ProblemCollector): Part {
  if (inner.length > longestTag) return reportExpression(written, place(start, end), problems);
  const literal = quoted.exec(inner)?.[2];
  if (literal !== undefined) return literal;
  const [, name, filters = ""] = expression.exec(inner) ?? [];
  if (name === undefined) return reportExpression(written, place(start, end), problems);
  let fallback: string | undefined;
  for (const [, called = "", given] of filters.matchAll(filter)) {
    const value = quoted.exec(given?.trim() ?? "")?.[2];
    if ((called === "default" || called === "d") && value !== undefined) fallback = value;
    else if (!harmless.includes(called)) reportFilter(called, written, place(start, end), problems);
  }
  return { name, written, ...place(start, end), ...(fallback !== undefined && { fallback }) };
}

function reportFilter(name: string, written: string, span: ReturnType<Place>, problems: ProblemCollector): void {
  problems.error(
    "prompt-unsupported-filter",
    span,
    `The filter "${name}" in ${written} would change the words on their way into the prompt.`,
    "Remove the filter, and write the samples as they are to stand in the prompt.",
  );
}

/** A block is reported where it begins. */
function reportStatement({ inner, start, end }: Tag, place: Place, problems: ProblemCollector): void {
  const keyword = /^\w*/.exec(inner)?.[0] ?? "";
  if (/^(end|else|elif)/.test(keyword)) return;
  reportBlock(`{% ${keyword} %}`, place(start, end), problems);
}
