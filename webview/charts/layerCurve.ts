import type { ChartConfiguration, ChartDataset } from "chart.js";
import type { Interval } from "../../src/protocol/report";
import { h } from "../dom";
import { curveStyle } from "../figures/curveStyle";
import type { CurveRole } from "../figures/curveStyle";
import { tickLabel } from "../figures/scene";
import { figure } from "../format";
import { currentTheme } from "../theme";
import type { Theme } from "../theme";
import { Chart, chartPicture, drawnPlugin, stillOptions, tooltipStyle } from "./chartJs";
import type { Drawing } from "./drawing";

/** A figure over layers. */
export interface Curve {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly intervals?: readonly (Interval | null)[];
  readonly role: CurveRole;
}

export interface LayerCurveOptions {
  readonly label: string;
  readonly layers: readonly string[];
  readonly axis: string;
  readonly curves: readonly Curve[];
  readonly range: { readonly lower: number; readonly upper: number };
  readonly compact?: boolean;
}

type Line = ChartDataset<"line", (number | null)[]>;

const points = ["circle", "rect", "triangle", "rectRot", "star"] as const;

/** Curves with an interval band; baselines are dashed, each in its own pattern, so colour is not needed. */
export function drawLayerCurve(container: HTMLElement, options: LayerCurveOptions): Drawing {
  const canvas = h("canvas", { role: "img", "aria-label": options.label });
  container.replaceChildren(h("div", { class: options.compact === true ? "curve-box compact" : "curve-box" }, canvas));
  let chart = create();
  return {
    redraw: () => {
      chart.destroy();
      chart = create();
    },
    destroy: () => chart.destroy(),
    picture: () => chartPicture(canvas, currentTheme().background),
  };

  function create(): Chart<"line", (number | null)[]> {
    const theme = currentTheme();
    const font = { family: theme.fontFamily, size: 11 };
    const compact = options.compact === true;
    const config: ChartConfiguration<"line", (number | null)[]> = {
      type: "line",
      data: { labels: [...options.layers], datasets: options.curves.flatMap((curve, i) => lines(curve, i, theme)) },
      options: {
        ...stillOptions,
        clip: false,
        layout: { padding: { top: 6, right: 8 } },
        interaction: { mode: "index", intersect: false },
        scales: {
          x: {
            title: { display: !compact, text: options.axis, color: theme.inks.muted, font },
            ticks: { color: theme.inks.foreground, font, maxRotation: 0 },
            grid: { display: false },
            border: { color: theme.inks.line },
          },
          y: {
            min: options.range.lower,
            max: options.range.upper,
            ticks: {
              color: theme.inks.muted,
              font,
              stepSize: compact ? 0.5 : 0.25,
              callback: (v) => tickLabel(Number(v)),
            },
            grid: { color: theme.inks.line },
            border: { display: false },
          },
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            ...tooltipStyle<"line">(theme),
            filter: ({ dataset }) => dataset.fill === false,
            callbacks: { label: ({ dataset, parsed }) => `${dataset.label ?? ""}: ${figure(parsed.y)}` },
          },
        },
      },
      plugins: [drawnPlugin(container)],
    };
    return new Chart(canvas, config);
  }
}

function lines(curve: Curve, index: number, theme: Theme): Line[] {
  const style = curveStyle(curve.role, index);
  const colour = theme.inks[style.ink];
  const line: Line = {
    label: curve.name,
    data: [...curve.values],
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: style.width,
    borderDash: [...style.dash],
    pointRadius: style.points ? 3.5 : 0,
    pointStyle: points[index % points.length] ?? "circle",
    fill: false,
    spanGaps: true,
  };
  if (!curve.intervals) return [line];
  const edge = (end: 0 | 1, fill: string): Line => ({
    data: curve.intervals?.map((interval) => interval?.[end] ?? null) ?? [],
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
