import type { ChartConfiguration } from "chart.js";
import { h } from "../dom";
import { diverging } from "../figures/colourScale";
import { fit } from "../format";
import { currentTheme } from "../theme";
import { Chart, chartPicture, drawnPlugin, stillOptions, tooltipStyle } from "./chartJs";
import { cellValues } from "./cellValues";
import { columnLabels } from "./columnLabels";
import { colourBar, colourBarPicture } from "./colourBar";
import { pictureCanvas } from "./drawing";
import type { Drawing } from "./drawing";
import { measureText } from "./sceneView";

export interface HeatmapOptions {
  /** For screen readers. */
  readonly label: string;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  readonly matrix: readonly (readonly number[])[];
  /** Rows and columns in the order in which they are drawn. */
  readonly order: readonly number[];
  readonly domain: { readonly lower: number; readonly upper: number };
  /** Title and lines of a cell's tooltip, also announced. */
  readonly describe: (row: number, column: number) => { readonly title: string; readonly lines: readonly string[] };
  readonly selected?: readonly [number, number] | null;
  readonly onSelect?: (row: number, column: number) => void;
  /** Widest side in pixels. */
  readonly largest?: number;
  /** Without labels and keyboard, as a preview. */
  readonly compact?: boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly v: number;
}

const largestSide = 620;
/** Up to here, cells are large enough for their values. */
const fewCells = 8;

