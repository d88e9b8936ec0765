import { expectationPaths } from "../expectations/expectationPaths";
import type { Cursor } from "./cursor";
import { literal, type Suggestion } from "./suggestion";

/** Figures of a report that something may be expected of. */
export function figureSuggestions({ siblings, hasColon, quote }: Cursor): readonly Suggestion[] {
  return expectationPaths
    .filter(({ path }) => !siblings.includes(path))
    .map(({ path, section, kind, values }) => ({
      kind: "figure",
      label: path,
      body: literal(path) + (hasColon || quote !== null ? "" : `: ${valueBody(kind, values)}`),
      ...(section !== null && { section }),
    }));
}

/** What the figure of this path may be expected to be. */
export function comparisonSuggestions(path: string, { quote }: Cursor): readonly Suggestion[] {
  const figure = expectationPaths.find((known) => known.path === withoutSelectors(path));
  const written = (text: string) => (quote === null ? `"${text}"` : text);
  const numbers = [">= ${1:0.6}", "<= ${1:0.4}", "> ${1:0}", "< ${1:1}", "${1:0.5}..${2:0.8}", "interval > ${1:0}"];
  if (figure === undefined || figure.kind === "number") {
    return numbers.map((body) => ({
      kind: "value",
      label: body.replace(/\$\{\d:([^}]*)\}/g, "$1"),
      body: written(body),
    }));
  }
  return figure.values.map((value) => ({ kind: "value", label: value, body: written(literal(value)) }));
}

/** `linearity[layer=2].faithfulness` is the figure `linearity.faithfulness`. */
export const withoutSelectors = (path: string): string => path.replace(/\[[^\]]*\]/g, "");

function valueBody(kind: "number" | "words", values: readonly string[]): string {
  if (kind === "number") return '">= ${1:0.6}"';
  const choices = values.map((value) => value.replace(/[\\,|$}]/g, "\\$&"));
  return choices.length === 0 ? '"$1"' : `"\${1|${choices.join(",")}|}"`;
}
