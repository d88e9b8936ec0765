import type { ChartConfiguration } from "chart.js";
import { h } from "../dom";
import { diverging } from "../figures/colourScale";
import { heatmapScene } from "../figures/heatmapScene";
import { currentTheme } from "../theme";
import { Chart, chartPicture, drawnPlugin, stillOptions, tooltipStyle } from "./chartJs";
import { walkCells } from "./cellKeys";
import { cellLabels, noLabels } from "./cellLabels";
import { cellValues, markedCells } from "./cellMarks";
import { columnLabels } from "./columnLabels";
import { colourBar, colourBarPicture } from "./colourBar";
import { pictureCanvas } from "./drawing";
import type { Heatmap, HeatmapOptions } from "./heatmapOptions";
import { measureText } from "./sceneView";

interface Point {
  readonly x: number;
  readonly y: number;
  readonly v: number;
}

const largestSide = 620;
/** Up to here, cells are large enough for their values. */
const fewCells = 8;

/** Square cells of a matrix; a click, or the arrow keys and Enter, choose a cell. */
export function drawHeatmap(container: HTMLElement, options: HeatmapOptions): Heatmap {
  const { order, domain } = options;
  const across = options.columns ?? order;
  let { matrix } = options;
  const [rows, columns] = [order.length, across.length];
  const compact = options.compact === true;
  const valued = Math.max(rows, columns) <= fewCells && !compact && options.plain !== true;
  let selected = options.selected ?? null;
  let cursor: [number, number] = [0, Math.min(1, columns - 1)];
  const canvas = h("canvas", { role: "img", "aria-label": options.label });
  const live = h("div", { class: "visually-hidden", "aria-live": "polite" });
  const box = h("div", { class: "heatmap-box" }, canvas);
  const bar = colourBar(domain);
  container.replaceChildren(box, compact ? "" : bar.element, live);

  /** Row and column of the matrix. */
  const at = ({ x, y }: Pick<Point, "x" | "y">) => [order[y] ?? 0, across[x] ?? 0] as const;
  const cellAt = (x: number, y: number): Point => {
    const [row, column] = at({ x, y });
    return { x, y, v: matrix[row]?.[column] ?? NaN };
  };
  const cells = () => order.flatMap((_, y) => across.map((__, x) => cellAt(x, y)));
  let data: Point[] = cells();
  let labels = labelSizes();
  // The box gets its size first: a chart that is resized is drawn twice.
  resize();
  let chart = create();
  const observer = new ResizeObserver(resize);
  observer.observe(container);
  if (options.onSelect) {
    walkCells(box, {
      ...{ rows, columns, label: options.label, cursor: () => cursor },
      move: (row, column) => {
        cursor = [row, column];
        point([row * columns + column]);
      },
      choose: (row, column) => {
        const cell = data[row * columns + column];
        if (cell) select(cell);
      },
    });
  }

  return {
    redraw: () => {
      chart.destroy();
      chart = create();
      bar.redraw();
    },
    update: (next) => {
      matrix = next;
      data = cells();
      const [dataset] = chart.data.datasets;
      if (dataset) dataset.data = data;
      chart.update("none");
    },
    destroy: () => {
      observer.disconnect();
      chart.destroy();
    },
    scene: () => {
      const side = (box.clientWidth - labels.rows) / columns;
      const { brightness } = currentTheme();
      return heatmapScene({ ...options, matrix }, { labels, side, brightness, valued }, measureText);
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
    return compact ? noLabels : cellLabels(options.rowLabels, options.columnLabels, container.clientWidth);
  }

  /** The box's size is set so that cells are square. */
  function resize() {
    const largest = options.largest ?? largestSide;
    const width = Math.min(container.clientWidth, largest);
    if (width === 0) return;
    labels = labelSizes();
    const side = Math.min((width - labels.rows) / columns, largest / rows);
    box.style.width = `${labels.rows + side * columns}px`;
    box.style.height = `${Math.max(40, side * rows + labels.columns)}px`;
  }

  function create(): Chart<"matrix", Point[]> {
    const theme = currentTheme();
    const gap = theme.highContrast || Math.max(rows, columns) < 40 ? 1 : 0;
    const side = (area: number | undefined, count: number) => Math.max(1, (area ?? 0) / count - gap);
    const isSelected = (point: Point | undefined) => {
      if (point === undefined || selected === null) return false;
      const [row, column] = at(point);
      return row === selected[0] && column === selected[1];
    };
    const raw = (index: number) => data[index];
    const step = (box.clientWidth - labels.rows) / columns;
    const axis = (places: readonly number[], named: boolean) => ({
      type: "linear" as const,
      min: -0.5,
      max: places.length - 0.5,
      offset: false,
      grid: { display: false },
      border: { display: false },
      afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
        scale.ticks = places.map((_, position) => ({ value: position }));
      },
      ticks: {
        display: !compact && named,
        autoSkip: step < 8,
        color: theme.inks.foreground,
        font: { family: theme.fontFamily, size: Math.max(8, Math.min(11, step)) },
        padding: 4,
        callback: (position: string | number) => labels.rowTexts[order[Number(position)] ?? -1] ?? "",
      },
    });
    const config: ChartConfiguration<"matrix", Point[]> = {
      type: "matrix",
      data: {
        datasets: [
          {
            label: options.label,
            data,
            width: ({ chart: c }) => side((c.chartArea as typeof c.chartArea | undefined)?.width, columns),
            height: ({ chart: c }) => side((c.chartArea as typeof c.chartArea | undefined)?.height, rows),
            backgroundColor: ({ dataIndex }) => diverging(raw(dataIndex)?.v ?? NaN, theme.brightness),
            hoverBackgroundColor: ({ dataIndex }) => diverging(raw(dataIndex)?.v ?? NaN, theme.brightness),
            borderColor: ({ dataIndex }) => (isSelected(raw(dataIndex)) ? theme.inks.strong : theme.inks.line),
            hoverBorderColor: theme.inks.strong,
            // What could not be computed has an outline alone.
            borderWidth: ({ dataIndex }) =>
              isSelected(raw(dataIndex)) ? 2 : Number.isNaN(raw(dataIndex)?.v ?? NaN) ? 1 : 0,
            hoverBorderWidth: 2,
          },
        ],
      },
      options: {
        ...stillOptions,
        layout: { padding: 0 },
        scales: {
          x: {
            ...axis(across, false),
            position: "top",
            afterFit: (scale) => void (scale.height = labels.columns),
          },
          y: {
            ...axis(order, true),
            reverse: true,
            afterFit: (scale) => void (scale.width = labels.rows),
          },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            ...tooltipStyle(theme),
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
                across.map((i) => labels.columnTexts[i] ?? ""),
                measureText,
              ),
            ]),
        ...(valued ? [cellValues(() => data.map(({ v }) => v))] : []),
        ...(options.marked
          ? [
              markedCells(
                (index) => isMarked(raw(index)),
                (index) => raw(index)?.v ?? NaN,
                valued,
              ),
            ]
          : []),
        drawnPlugin(container),
      ],
    };
    return new Chart(canvas, config);
  }

  function isMarked(point: Point | undefined): boolean {
    return point !== undefined && options.marked?.(...at(point)) === true;
  }

  function describe(point: Point | undefined) {
    return point ? options.describe(...at(point)) : { title: "", lines: [] };
  }

  function select(point: Point): void {
    cursor = [point.y, point.x];
    selected = at(point);
    chart.update();
    options.onSelect?.(selected[0], selected[1]);
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
