import type { Report, Section } from "../../src/protocol/report";
import { h } from "../dom";
import { sectionTab, strings, tabNames } from "../strings";
import { dropdown } from "../toolkit";
import type { Option } from "../toolkit";
import type { PageContext, ViewContext } from "./view";

/** A choice among few: a radio group drawn as one bar; arrow keys move and choose. */
export function segmented(
  key: string,
  label: string,
  options: readonly Option[],
  selected: string,
  context: Pick<PageContext, "choose">,
) {
  const choose = (index: number) => {
    const option = options[(index + options.length) % options.length];
    if (!option) return;
    document.getElementById(`${key}-${option.value}`)?.focus();
    context.choose(key, option.value);
  };
  const at = options.findIndex((option) => option.value === selected);
  const keydown = (event: Event) => {
    if (!(event instanceof KeyboardEvent)) return;
    if (event.key === "ArrowRight" || event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowUp") choose(at - 1);
    else return;
    event.preventDefault();
  };
  return h(
    "div",
    { class: "segmented", role: "radiogroup", "aria-label": label, onkeydown: keydown },
    ...options.map(({ value, label: text }, i) =>
      h(
        "button",
        {
          type: "button",
          role: "radio",
          id: `${key}-${value}`,
          "data-testid": `${key}-${value}`,
          "aria-checked": String(value === selected),
          tabindex: i === Math.max(0, at) ? 0 : -1,
          onclick: () => context.choose(key, value),
        },
        text,
      ),
    ),
  );
}

export function selector(
  key: string,
  label: string,
  options: readonly Option[],
  selected: string,
  context: Pick<PageContext, "choose">,
) {
  return h(
    "div",
    { class: "selector" },
    h("span", { class: "selector-label" }, label),
    dropdown({ id: key, "data-testid": key, "aria-label": label }, options, selected, (value) =>
      context.choose(key, value),
    ),
  );
}

/**
 * The verdicts of the summary that belong to a section, in its words: a line for each figure, counted where its rows
 * differ. One sentence where all agree, or none where the view has one of its own.
 */
export function verdicts(section: Section, report: Partial<Report>, hasSentence = false): HTMLElement | null {
  const rows = report.summary?.properties.filter((row) => row.section === section) ?? [];
  const [first] = rows;
  if (!first) return null;
  if (rows.length > 1 && rows.every((row) => row.verdict === first.verdict)) {
    if (hasSentence) return null;
    const sentence = strings.unanimous(first.verdict, rows.length);
    return h("p", { class: "verdict", "data-testid": `verdicts-${section}` }, sentence);
  }
  const figures = new Map<string, string[]>();
  for (const { property, verdict } of rows) {
    const [name] = splitName(property);
    figures.set(name, [...(figures.get(name) ?? []), verdict]);
  }
  return h(
    "ul",
    { class: "verdicts", "data-testid": `verdicts-${section}` },
    ...[...figures].map(([name, found]) => h("li", {}, h("span", { class: "muted" }, `${name}: `), counted(found))),
  );
}

function counted(verdicts: readonly string[]): string {
  const kinds = [...new Set(verdicts)];
  return kinds.length === 1
    ? (kinds[0] ?? "")
    : kinds.map((kind) => strings.countOf(kind, verdicts.filter((one) => one === kind).length)).join(", ");
}

/** "R² · The superlative of {} is": the figure, and what it is of. */
export function splitName(property: string): readonly [string, string] {
  const at = property.indexOf(" · ");
  return at < 0 ? [property, ""] : [property.slice(0, at), property.slice(at + 3)];
}

/** In place of a section without figures: why, and what the report's warnings say of it. */
export function absent(section: Section, context: ViewContext): HTMLElement {
  const name = tabNames[sectionTab[section]];
  const only = context.report.settings?.only;
  const text = context.pending
    ? strings.pending(name)
    : only && !only.includes(section)
      ? strings.notAsked(name)
      : strings.noFigures(name);
  return h(
    "div",
    { class: context.pending ? "placeholder pending" : "placeholder", "data-testid": `absent-${section}` },
    h("p", {}, text),
    sectionWarnings(section, context.report),
  );
}

export function sectionWarnings(section: Section, report: Partial<Report>): HTMLElement | null {
  const about = report.warnings?.filter(({ where }) => where.startsWith(section)) ?? [];
  return about.length === 0
    ? null
    : h(
        "ul",
        { class: "warnings" },
        ...about.map(({ message, where }) => h("li", {}, message, h("span", { class: "muted" }, ` (${where})`))),
      );
}

/** Letters for phrasings in axes, with what they stand for. */
export function templateKey(
  templates: readonly { readonly letter: string; readonly text: string; readonly note?: string }[],
): HTMLElement {
  return h(
    "dl",
    { class: "template-key", "aria-label": strings.templates },
    ...templates.flatMap(({ letter, text, note }) => [
      h("dt", {}, letter),
      h("dd", {}, text, note !== undefined && h("span", { class: "muted" }, `  (${note})`)),
    ]),
  );
}
