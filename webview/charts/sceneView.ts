import { svg } from "../dom";
import { fontSize } from "../figures/scene";
import type { Mark, Measure, Scene } from "../figures/scene";
import { currentTheme } from "../theme";
import type { Theme } from "../theme";
import { markDrawn, pictureCanvas } from "./drawing";
import { diamondPath, polylinePath, trianglePath } from "./markPaths";
import type { Drawing } from "./drawing";

const ruler = document.createElement("canvas").getContext("2d");

export const measureText: Measure = (text) => {
  if (!ruler) return text.length * fontSize * 0.55;
  ruler.font = `${fontSize}px ${currentTheme().fontFamily}`;
  return ruler.measureText(text).width;
};

/** Draws a scene as SVG and lays it out again when the container's width changes. */
export function drawScene(container: HTMLElement, label: string | null, layout: (width: number) => Scene): Drawing {
  let width = 0;
  let scene: Scene = { width: 0, height: 0, marks: [] };
  const redraw = () => {
    scene = layout(width);
    container.replaceChildren(sceneSvg(scene, label));
  };
  const observer = new ResizeObserver(() => {
    const next = Math.floor(container.clientWidth);
    if (next === width || next === 0) return;
    width = next;
    redraw();
    markDrawn(container);
  });
  observer.observe(container);
  return {
    redraw,
    destroy: () => observer.disconnect(),
    scene: () => scene,
    picture: () => scenePicture(scene),
  };
}

export const scenePicture = (scene: Scene): HTMLCanvasElement =>
  pictureCanvas(scene.width, scene.height, (context) => paint(context, scene, currentTheme()));

/** Colours come from the stylesheet by class, so they follow the theme without drawing again. */
export function sceneSvg(scene: Scene, label: string | null): SVGSVGElement {
  const { width, height } = scene;
  return svg(
    "svg",
    {
      class: "scene",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: label === null ? null : "img",
      "aria-label": label,
      "aria-hidden": label === null ? "true" : null,
    },
    ...scene.marks.map(markElement),
  );
}

function markElement(mark: Mark): SVGElement {
  const title = mark.title === undefined ? null : svg("title", {}, mark.title);
  switch (mark.kind) {
    case "line": {
      const { x1, y1, x2, y2 } = mark;
      const dash = mark.dash?.join(" ") ?? null;
      const attributes = { "stroke-width": mark.width ?? 1, "stroke-dasharray": dash, class: `stroke-${mark.ink}` };
      return svg("line", { x1, y1, x2, y2, ...attributes }, title);
    }
    case "polyline": {
      const dash = mark.dash?.join(" ") ?? null;
      const attributes = { "stroke-width": mark.width ?? 1, "stroke-dasharray": dash, fill: "none" };
      return svg("path", { d: polylinePath(mark.points), ...attributes, class: `stroke-${mark.ink}` }, title);
    }
    case "rect": {
      const { x, y, width, height } = mark;
      return svg("rect", { x, y, width, height, class: `fill-${mark.ink}` }, title);
    }
    case "dot":
      return svg("circle", { cx: mark.x, cy: mark.y, r: mark.radius, class: `fill-${mark.ink}` }, title);
    case "triangle":
      return svg("path", { d: trianglePath(mark.x, mark.y, mark.radius), class: `fill-${mark.ink}` }, title);
    case "diamond":
      return svg(
        "path",
        {
          d: diamondPath(mark.x, mark.y, mark.radius),
          class: mark.solid === true ? `fill-${mark.ink}` : `hollow stroke-${mark.ink}`,
        },
        title,
      );
    case "text": {
      const { x, y, anchor } = mark;
      const weight = mark.bold === true ? " bold" : "";
      const attributes = { "text-anchor": anchor, "dominant-baseline": "central", class: `fill-${mark.ink}${weight}` };
      return svg("text", { x, y, ...attributes }, title, mark.text);
    }
  }
}

function paint(context: CanvasRenderingContext2D, scene: Scene, theme: Theme): void {
  context.fillStyle = theme.background;
  context.fillRect(0, 0, scene.width, scene.height);
  context.textBaseline = "middle";
  for (const mark of scene.marks) {
    context.fillStyle = context.strokeStyle = theme.inks[mark.ink];
    context.setLineDash([]);
    context.lineWidth = 1.5;
    switch (mark.kind) {
      case "line":
        context.lineWidth = mark.width ?? 1;
        context.setLineDash([...(mark.dash ?? [])]);
        context.stroke(new Path2D(`M${mark.x1} ${mark.y1}L${mark.x2} ${mark.y2}`));
        break;
      case "polyline":
        context.lineWidth = mark.width ?? 1;
        context.setLineDash([...(mark.dash ?? [])]);
        context.stroke(new Path2D(polylinePath(mark.points)));
        break;
      case "rect":
        context.fillRect(mark.x, mark.y, mark.width, mark.height);
        break;
      case "dot":
        context.beginPath();
        context.arc(mark.x, mark.y, mark.radius, 0, 2 * Math.PI);
        context.fill();
        break;
      case "triangle":
        context.fill(new Path2D(trianglePath(mark.x, mark.y, mark.radius)));
        break;
      case "diamond": {
        const path = new Path2D(diamondPath(mark.x, mark.y, mark.radius));
        if (mark.solid !== true) context.fillStyle = theme.background;
        context.fill(path);
        if (mark.solid !== true) context.stroke(path);
        break;
      }
      case "text":
        context.font = `${mark.bold === true ? "600 " : ""}${fontSize}px ${theme.fontFamily}`;
        context.textAlign = mark.anchor === "middle" ? "center" : mark.anchor;
        context.fillText(mark.text, mark.x, mark.y);
        break;
    }
  }
}
