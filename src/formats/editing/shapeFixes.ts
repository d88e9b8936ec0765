import { inkSpan } from "../inkSpan";
import type { LocatedText } from "../locatedText";
import { fix, type Fix, type FixTarget } from "./fix";
import { quoted } from "./scalarText";

const lists = ["prompt_templates", "control_relations"];

/** One text where a list of them belongs, and a template that YAML takes for something else. */
export function wrongTypeFixes({ place, located }: FixTarget): Fix[] {
  const [top, index] = place.path;
  const { content } = located;
  const { node } = place;
  if (typeof top === "string" && lists.includes(top) && place.path.length === 1 && node.kind === "scalar") {
    const { start, end } = inkSpan(node, content);
    const text = typeof node.value === "string" ? node.value : node.source;
    return fix("wrapInList", [{ start, end, text: `[${quoted(text)}]` }], { preferred: true });
  }
  const list = [...place.around, node][1];
  const item =
    top === "prompt_templates" && typeof index === "number" && list?.kind === "sequence" && list.items[index];
  if (!item || located.isJson) return [];
  const { start, end } = inkSpan(item, content);
  const written = content.slice(start, end);
  return /[\r\n]/.test(written)
    ? []
    : fix("quoteTemplate", [{ start, end, text: quoted(written) }], { preferred: true });
}

/** A list's text that starts with a sign of YAML's own, such as `- {} is the capital of`. */
export function quoteLineFixes({ content, isJson }: LocatedText, offset: number): Fix[] {
  if (isJson) return [];
  const start = content.lastIndexOf("\n", offset - 1) + 1;
  const line = /^(\s*-\s+)([^"'\s][^\r\n]*?)[ \t]*(?=\r|\n|$)/.exec(content.slice(start));
  if (line?.[1] === undefined || line[2] === undefined || !line[2].includes("{}")) return [];
  const from = start + line[1].length;
  return fix("quoteTemplate", [{ start: from, end: from + line[2].length, text: quoted(line[2]) }], {
    preferred: true,
  });
}
