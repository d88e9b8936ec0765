import { unnamed, type Part, type Syntax } from "./draft";

const tokens = /\\([{}])|(\{\{\{\{|\}\}\}\})|\{\{([^{}]*)\}\}|\{\}|\{([\p{L}_][\p{L}\p{N}_.-]*)\}/gu;
const name = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/**
 * Plain text with `{}`, `{{name}}` or `{name}`. Where a text has `{{name}}`, one with single braces is text. `\{` and
 * `{{{{` are braces themselves.
 */
export const readBraces: Syntax = (text, place, problems) => {
  const hasDouble = [...text.matchAll(tokens)].some((token) => token[3] !== undefined);
  const parts: Part[] = [];
  let read = 0;
  for (const token of text.matchAll(tokens)) {
    const [written, escaped, doubled, double, single] = token;
    const end = token.index + written.length;
    const variable = double === undefined ? (single ?? unnamed) : double.trim() || unnamed;
    parts.push(text.slice(read, token.index));
    read = end;
    if (escaped !== undefined) parts.push(escaped);
    else if (doubled !== undefined) parts.push(doubled.slice(2));
    else if (single !== undefined && hasDouble) parts.push(written);
    else if (variable === unnamed || name.test(variable)) {
      parts.push({ name: variable, written, ...place(token.index, end) });
    } else {
      problems.error(
        "prompt-not-a-variable",
        place(token.index, end),
        `${written} is not a variable: a name has letters, digits, _ . and - only.`,
        "Write {{subject}} where the subject goes, and \\{\\{ for braces that belong to the text.",
      );
    }
  }
  parts.push(text.slice(read));
  return parts;
};
