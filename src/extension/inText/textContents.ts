import { textSha256 } from "../../formats/fingerprint";
import { isRelationContent } from "../../formats/prompts/formatOfContent";
import { isRelationFile } from "../../formats/prompts/promptFormat";
import { readPromptFile } from "../../formats/prompts/readPromptFile";
import { parseRelation } from "../../formats/relationFile";
import { relationOutline } from "../../formats/relationOutline";
import type { PromptChoice } from "../../protocol/engine";
import type { Position } from "../../protocol/problem";
import type { Relation } from "../../protocol/relation";
import { movedSpan, type Edit, type Span } from "./places";

/** What stands in a file, and where. */
export interface TextContents {
  /** Of the name; an empty one at the start where none is written. */
  readonly name: Span;
  readonly templates: readonly { readonly text: string; readonly span: Span }[];
  readonly samples: readonly SampleInText[];
  /** Of everything that figures depend on; null where the text cannot be analysed. */
  readonly fingerprint: string | null;
}

export interface SampleInText {
  readonly subject: string;
  readonly object: string | null;
  readonly span: Span;
}

/** Of a relation or prompt file. Never throws. Takes some 0.1 ms a sample, so it is not for while somebody waits. */
export function readContents(text: string, file: string, choice?: PromptChoice): TextContents {
  return isRelationFile(file) || isRelationContent(text, file)
    ? relationContents(text, file)
    : promptContents(text, file, choice);
}

/** Where the text cannot be read, all of it counts. */
function promptContents(text: string, file: string, choice?: PromptChoice): TextContents {
  const { prompt } = readPromptFile(text, file, choice);
  if (prompt === null) return { name: fileStart, templates: [], samples: [], fingerprint: textSha256(text) };
  const { templates, samples } = prompt;
  const lines = linesOf(text);
  return {
    name: fileStart,
    templates: templates.map((template) => ({ text: template.text, span: spanOf(template.position, lines) })),
    samples: samples.map(({ sample: { subject, object = null }, position }) => ({
      subject,
      object,
      span: spanOf(position, lines),
    })),
    fingerprint: textSha256(
      JSON.stringify([
        templates.map((template) => template.messages ?? template.text),
        samples.map(({ sample }) => sample),
      ]),
    ),
  };
}

function relationContents(text: string, file: string): TextContents {
  const { name, templates, samples } = relationOutline(text, file);
  const { relation } = parseRelation(text, file);
  const lines = linesOf(text);
  const placed = <T extends { readonly position: Position }>({ position, ...rest }: T) => ({
    ...rest,
    span: spanOf(position, lines),
  });
  return {
    name: name.position === null ? fileStart : spanOf(name.position, lines),
    templates: templates.map(placed),
    samples: samples.map(placed),
    fingerprint: relation === null ? null : fingerprintOf(relation),
  };
}

/** Not of comments, layout, the name, what is expected or carried along: no figure changes with them. */
function fingerprintOf({ templates, chats, samples, pairs, controlRelations, model }: Relation): string {
  return textSha256(JSON.stringify([templates, chats, samples, pairs, controlRelations, model]));
}

/** The contents where an edit leaves them, without what it touches; exact again once the text is read. */
export function movedContents(contents: TextContents, edit: Edit): TextContents {
  const moved = <T extends { readonly span: Span }>(part: T): T[] => {
    const span = movedSpan(part.span, edit);
    return span === null ? [] : [{ ...part, span }];
  };
  return {
    ...contents,
    name: movedSpan(contents.name, edit) ?? contents.name,
    templates: contents.templates.flatMap(moved),
    samples: contents.samples.flatMap(moved),
  };
}

const linesOf = (text: string) => text.split(/\r\n|\n|\r/);

const fileStart: Span = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A block of YAML ends where the next line begins; what is shown behind it belongs to its last line with text. */
function spanOf({ line, column, endLine = line, endColumn = column }: Position, lines: readonly string[]): Span {
  const start = { line: line - 1, character: column - 1 };
  let last = endLine - 1;
  let rest = (lines[last] ?? "").slice(0, endColumn - 1).trimEnd();
  while (rest.length === 0 && last > start.line) rest = (lines[--last] ?? "").trimEnd();
  return {
    start,
    end: { line: last, character: last === start.line ? Math.max(rest.length, start.character) : rest.length },
  };
}
