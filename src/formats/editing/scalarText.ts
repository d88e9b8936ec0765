import type { LocatedScalar } from "../locatedNode";

/** A text in double quotes, which YAML and JSON read alike. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A text as a YAML value: without quotes where it cannot be taken for anything else. */
export function plainOrQuoted(text: string): string {
  const isWord = /^\p{L}[\p{L}\p{M}\p{N}_'’. -]*$/u.test(text) && !/[ .]$/.test(text);
  return isWord && !/^(true|false|null|yes|no|on|off|y|n|nan|inf)$/i.test(text) ? text : quoted(text);
}

/** A new text in the place of one that is written, in the same kind of quotes where they can hold it. */
export function rewritten(content: string, { start, end }: LocatedScalar, text: string, isJson: boolean): string {
  const written = content.slice(start, end);
  const lineEnd = /\s*$/.exec(written)?.[0] ?? "";
  if (written.startsWith("'") && !/[\r\n]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  if (isJson || /^["|>]/.test(written)) return quoted(text) + lineEnd;
  return plainOrQuoted(text) + lineEnd;
}
