import type { Chart, Plugin } from "chart.js";
import { divergingRgb, textOn } from "../figures/colourScale";
import { figure } from "../format";
import { currentTheme } from "../theme";

type Draw = (context: CanvasRenderingContext2D, x: number, y: number, index: number) => void;

/** Writes each cell's value into it, for maps with few and large cells. */
export const cellValues = (values: () => readonly number[]): Plugin<"matrix"> =>
  onCells("cellValues", (context, x, y, index) => {
    const value = values()[index] ?? NaN;
    if (Number.isNaN(value)) return;
    context.fillStyle = inkOn(value);
    context.fillText(figure(value), x, y);
  });

/** A stroke across the cells that a condition picks, in what shows on their colour. */
export const struckCells = (struck: (index: number) => boolean, value: (index: number) => number): Plugin<"matrix"> =>
  onCells("struckCells", (context, x, y, index) => {
    const half = 5;
    if (!struck(index)) return;
    context.strokeStyle = inkOn(value(index));
    context.lineWidth = 1;
    context.stroke(new Path2D(`M${x - half} ${y + half}L${x + half} ${y - half}`));
  });

const inkOn = (value: number) => textOn(divergingRgb(Number.isNaN(value) ? 0 : value, currentTheme().brightness));

function onCells(id: string, draw: Draw): Plugin<"matrix"> {
  return {
    id,
    afterDatasetsDraw: (chart: Chart) => {
      const { ctx } = chart;
      ctx.save();
      ctx.font = `11px ${currentTheme().fontFamily}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      chart.getDatasetMeta(0).data.forEach((element, i) => {
        const { x, y } = element.tooltipPosition(true);
        if (x !== null && y !== null) draw(ctx, x, y, i);
      });
      ctx.restore();
    },
  };
}
