import type { Span } from "../lineIndex";

/** A piece in delimiters, such as `{{ word }}`; `inner` is what stands between them. */
export interface Tag extends Span {
  readonly opening: string;
  readonly inner: string;
  readonly written: string;
}

export interface Tags {
  /** Text and tags in turn. */
  readonly pieces: readonly (string | Tag)[];
  /** The first delimiter that is not closed; what follows it is text. */
  readonly unclosed: Span | null;
}

/** Longer expressions are no variables, and patterns need not look at them. */
export const longestTag = 200;

/**
 * Splits a text at its delimiters.
 *
 * @param delimiters each opening one with its closing one; the first that fits counts.
 */
export function readTags(text: string, delimiters: readonly (readonly [string, string])[]): Tags {
  const pieces: (string | Tag)[] = [];
  let read = 0;
  for (;;) {
    const start = text.indexOf("{", read);
    if (start < 0) return { pieces: [...pieces, text.slice(read)], unclosed: null };
    const found = delimiters.find(([opening]) => text.startsWith(opening, start));
    if (found === undefined) {
      pieces.push(text.slice(read, start + 1));
      read = start + 1;
      continue;
    }
    const [opening, closing] = found;
    const close = text.indexOf(closing, start + opening.length);
    if (close < 0) {
      return { pieces: [...pieces, text.slice(read)], unclosed: { start, end: start + opening.length } };
    }
    const end = close + closing.length;
    const inner = text.slice(start + opening.length, close);
    pieces.push(text.slice(read, start), { opening, inner, written: text.slice(start, end), start, end });
    read = end;
  }
}

/** Takes the marks of white-space control off a tag, and the white space beside it that they remove. */
export function controlSpace(pieces: readonly (string | Tag)[], mark: "-" | "~"): (string | Tag)[] {
  return pieces.map((piece, i) => {
    if (typeof piece !== "string") return { ...piece, inner: withoutMarks(piece.inner, mark) };
    const [before, after] = [pieces[i - 1], pieces[i + 1]];
    const trimmed = isTag(before) && before.inner.endsWith(mark) ? piece.trimStart() : piece;
    return isTag(after) && after.inner.startsWith(mark) ? trimmed.trimEnd() : trimmed;
  });
}

function isTag(piece: string | Tag | undefined): piece is Tag {
  return typeof piece === "object";
}

function withoutMarks(inner: string, mark: string): string {
  const from = inner.startsWith(mark) ? 1 : 0;
  const to = inner.endsWith(mark) && inner.length > from ? inner.length - 1 : inner.length;
  return inner.slice(from, to).trim();
}