/** Square cells of one k×k matrix; a click, or the arrow keys and Enter, choose a cell. */
export function drawHeatmap(container: HTMLElement, options: HeatmapOptions): Drawing {
  const { order, matrix, domain } = options;
  const k = order.length;
  const compact = options.compact === true;
  let selected = options.selected ?? null;
  let cursor: [number, number] = [0, Math.min(1, k - 1)];
  const canvas = h("canvas", { role: "img", "aria-label": options.label });
  const live = h("div", { class: "visually-hidden", "aria-live": "polite" });
  const box = h("div", { class: "heatmap-box" }, canvas);
  const bar = colourBar(domain);
  container.replaceChildren(box, compact ? "" : bar.element, live);

  const at = (position: number) => order[position] ?? 0;
  const value = (point: Point) => matrix[at(point.y)]?.[at(point.x)] ?? NaN;
  const data: Point[] = order.flatMap((_, y) => order.map((__, x) => ({ x, y, v: value({ x, y, v: 0 }) })));
  let labels = labelSizes();
  // The box gets its size first: a chart that is resized is drawn twice.
  resize();
  let chart = create();
  const observer = new ResizeObserver(resize);
  observer.observe(container);
  if (options.onSelect) listen();

  return {
    redraw: () => {
      chart.destroy();
      chart = create();
      bar.redraw();
    },
    destroy: () => {
      observer.disconnect();
      chart.destroy();
    },
    picture: () => {
      point([]);
      const map = chartPicture(canvas, currentTheme().background);
      const scale = colourBarPicture(domain);
      const width = map.width / 2;
      const height = map.height / 2;
      return pictureCanvas(width, height + 34, (context) => {
        context.drawImage(map, 0, 0, width, height);
        context.drawImage(scale, 0, height + 4, scale.width / 2, scale.height / 2);
      });
    },
  };

  function labelSizes() {
    if (compact) return { rows: 0, columns: 0, rowTexts: [], columnTexts: [] };
    const rowTexts = options.rowLabels.map((text) =>
      fit(text, Math.min(150, container.clientWidth * 0.3), measureText),
    );
    const columnTexts = options.columnLabels.map((text) => fit(text, 76, measureText));
    const widest = (texts: readonly string[]) => Math.ceil(Math.max(0, ...texts.map(measureText))) + 12;
    return { rows: widest(rowTexts), columns: widest(columnTexts), rowTexts, columnTexts };
  }

  /** The box's size is set so that cells are square. */
  function resize() {
    const width = Math.min(container.clientWidth, options.largest ?? largestSide);
    if (width === 0) return;
    labels = labelSizes();
    box.style.width = `${width}px`;
    box.style.height = `${Math.max(40, width - labels.rows + labels.columns)}px`;
  }

  function create(): Chart<"matrix", Point[]> {
    const theme = currentTheme();
    const gap = theme.highContrast || k < 40 ? 1 : 0;
    const side = (area: number | undefined) => Math.max(1, (area ?? 0) / k - gap);
    const isSelected = (point: Point | undefined) =>
      point !== undefined && selected !== null && at(point.y) === selected[0] && at(point.x) === selected[1];
    const raw = (index: number) => data[index];
    const step = (box.clientWidth - labels.rows) / k;
    const axis = (named: boolean) => ({
      type: "linear" as const,
      min: -0.5,
      max: k - 0.5,
      offset: false,
      grid: { display: false },
      border: { display: false },
      afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
        scale.ticks = order.map((_, position) => ({ value: position }));
      },
      ticks: {
        display: !compact && named,
        autoSkip: step < 8,
        color: theme.inks.foreground,
        font: { family: theme.fontFamily, size: Math.max(8, Math.min(11, step)) },
        padding: 4,
        callback: (position: string | number) => labels.rowTexts[at(Number(position))] ?? "",
      },
    });
    const config: ChartConfiguration<"matrix", Point[]> = {
      type: "matrix",
      data: {
        datasets: [
          {
            label: options.label,
            data,
            width: ({ chart: c }) => side((c.chartArea as typeof c.chartArea | undefined)?.width),
            height: ({ chart: c }) => side((c.chartArea as typeof c.chartArea | undefined)?.height),
            backgroundColor: ({ dataIndex }) => diverging(raw(dataIndex)?.v ?? NaN, theme.brightness),
            hoverBackgroundColor: ({ dataIndex }) => diverging(raw(dataIndex)?.v ?? NaN, theme.brightness),
            borderColor: theme.inks.strong,
            hoverBorderColor: theme.inks.strong,
            borderWidth: ({ dataIndex }) => (isSelected(raw(dataIndex)) ? 2 : 0),
            hoverBorderWidth: 2,
          },
        ],
      },
      options: {
        ...stillOptions,
        layout: { padding: 0 },
        scales: {
          x: {
            ...axis(false),
            position: "top",
            afterFit: (scale) => void (scale.height = labels.columns),
          },
          y: {
            ...axis(true),
            reverse: true,
            afterFit: (scale) => void (scale.width = labels.rows),
          },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            ...tooltipStyle<"matrix">(theme),
            enabled: !compact,
            callbacks: {
              title: ([item]) => describe(item && raw(item.dataIndex)).title,
              label: (item) => [...describe(raw(item.dataIndex)).lines],
            },
          },
        },
        onClick: (_, [element]) => {
          const point = element && raw(element.index);
          if (point) select(point);
        },
      },
      plugins: [
        ...(compact
          ? []
          : [
              columnLabels(
                order.map((i) => labels.columnTexts[i] ?? ""),
                measureText,
              ),
            ]),
        ...(k <= fewCells && !compact ? [cellValues(data.map(({ v }) => v))] : []),
        drawnPlugin(container),
      ],
    };
    return new Chart(canvas, config);
  }

  function describe(point: Point | undefined) {
    return point ? options.describe(at(point.y), at(point.x)) : { title: "", lines: [] };
  }

  function select(point: Point): void {
    cursor = [point.y, point.x];
    selected = [at(point.y), at(point.x)];
    chart.update();
    options.onSelect?.(selected[0], selected[1]);
  }

  function listen(): void {
    box.tabIndex = 0;
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", options.label);
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    box.addEventListener("keydown", (event) => {
      const move = moves[event.key];
      const clamp = (i: number) => Math.max(0, Math.min(k - 1, i));
      if (move) {
        cursor = [clamp(cursor[0] + move[0]), clamp(cursor[1] + move[1])];
        point([cursor[0] * k + cursor[1]]);
      } else if (event.key === "Enter" || event.key === " ") {
        const cell = data[cursor[0] * k + cursor[1]];
        if (cell) select(cell);
      } else return;
      event.preventDefault();
    });
  }

  /** Shows the tooltip of a cell and reads it out; of none, takes it away. */
  function point(indices: readonly number[]): void {
    const active = indices.map((index) => ({ datasetIndex: 0, index }));
    chart.setActiveElements(active);
    chart.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    chart.update();
    for (const index of indices) {
      const { title, lines } = describe(data[index]);
      live.textContent = [title, ...lines].join(", ");
    }
  }
}
