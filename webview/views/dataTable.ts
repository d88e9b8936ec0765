import { h } from "../dom";
import { sortedRows } from "../figures/table";
import type { Cell, Column, TableModel } from "../figures/table";
import { strings } from "../strings";
import type { PageContext } from "./view";

export interface DataTableOptions {
  readonly id: string;
  readonly caption: string;
  /** Rows shown before "Show all". */
  readonly rows: number;
}

/** A sortable table: full-precision values in `data-value`, short ones on the page. */
export function dataTable(
  table: TableModel,
  { id, caption, rows }: DataTableOptions,
  context: PageContext,
): HTMLElement {
  const [sortColumn, direction] = context.choice(`sort.${id}`, "").split(" ");
  const column = sortColumn === undefined || sortColumn === "" ? -1 : Number(sortColumn);
  const descending = direction === "down";
  const order = column < 0 ? table.rows.map((_, i) => i) : sortedRows(table, column, descending);
  const all = context.choice(`all.${id}`, "no") === "yes";
  const visible = all ? order : order.slice(0, rows);

  const sort = (index: number) =>
    context.choose(`sort.${id}`, index === column ? (descending ? "" : `${index} down`) : `${index} up`);
  const heading = (head: Column, index: number) =>
    h(
      "th",
      {
        scope: "col",
        class: columnClass(head),
        "aria-sort": index === column ? (descending ? "descending" : "ascending") : null,
      },
      h(
        "button",
        {
          type: "button",
          class: "sort",
          id: `sort-${id}-${index}`,
          title: strings.sortBy(head.label),
          onclick: () => sort(index),
        },
        head.label,
        h("span", { class: "sort-mark", "aria-hidden": "true" }, index === column ? (descending ? "▾" : "▴") : ""),
      ),
    );
  const body = visible.map((index) =>
    h("tr", { "data-row": index }, ...(table.rows[index] ?? []).map((c, i) => dataCell(c, table.columns[i]))),
  );
  return h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      { class: "data", "data-testid": `data-${id}` },
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, ...table.columns.map(heading))),
      h("tbody", {}, ...body),
    ),
    visible.length < order.length &&
      h(
        "button",
        { type: "button", class: "link more", id: `all-${id}`, onclick: () => context.choose(`all.${id}`, "yes") },
        strings.showAll(order.length),
      ),
  );
}

export function dataCell(cell: Cell, column: Column | undefined): HTMLElement {
  const value = cell.value === null ? "" : String(cell.value);
  return h("td", { class: column ? columnClass(column) : null, "data-value": value }, cell.text);
}

const columnClass = (column: Column) => (column.numeric === true ? "number" : column.wide === true ? "wide" : null);
