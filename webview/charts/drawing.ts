import type { FileScene } from "../figures/fileScene";

/** Something drawn into a container: redrawn when the theme changes, destroyed when its view goes. */
export interface Drawing {
  redraw(): void;
  destroy(): void;
  /** What an SVG file is written from. */
  scene?(): FileScene;
  /** A picture of it, in its own background colour, at twice the page's pixels. */
  picture(): HTMLCanvasElement;
}

export const pictureScale = 2;

/** Tests and screenshots wait for this mark on the container. */
export function markDrawn(container: HTMLElement): void {
  requestAnimationFrame(() => {
    container.dataset["drawn"] = "true";
  });
}

/** A canvas of a size in page pixels, drawn on in page pixels. */
export function pictureCanvas(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * pictureScale);
  canvas.height = Math.ceil(height * pictureScale);
  const context = canvas.getContext("2d");
  if (context) {
    context.scale(pictureScale, pictureScale);
    draw(context);
  }
  return canvas;
}
