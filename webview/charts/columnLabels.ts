import type { Plugin } from "chart.js";
import { currentTheme } from "../theme";

/** Writes a label above the middle of every column, upright where it fits and else turned. */
export function columnLabels(texts: readonly string[], measure: (text: string) => number): Plugin<"matrix"> {
  return {
    id: "columnLabels",
    afterDraw: ({ ctx, chartArea }) => {
      const theme = currentTheme();
      const step = chartArea.width / Math.max(1, texts.length);
      if (step < 9) return;
      const turned = texts.some((text) => measure(text) > step - 4);
      ctx.save();
      ctx.font = `11px ${theme.fontFamily}`;
      ctx.fillStyle = theme.inks.foreground;
      ctx.textAlign = turned ? "left" : "center";
      ctx.textBaseline = turned ? "middle" : "bottom";
      texts.forEach((text, i) => {
        ctx.save();
        ctx.translate(chartArea.left + (i + 0.5) * step, chartArea.top - 5);
        if (turned) ctx.rotate(-Math.PI / 2);
        ctx.fillText(text, 0, 0);
        ctx.restore();
      });
      ctx.restore();
    },
  };
}
