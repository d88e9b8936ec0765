import { frame } from "../charts/frame";
import { drawHeatmap } from "../charts/heatmap";
import { h } from "../dom";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { figure } from "../format";
import { strings } from "../strings";
import { detailArea } from "./detail";
import type { PageContext } from "./view";

export type Matrix = readonly (readonly (number | null)[])[];

export interface MatrixFigure {
  readonly id: string;
  readonly title: string;
  readonly fileName: string;
  /** Short, on the axes; those of the rows where columns have their own. */
  readonly labels: readonly string[];
  readonly columnLabels?: readonly string[];
  /** Whole, in the table and the tooltips. */
  readonly names: readonly string[];
  readonly columnNames?: readonly string[];
  /** Rows, and columns where they are the same things, in the order in which they are drawn. */
  readonly order?: readonly number[];
  readonly matrix: Matrix;
  readonly domain: { readonly lower: number; readonly upper: number };
  /** What a cell's value is. */
  readonly quantity: string;
  /** What rows and columns are, where they differ. */
  readonly axes?: readonly [rows: string, columns: string];
  readonly lines?: (row: number, column: number) => readonly string[];
  /** Cells that have the sign of a null. */
  readonly marked?: (row: number, column: number) => boolean;
  /** Colour alone, whatever room the cells have. */
  readonly plain?: boolean;
  /** What chooses between such matrices, between title and chart. */
  readonly above?: HTMLElement;
  readonly below?: string;
  /** The figure shares its row with another: what belongs to it goes below, not beside. */
  readonly narrow?: boolean;
  /** What lies behind a cell. */
  readonly detail?: (row: number, column: number) => HTMLElement;
}

/** A small matrix as a heatmap with its table, and what lies behind the chosen cell. */
export function matrixFigure(options: MatrixFigure, context: PageContext): HTMLElement {
  const { id, title, labels, names, matrix, quantity, axes, detail } = options;
  const { columnLabels = labels, columnNames = names } = options;
  const square = options.columnLabels === undefined;
  const value = (row: number, column: number) => matrix[row]?.[column] ?? null;
  const chosen = `cell.${id}`;
  const area = detail && detailArea(id, strings.behindHint);
  const show = (row: number, column: number) =>
    area?.replaceChildren(...(detail ? [heading(row, column), detail(row, column)] : []));
  const selected = parseCell(context.choice(chosen, ""), names.length, columnNames.length);
  if (selected) show(...selected);
  return h(
    "div",
    { class: options.narrow === true ? "stack" : "columns even" },
    frame(
      {
        id,
        title,
        fileName: options.fileName,
        ...(options.above ? { above: options.above } : {}),
        table: matrixTable(options),
        draw: (container) =>
          drawHeatmap(container, {
            label: `${title}. ${detail ? strings.cellKeys : ""}`,
            rowLabels: labels,
            columnLabels,
            matrix: matrix.map((row) => row.map((entry) => entry ?? NaN)),
            order: options.order ?? labels.map((_, i) => i),
            ...(square ? {} : { columns: columnLabels.map((_, i) => i) }),
            domain: options.domain,
            largest: Math.min(420, 90 + 56 * Math.max(labels.length, columnLabels.length)),
            ...(options.marked ? { marked: options.marked } : {}),
            plain: options.plain === true,
            describe: (row, column) => ({
              title: cellName(row, column),
              lines: [`${quantity} ${figure(value(row, column), 3)}`, ...(options.lines?.(row, column) ?? [])],
            }),
            selected,
            ...(detail
              ? {
                  onSelect: (row, column) => {
                    context.remember(chosen, `${row} ${column}`);
                    show(row, column);
                  },
                }
              : {}),
          }),
      },
      context,
    ),
    h("div", { class: "stack beside" }, options.below !== undefined && h("p", { class: "muted" }, options.below), area),
  );

  function cellName(row: number, column: number): string {
    const [from, to] = [names[row] ?? "", columnNames[column] ?? ""];
    return axes ? `${axes[0]} ${from} · ${axes[1]} ${to}` : `${from} – ${to}`;
  }

  function heading(row: number, column: number): HTMLElement {
    return h(
      "p",
      {},
      `${cellName(row, column)}: ${quantity} `,
      h("b", { "data-value": value(row, column) ?? "" }, figure(value(row, column), 3)),
    );
  }
}

function matrixTable({ names, columnNames = names, matrix, quantity, axes }: MatrixFigure): TableModel {
  return {
    columns: [
      { label: axes ? `${quantity}: ${axes[0]} ↓ ${axes[1]} →` : quantity },
      ...columnNames.map((label) => ({ label, numeric: true })),
    ],
    rows: names.map((name, i) => [
      cell(name),
      ...columnNames.map((_, j) => cell(figure(matrix[i]?.[j] ?? null), matrix[i]?.[j] ?? null)),
    ]),
  };
}

export function parseCell(text: string, rows: number, columns = rows): readonly [number, number] | null {
  const [row, column] = text.split(" ").map(Number);
  const within = row !== undefined && column !== undefined && row < rows && column < columns;
  return text !== "" && within ? [row, column] : null;
}
