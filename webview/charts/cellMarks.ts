import type { Chart, Plugin } from "chart.js";
import { divergingRgb, textOn } from "../figures/colourScale";
import { figure } from "../format";
import { currentTheme } from "../theme";
import { diamondPath } from "./markPaths";

type Draw = (context: CanvasRenderingContext2D, x: number, y: number, index: number) => void;

/** Writes each cell's value into it, for maps with few and large cells. */
export const cellValues = (values: () => readonly number[]): Plugin<"matrix"> =>
  onCells("cellValues", (context, x, y, index) => {
    const value = values()[index] ?? NaN;
    if (Number.isNaN(value)) return;
    context.fillStyle = inkOn(value);
    context.fillText(figure(value), x, y);
  });

/** A diamond, the sign of a null in every chart, in the cells that a condition picks; below their value if they have one. */
export const markedCells = (
  marked: (index: number) => boolean,
  value: (index: number) => number,
  belowValue: boolean,
): Plugin<"matrix"> =>
  onCells("markedCells", (context, x, y, index) => {
    if (!marked(index)) return;
    context.strokeStyle = inkOn(value(index));
    context.lineWidth = 1.2;
    context.stroke(new Path2D(diamondPath(x, belowValue ? y + 12 : y, 3.5)));
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
