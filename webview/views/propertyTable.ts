import { hull, twinRange, type TwinRange } from "../../src/formats/exports/twinRange";
import type { PropertyRow, Summary } from "../../src/protocol/report";
import { sceneSvg } from "../charts/sceneView";
import { h } from "../dom";
import type { Child } from "../dom";
import { outside, whisker } from "../figures/dotPlot";
import { figureRange, place } from "../figures/scene";
import type { Mark, Range } from "../figures/scene";
import { rangeWords } from "../figures/twins";
import { figure, interval, pValue } from "../format";
import { identifiableHelp, identifiableWords, sectionTab, strings, tabNames } from "../strings";
import { splitName } from "./controls";
import type { ViewContext } from "./view";

const plot = { width: 120, height: 26, inset: 8, whisker: 10, twins: 20 };

/** The summary's properties: a dot with its whisker, the figure, the null, and the verdict in words. */
export function propertyTable(summary: Summary, context: ViewContext): HTMLElement {
  const { properties } = summary;
  const range = figureRange(
    properties.flatMap((row) => {
      const range = twinRange(row, context.report.twins);
      return [row.value, row.null, ...(row.interval ?? []), ...(range ? hull(range) : [])];
    }),
  );
  const notes = [...new Set(properties.flatMap(({ caveat }) => caveat ?? []))];
  const heads = [
    strings.property,
    axisHead(range),
    strings.value,
    strings.nullColumn,
    strings.p,
    strings.n,
    strings.verdict,
    strings.equivalent,
  ];
  // Roles are written out because the narrow layout makes a grid of the rows, which would drop them.
  return h(
    "table",
    { class: "properties", role: "table", "data-testid": "properties" },
    h("caption", { class: "visually-hidden" }, strings.propertiesCaption),
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        ...heads.map((text, i) =>
          h(
            "th",
            { role: "columnheader", scope: "col", class: columns[i] ?? null, title: i === 7 ? identifiableHelp : null },
            text,
          ),
        ),
      ),
    ),
    h("tbody", { role: "rowgroup" }, ...properties.map((row, i) => propertyRow(row, i, range, notes, context))),
    notes.length > 0 && footnotes(notes),
  );
}

/** What figures cannot show although their verdicts may sound so; each once, under the number that its rows have. */
function footnotes(notes: readonly string[]): HTMLElement {
  const items = notes.map((note, i) => h("p", { id: noteId(i) }, h("sup", {}, String(i + 1)), ` ${note}`));
  return h(
    "tfoot",
    { role: "rowgroup" },
    h(
      "tr",
      { role: "row" },
      h(
        "td",
        { role: "cell", class: "muted notes", colspan: String(columns.length), "data-testid": "notes" },
        ...items,
      ),
    ),
  );
}

const noteId = (place: number) => `property-note-${place + 1}`;

function axisHead(range: Range): SVGSVGElement {
  const { width, inset } = plot;
  const marks = [0, 1].map((value) => ({
    kind: "text" as const,
    x: place(value, range, inset, width - inset),
    y: 8,
    text: String(value),
    anchor: "middle" as const,
    ink: "muted" as const,
  }));
  return sceneSvg({ width, height: 16, marks }, null);
}

const columns = ["property", "plot", "value", "null", "p", "n", "verdict", "identifiable"] as const;

function propertyRow(
  row: PropertyRow,
  index: number,
  range: Range,
  notes: readonly string[],
  context: ViewContext,
): HTMLElement {
  const note = notes.indexOf(row.caveat ?? "");
  const tab = sectionTab[row.section];
  const open = () => context.openTab(tab);
  const [name, of] = splitName(row.property);
  const twins = twinRange(row, context.report.twins);
  const moved = twins ? rangeWords(row, twins) : "";
  const td = (column: (typeof columns)[number], value: number | string | null, ...children: Child[]) =>
    h("td", { role: "cell", class: column, "data-value": value ?? "", "data-field": column }, ...children);
  return h(
    "tr",
    { role: "row", "data-testid": `property-${index}`, "data-section": row.section, onclick: open },
    td(
      "property",
      row.property,
      h("button", { type: "button", class: "link", title: strings.openTab(tabNames[tab]) }, name),
      of !== "" && h("div", { class: "muted of", title: of }, of),
    ),
    td("plot", null, miniature(row, twins, range)),
    td(
      "value",
      row.value,
      h("b", {}, figure(row.value)),
      h("span", { class: "muted interval" }, ` ${interval(row.interval)}`),
    ),
    h(
      "td",
      { role: "cell", class: "null", "data-value": row.null ?? "", "data-field": "null", title: row.nullName },
      figure(row.null),
    ),
    td("p", row.p, pValue(row.p)),
    td("n", row.n, String(row.n)),
    td(
      "verdict",
      row.verdict,
      row.verdict,
      note >= 0 && h("sup", { title: notes[note], "aria-describedby": noteId(note) }, String(note + 1)),
    ),
    td(
      "identifiable",
      row.identifiable ?? "",
      h(
        "span",
        { class: "sure" },
        h("span", { class: `sameness ${row.identifiable ?? "untested"}`, "aria-hidden": "true" }),
        identifiableWords(row.identifiable),
      ),
      moved !== "" && h("div", { class: "muted range" }, moved),
    ),
  );
}

function miniature(row: PropertyRow, twins: TwinRange | null, range: Range): SVGSVGElement {
  const { width, height, inset } = plot;
  const [left, right] = [inset, width - inset];
  const zero = place(0, range, left, right);
  const title = [
    row.property,
    `${figure(row.value)} ${interval(row.interval)}`,
    row.null === null ? "" : `${row.nullName}: ${figure(row.null)}`,
  ]
    .filter((text) => text.trim() !== "")
    .join("\n");
  const marks = whisker(
    { value: row.value, interval: row.interval, reference: row.null, band: null, title },
    plot.whisker,
    range,
    left,
    right,
  );
  const bar = twins === null ? [] : [twinBar(row, twins, range, left, right)];
  const end = outside(row.value, plot.whisker, range, width);
  const line = (x: number) => ({ kind: "line", x1: x, x2: x, y1: 2, y2: height - 2, ink: "line" }) as const;
  return sceneSvg({ width, height, marks: [line(zero), line(right), ...bar, ...end, ...marks] }, null);
}

/** Under the figure, on its axis: as wide as exact twins of the model move it. */
function twinBar(row: PropertyRow, twins: TwinRange, range: Range, left: number, right: number): Mark {
  const [low, high] = hull(twins).map((end) => place(end, range, left, right)) as [number, number];
  const width = Math.max(3, high - low);
  const title = `${strings.propertiesLegend.twins}: ${rangeWords(row, twins)}`;
  return { kind: "rect", x: (low + high - width) / 2, y: plot.twins, width, height: 3, ink: "fourth", title };
}
