import { h } from "../dom";
import { diverging } from "../figures/colourScale";
import { fontSize, place, tickLabel } from "../figures/scene";
import { strings } from "../strings";
import { currentTheme } from "../theme";
import { pictureCanvas, pictureScale } from "./drawing";

const width = 220;
const height = 26;
const inset = 8;

interface Domain {
  readonly lower: number;
  readonly upper: number;
}

/** The legend of a heatmap: its fixed scale with end and middle values. */
export function colourBar(domain: Domain): { readonly element: HTMLElement; redraw(): void } {
  const canvas = h("canvas", { class: "colour-bar", role: "img", "aria-label": ariaLabel(domain) });
  canvas.width = width * pictureScale;
  canvas.height = height * pictureScale;
  const redraw = () => {
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(pictureScale, 0, 0, pictureScale, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(context, domain);
  };
  redraw();
  return { element: canvas, redraw };
}

export function colourBarPicture(domain: Domain): HTMLCanvasElement {
  return pictureCanvas(width, height, (context) => {
    context.fillStyle = currentTheme().background;
    context.fillRect(0, 0, width, height);
    paint(context, domain);
  });
}

function paint(context: CanvasRenderingContext2D, domain: Domain): void {
  const theme = currentTheme();
  const [left, right] = [inset, width - inset];
  for (let x = left; x < right; x++) {
    const value = domain.lower + ((x + 0.5 - left) / (right - left)) * (domain.upper - domain.lower);
    context.fillStyle = diverging(value, theme.brightness);
    context.fillRect(x, 2, 1, 8);
  }
  context.strokeStyle = theme.highContrast ? theme.inks.strong : theme.inks.line;
  context.strokeRect(left - 0.5, 1.5, right - left + 1, 9);
  context.fillStyle = theme.inks.muted;
  context.font = `${fontSize}px ${theme.fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const value of [domain.lower, (domain.lower + domain.upper) / 2, domain.upper]) {
    context.fillText(tickLabel(value), place(value, domain, left, right), 19);
  }
}

const ariaLabel = (domain: Domain) => strings.colourScale(domain.lower, domain.upper);
