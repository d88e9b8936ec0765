import type { Chart, Plugin } from "chart.js";
import { divergingRgb, textOn } from "../figures/colourScale";
import { figure } from "../format";
import { currentTheme } from "../theme";

/** Writes each cell's value into it, for maps with few and large cells. */
export function cellValues(values: readonly number[]): Plugin<"matrix"> {
  return {
    id: "cellValues",
    afterDatasetsDraw: (chart: Chart) => {
      const theme = currentTheme();
      const { ctx } = chart;
      ctx.save();
      ctx.font = `11px ${theme.fontFamily}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      chart.getDatasetMeta(0).data.forEach((element, i) => {
        const value = values[i] ?? NaN;
        if (Number.isNaN(value)) return;
        const { x, y } = element.tooltipPosition(true);
        if (x === null || y === null) return;
        ctx.fillStyle = textOn(divergingRgb(value, theme.brightness));
        ctx.fillText(figure(value), x, y);
      });
      ctx.restore();
    },
  };
}
