import { figure } from "../format";
import type { CellLabels } from "../charts/cellLabels";
import type { HeatmapOptions } from "../charts/heatmapOptions";
import { diverging, divergingRgb, textOn, type Brightness } from "./colourScale";
import type { FileMark, FileScene } from "./fileScene";
import { place, tickLabel, type Mark, type Measure } from "./scene";

export interface HeatmapSize {
  readonly labels: CellLabels;
  readonly side: number;
  readonly brightness: Brightness;
  /** Cells are large enough for their values. */
  readonly valued: boolean;
}

/** The cells of a map with their labels and their colour scale. */
export function heatmapScene(options: HeatmapOptions, size: HeatmapSize, measure: Measure): FileScene {
  const { side, labels } = size;
  const across = options.columns ?? options.order;
  const [left, top] = [labels.rows, labels.columns];
  const turned = across.some((column) => measure(labels.columnTexts[column] ?? "") > side - 4);
  const columnLabel = (column: number, j: number): Mark | FileMark => {
    const at = { x: left + (j + 0.5) * side, text: labels.columnTexts[column] ?? "", ink: "foreground" } as const;
    return turned ? { kind: "turnedText", y: top - 5, ...at } : { kind: "text", y: top - 11, anchor: "middle", ...at };
  };
  const bottom = top + side * options.order.length;
  return {
    width: Math.max(left + side * across.length, left + scaleWidth),
    height: bottom + 34,
    marks: [
      ...(side < 9 ? [] : across.map(columnLabel)),
      ...options.order.flatMap((row, i): readonly (Mark | FileMark)[] => {
        const y = top + i * side;
        const name = labels.rowTexts[row] ?? "";
        return [
          ...(side < 8
            ? []
            : [{ kind: "text", x: left - 4, y: y + side / 2, text: name, anchor: "end", ink: "foreground" } as const]),
          ...across.map((column, j) => cellMark(options, size, { row, column, x: left + j * side, y })),
        ];
      }),
      ...scaleMarks(options, size.brightness, left, bottom + 8),
    ],
  };
}

function cellMark(
  { matrix, describe, marked }: HeatmapOptions,
  { side, brightness, valued }: HeatmapSize,
  { row, column, x, y }: { readonly row: number; readonly column: number; readonly x: number; readonly y: number },
): FileMark {
  const value = matrix[row]?.[column] ?? NaN;
  const known = !Number.isNaN(value);
  const ink = textOn(divergingRgb(known ? value : 0, brightness));
  const { title, lines } = describe(row, column);
  const gap = side < 5 ? 0 : 1;
  return {
    ...{ kind: "cell", x, y, width: side - gap, height: side - gap },
    colour: known ? diverging(value, brightness) : null,
    title: [title, ...lines].join("\n"),
    value: valued && known ? { text: figure(value), colour: ink } : null,
    marked: marked?.(row, column) === true ? ink : null,
  };
}

const scaleWidth = 204;

function scaleMarks(
  { domain }: HeatmapOptions,
  brightness: Brightness,
  left: number,
  y: number,
): readonly (Mark | FileMark)[] {
  const { lower, upper } = domain;
  const steps = 51;
  const step = scaleWidth / steps;
  const cells = Array.from({ length: steps }, (_, i): FileMark => {
    const colour = diverging(lower + ((i + 0.5) / steps) * (upper - lower), brightness);
    return {
      kind: "cell",
      x: left + i * step,
      y,
      width: step,
      height: 8,
      colour,
      title: "",
      value: null,
      marked: null,
    };
  });
  const ends = [lower, (lower + upper) / 2, upper].map((value, i): Mark => {
    const anchor = (["start", "middle", "end"] as const)[i] ?? "middle";
    return {
      kind: "text",
      x: place(value, domain, left, left + scaleWidth),
      y: y + 17,
      text: tickLabel(value),
      anchor,
      ink: "muted",
    };
  });
  return [...cells, ...ends];
}
