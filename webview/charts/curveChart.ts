import type { ChartConfiguration, ChartDataset, Point } from "chart.js";
import type { Interval } from "../../src/protocol/report";
import { h } from "../dom";
import { curveScene } from "../figures/curveScene";
import { curveStyle, pointShape } from "../figures/curveStyle";
import type { CurveRole } from "../figures/curveStyle";
import { tickLabel } from "../figures/scene";
import { figure } from "../format";
import { currentTheme } from "../theme";
import type { Theme } from "../theme";
import { Chart, chartPicture, drawnPlugin, stillOptions, tooltipStyle } from "./chartJs";
import { walkCurves } from "./curveKeys";
import { lastPlaceMark, whiskers } from "./curveMarks";
import type { Drawing } from "./drawing";
import { measureText } from "./sceneView";

/** A figure over layers, ranks or strengths. */
export interface Curve {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly intervals?: readonly (Interval | null)[];
  readonly role: CurveRole;
}

export interface CurveChartOptions {
  readonly label: string;
  /** Names of the places along the axis. */
  readonly places: readonly string[];
  /** Where the places lie; evenly spaced where absent. */
  readonly positions?: readonly number[];
  readonly axis: string;
  readonly curves: readonly Curve[];
  readonly range: { readonly lower: number; readonly upper: number };
  readonly compact?: boolean;
  /** The last place is of another kind than the others: f after the layers. */
  readonly lastApart?: boolean;
  /** A point of a curve that is not a reference line was chosen. */
  readonly onSelect?: (curve: number, place: number) => void;
}

export type CurveLine = ChartDataset<"line", Point[]>;
export type CurvePlot = Chart<"line", Point[]>;

/** Curves with their intervals; each has its own dash pattern and point, so that colour is not needed. */
export function drawCurves(container: HTMLElement, options: CurveChartOptions): Drawing {
  const canvas = h("canvas", { role: "img", "aria-label": options.label });
  const box = h("div", { class: options.compact === true ? "curve-box compact" : "curve-box" }, canvas);
  container.replaceChildren(box);
  let chart = create();
  if (options.onSelect) container.append(walkCurves(box, options, options.onSelect, () => chart));
  return {
    redraw: () => {
      chart.destroy();
      chart = create();
    },
    destroy: () => chart.destroy(),
    scene: () => curveScene(options, { width: canvas.clientWidth, height: canvas.clientHeight }, measureText),
    picture: () => chartPicture(canvas, currentTheme().background),
  };

  function create(): CurvePlot {
    const theme = currentTheme();
    const font = { family: theme.fontFamily, size: 11 };
    const compact = options.compact === true;
    const { lower, upper } = options.range;
    const last = options.places.length - 1;
    const config: ChartConfiguration<"line", Point[]> = {
      type: "line",
      data: { datasets: options.curves.flatMap((curve, i) => lines(curve, i, options, theme)) },
      options: {
        ...stillOptions,
        clip: false,
        layout: { padding: { top: 6, right: 8 } },
        interaction: { mode: "nearest", axis: "x", intersect: false },
        scales: {
          x: {
            type: "linear",
            min: options.positions ? (options.positions[0] ?? 0) : 0,
            max: options.positions ? (options.positions.at(-1) ?? 1) : Math.max(1, last),
            title: { display: !compact && options.axis !== "", text: options.axis, color: theme.inks.muted, font },
            afterBuildTicks: (scale) => {
              scale.ticks = options.places.map((_, i) => ({ value: position(options, i) }));
            },
            ticks: {
              color: theme.inks.foreground,
              font,
              maxRotation: 0,
              callback: (value) =>
                options.places[options.places.findIndex((_, i) => position(options, i) === Number(value))] ?? "",
            },
            grid: { display: false },
            border: { color: theme.inks.line },
          },
          y: {
            min: lower,
            max: upper,
            ticks: {
              color: theme.inks.muted,
              font,
              ...(upper <= 1 ? { stepSize: compact ? 0.5 : 0.25 } : { maxTicksLimit: 6 }),
              callback: (v) => tickLabel(Number(v)),
            },
            grid: { color: theme.inks.line },
            border: { display: false },
          },
        },
        onClick: (event, _, plot) => {
          const native = event as unknown as Event;
          const points = plot
            .getElementsAtEventForMode(native, "index", { intersect: false, axis: "x" }, false)
            .map((point) => ({ ...point, curve: curveOf(plot.data.datasets[point.datasetIndex]?.label) }))
            .filter(({ curve, element }) => curve >= 0 && !Number.isNaN(element.y));
          const away = (y: number) => Math.abs(y - (event.y ?? 0));
          const [nearest] = points.sort((a, b) => away(a.element.y) - away(b.element.y));
          if (nearest) options.onSelect?.(nearest.curve, nearest.index);
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            ...tooltipStyle(theme),
            enabled: !compact,
            mode: "index",
            filter: ({ dataset, parsed }) => dataset.fill === false && parsed.y !== null && !Number.isNaN(parsed.y),
            callbacks: {
              title: ([item]) => (item ? (options.places[item.dataIndex] ?? "") : ""),
              label: ({ dataset, parsed }) => `${dataset.label ?? ""}: ${figure(parsed.y)}`,
            },
          },
        },
      },
      plugins: [
        drawnPlugin(container),
        whiskers(options.curves),
        ...(options.lastApart === true && last > 0 ? [lastPlaceMark(position(options, last - 0.5))] : []),
      ],
    };
    return new Chart(canvas, config);
  }

  /** The curve that a line belongs to; −1 for edges of bands and for reference lines. */
  function curveOf(label: string | undefined): number {
    return options.curves.findIndex(({ name, role }) => name === label && (role === "main" || role === "other"));
  }
}

function position({ positions }: CurveChartOptions, place: number): number {
  return positions ? (positions[place] ?? 0) : place;
}

function lines(curve: Curve, index: number, options: CurveChartOptions, theme: Theme): CurveLine[] {
  const style = curveStyle(curve.role, index);
  const colour = theme.inks[style.ink];
  const at = (values: readonly (number | null)[]) => values.map((y, i) => ({ x: position(options, i), y: y ?? NaN }));
  const line: CurveLine = {
    label: curve.name,
    data: at(curve.values),
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: style.width,
    borderDash: [...style.dash],
    pointRadius: style.points ? 3.5 : 0,
    pointStyle: pointShape(index),
    fill: false,
    spanGaps: true,
  };
  const { intervals } = curve;
  if (!intervals || curve.role !== "main") return [line];
  const edge = (end: 0 | 1, fill: string): CurveLine => ({
    data: at(intervals.map((interval) => interval?.[end] ?? null)),
    borderColor: theme.highContrast ? colour : "transparent",
    borderWidth: theme.highContrast ? 1 : 0,
    backgroundColor: theme.inks.accentBand,
    pointRadius: 0,
    pointHitRadius: 0,
    fill,
  });
  // Each edge fills towards the other; a fill also keeps them out of the tooltip.
  return [line, { ...edge(0, "+1"), backgroundColor: "transparent" }, edge(1, "-1")];
}
