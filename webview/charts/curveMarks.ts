import type { Plugin } from "chart.js";
import { curveStyle } from "../figures/curveStyle";
import { currentTheme } from "../theme";
import type { Curve } from "./curveChart";

/** Intervals of the curves beside the main one: lines through their points, each a little to the side of the others. */
export function whiskers(curves: readonly Curve[]): Plugin<"line"> {
  return {
    id: "whiskers",
    beforeDatasetsDraw: ({ ctx, scales: { x, y } }) => {
      if (!x || !y) return;
      const theme = currentTheme();
      ctx.save();
      ctx.lineWidth = 1.5;
      curves.forEach(({ intervals, role, values }, index) => {
        if (!intervals || role === "main") return;
        ctx.strokeStyle = theme.inks[curveStyle(role, index).ink];
        ctx.globalAlpha = 0.6;
        intervals.forEach((interval, place) => {
          if (interval === null || (values[place] ?? null) === null) return;
          const at = x.getPixelForValue(x.ticks[place]?.value ?? place);
          ctx.beginPath();
          ctx.moveTo(at, clamp(y.getPixelForValue(interval[0]), y.top, y.bottom));
          ctx.lineTo(at, clamp(y.getPixelForValue(interval[1]), y.top, y.bottom));
          ctx.stroke();
        });
      });
      ctx.restore();
    },
  };
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** A line before the last place: what lies behind it is no layer. */
export function lastPlaceMark(position: number): Plugin<"line"> {
  return {
    id: "lastPlace",
    beforeDatasetsDraw: ({ ctx, chartArea, scales: { x } }) => {
      if (!x) return;
      const at = x.getPixelForValue(position);
      ctx.save();
      ctx.strokeStyle = currentTheme().inks.muted;
      ctx.setLineDash([2, 4]);
      ctx.beginPath();
      ctx.moveTo(at, chartArea.top);
      ctx.lineTo(at, chartArea.bottom);
      ctx.stroke();
      ctx.restore();
    },
  };
}
