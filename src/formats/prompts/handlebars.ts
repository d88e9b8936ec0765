import type { ProblemCollector } from "../problemCollector";
import type { Part, Place } from "./draft";
import { reportBlock, reportExpression, reportUnclosed } from "./syntaxProblems";
import { controlSpace, longestTag, readTags, type Tag } from "./tags";

/** Where a message of a chat begins: `{{role "user"}}`. */
export interface RoleMark {
  readonly role: string;
  readonly start: number;
  readonly end: number;
}

const delimiters = [
  ["{{!--", "--}}"],
  ["{{!", "}}"],
  ["{{{", "}}}"],
  ["{{", "}}"],
] as const;

/** Reads the part of Handlebars that leaves the text around the subject fixed: names, roles and comments. */
export function readHandlebars(text: string, place: Place, problems: ProblemCollector): (Part | RoleMark)[] {
  const { pieces, unclosed } = readTags(text, delimiters);
  if (unclosed !== null) reportUnclosed(place(unclosed.start, unclosed.end), problems);
  const spaced = controlSpace(pieces, "~");
  return spaced.map((piece, i) => {
    // A backslash before a tag makes text of it.
    if (typeof piece !== "string") return isEscaping(spaced[i - 1]) ? piece.written : readTag(piece, place, problems);
    return isEscaping(piece) && typeof spaced[i + 1] === "object" ? piece.slice(0, -1) : piece;
  });
}

function isEscaping(piece: string | Tag | undefined): boolean {
  return typeof piece === "string" && piece.endsWith("\\");
}

function readTag(
  { opening, inner, written, start, end }: Tag,
  place: Place,
  problems: ProblemCollector,
): Part | RoleMark {
  const span = place(start, end);
  if (opening.startsWith("{{!") || inner === "history") return "";
  if (inner.length > longestTag) return reportExpression(written, span, problems);
  if (/^[A-Za-z_][\w.-]*$/.test(inner) && inner !== "else") return { name: inner, written, ...span };
  const role = /^role\s+["'](\w+)["']$/.exec(inner)?.[1];
  if (role !== undefined) return { role, ...span };
  if (/^(\/|else\b|\^$)/.test(inner)) return "";
  const block = /^([#^>@&]\s*[\w.-]*|(?:media|section|json|if|unless|each)\b)/.exec(inner)?.[0];
  if (block === undefined) return reportExpression(written, span, problems);
  reportBlock(`{{${block}}}`, span, problems);
  return "";
}
