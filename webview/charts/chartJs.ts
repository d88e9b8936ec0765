import {
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import { MatrixController, MatrixElement } from "chartjs-chart-matrix";
import type { Theme } from "../theme";
import { markDrawn, pictureCanvas, pictureScale } from "./drawing";

Chart.register(
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  MatrixController,
  MatrixElement,
  PointElement,
  Tooltip,
);

/** Nothing moves: charts change at once, which also suits people who ask for less motion. */
export const stillOptions = {
  animation: false,
  responsive: true,
  maintainAspectRatio: false,
  devicePixelRatio: Math.max(pictureScale, window.devicePixelRatio),
} as const;

/** Sets the mark for tests once the first frame is on the canvas. */
export const drawnPlugin = (container: HTMLElement) => ({
  id: "drawn",
  afterRender: () => markDrawn(container),
});

/** Looks of a tooltip, for charts of any type. */
export function tooltipStyle(theme: Theme) {
  const style = getComputedStyle(document.body);
  const variable = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback;
  const foreground = variable("--vscode-editorHoverWidget-foreground", theme.inks.foreground);
  return {
    backgroundColor: variable("--vscode-editorHoverWidget-background", theme.background),
    borderColor: variable("--vscode-editorHoverWidget-border", theme.inks.muted),
    borderWidth: 1,
    cornerRadius: 3,
    titleColor: foreground,
    bodyColor: foreground,
    displayColors: false,
    padding: 6,
    caretSize: 4,
    titleFont: { family: theme.fontFamily, size: 12, weight: 600 },
    bodyFont: { family: theme.fontFamily, size: 12 },
  };
}

/** A chart's canvas on the theme's background; its own is transparent. */
export function chartPicture(canvas: HTMLCanvasElement, background: string): HTMLCanvasElement {
  const { clientWidth: width, clientHeight: height } = canvas;
  return pictureCanvas(width, height, (context) => {
    context.fillStyle = background;
    context.fillRect(0, 0, width, height);
    context.drawImage(canvas, 0, 0, width, height);
  });
}

export { Chart };
