import type { ComparedProperty, Comparison } from "../../../src/protocol/report";
import { frame } from "../../charts/frame";
import { measureText, sceneSvg } from "../../charts/sceneView";
import { h } from "../../dom";
import {
  chosenRows,
  comparedPlot,
  comparedRange,
  comparedTable,
  lanes,
  lanesHead,
  repeatedWords,
  sideWords,
  verdictCounts,
} from "../../figures/comparedRows";
import type { Names, RowOrder } from "../../figures/comparedRows";
import type { Range } from "../../figures/scene";
import { figure, fileName, interval } from "../../format";
import { sectionTab, strings, tabNames, verdictWords } from "../../strings";
import { segmented, splitName } from "../controls";
import type { ViewContext } from "../view";

const orders: readonly RowOrder[] = ["report", "verdict", "difference"];
const orderNames: Readonly<Record<RowOrder, string>> = {
  report: strings.sortReport,
  verdict: strings.sortVerdict,
  difference: strings.sortDifference,
};

/** Every property in both models on one axis, with the verdict in words and shape. */
export function allOrNone({ verdicts }: Comparison, names: Names, context: ViewContext): HTMLElement | null {
  if (verdicts.length === 0) return null;
  const counts = verdictCounts(verdicts);
  const shown = counts.find(([verdict]) => verdict === context.choice("verdict", "all"))?.[0] ?? "all";
  const order = orders.find((one) => one === context.choice("compared-order", "")) ?? "report";
  const rows = chosenRows(verdicts, shown, order);
  const range = comparedRange(verdicts);
  const repeated = repeatedWords(rows);
  return h(
    "div",
    { class: "stack" },
    frame(
      {
        id: "all-or-none",
        title: strings.allOrNone,
        fileName: fileName(context.report.relation?.name ?? "", "all-or-none"),
        table: comparedTable(rows, names),
        above: h(
          "div",
          { class: "controls" },
          segmented(
            "verdict",
            strings.filterVerdict,
            [
              { value: "all", label: `${strings.allVerdicts} (${verdicts.length})` },
              ...counts.map(([value, count]) => ({ value, label: `${verdictWords[value]} (${count})` })),
            ],
            shown,
            context,
          ),
          segmented(
            "compared-order",
            strings.sortRows,
            orders.map((value) => ({ value, label: orderNames[value] })),
            order,
            context,
          ),
        ),
        show: () => comparedList(rows, { names, range, repeated }, context),
        picture: (width) => comparedPlot(rows, names, width, measureText),
        legend: [
          { mark: "dot", text: `${names[0]}, ${strings.interval}` },
          { mark: "triangle", text: names[1] },
          { mark: "diamond", text: strings.comparedLegend.null },
          { mark: "twins", text: strings.comparedLegend.twins },
        ],
      },
      context,
    ),
    h(
      "ul",
      { class: "verdict-key" },
      ...[...repeated]
        .filter(([, { verdict }]) => verdict !== "depends on the basis")
        .map(([words, row]) => h("li", {}, verdictChip(row, names), h("span", { class: "muted" }, words))),
      counts.some(([verdict]) => verdict === "depends on the basis") &&
        h("li", { class: "muted", "data-testid": "depends" }, strings.dependsExplained),
    ),
  );
}

const plotWidth = 168;
const columns = ["property", "plot", "left", "right", "verdict"] as const;

interface Shared {
  readonly names: Names;
  readonly range: Range;
  /** Words that are said below the table. */
  readonly repeated: ReadonlyMap<string, unknown>;
}

function comparedList(rows: readonly ComparedProperty[], shared: Shared, context: ViewContext): HTMLElement {
  const { names } = shared;
  const heads = [strings.property, sceneSvg(lanesHead(shared.range, plotWidth), null), ...names, strings.verdict];
  // Roles are written out because the narrow layout makes a grid of the rows, which would drop them.
  return h(
    "table",
    { class: "compared", role: "table", "data-testid": "compared" },
    h("caption", { class: "visually-hidden" }, strings.allOrNoneCaption),
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        ...heads.map((text, i) => h("th", { role: "columnheader", scope: "col", class: columns[i] ?? null }, text)),
      ),
    ),
    h("tbody", { role: "rowgroup" }, ...rows.map((row) => comparedRow(row, shared, context))),
  );
}

function comparedRow(row: ComparedProperty, { names, range, repeated }: Shared, context: ViewContext): HTMLElement {
  const tab = sectionTab[row.section];
  const [name, of] = splitName(row.property);
  const label = `${row.property}. ${names[0]}: ${sideWords(row, 0)}. ${names[1]}: ${sideWords(row, 1)}`;
  const value = (side: "left" | "right") =>
    h(
      "td",
      { role: "cell", class: side, "data-field": side, "data-value": row[side] ?? "" },
      h("b", {}, figure(row[side])),
      h("span", { class: "muted interval" }, ` ${interval(side === "left" ? row.leftInterval : row.rightInterval)}`),
    );
  return h(
    "tr",
    { role: "row", "data-section": row.section, onclick: () => context.openTab(tab) },
    h(
      "td",
      { role: "cell", class: "property" },
      h("button", { type: "button", class: "link", title: strings.openTab(tabNames[tab]) }, name),
      of !== "" && h("div", { class: "muted of", title: of }, of),
    ),
    h("td", { role: "cell", class: "plot" }, sceneSvg(lanes(row, names, range, plotWidth), label)),
    value("left"),
    value("right"),
    h(
      "td",
      { role: "cell", class: "verdict-cell", "data-field": "verdict", "data-value": row.verdict },
      verdictChip(row, names),
      !repeated.has(row.words) && h("div", { class: "muted words" }, row.words),
    ),
  );
}

/** Two marks, one a model, filled where the property holds, and the verdict in words. */
function verdictChip({ verdict, holds, words }: ComparedProperty, names: Names): HTMLElement {
  const mark = (side: 0 | 1) => {
    const kind = holds[side] === null ? "unknown" : holds[side] ? "yes" : "no";
    return h("span", { class: `holds ${side === 0 ? "left" : "right"} ${kind}`, "aria-hidden": "true" });
  };
  const marks = ([0, 1] as const).map((side) => strings.holdsWords(names[side], holds[side])).join("; ");
  const title = `${marks}.\n${words}`;
  return h(
    "span",
    { class: "chip", "data-verdict": verdict, title },
    mark(0),
    mark(1),
    h("span", { class: "chip-words" }, verdictWords[verdict]),
  );
}
