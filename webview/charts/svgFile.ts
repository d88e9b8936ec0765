import { fontSize } from "../figures/scene";
import type { FileMark, FileScene } from "../figures/fileScene";
import type { Mark } from "../figures/scene";
import { currentTheme } from "../theme";
import type { Theme } from "../theme";
import { diamondPath, polylinePath, trianglePath } from "./markPaths";

const margin = 16;
const titleHeight = 28;

/** Title and scenes, one below the other on the theme's background, as a data URL of an SVG file that needs no page. */
export function svgFile(title: string, scenes: readonly FileScene[]): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(title, scenes, currentTheme()))}`;
}

export function svgText(title: string, scenes: readonly FileScene[], theme: Theme): string {
  const width = Math.max(0, ...scenes.map((scene) => scene.width)) + 2 * margin;
  let y = margin + titleHeight;
  const groups = scenes.map((scene) => {
    const group = `<g transform="translate(${margin} ${y})">${scene.marks.map((mark) => element(mark, theme)).join("")}</g>`;
    y += scene.height;
    return group;
  });
  const height = y + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="${escape(theme.fontFamily)}" font-size="${fontSize}">`,
    `<rect width="100%" height="100%" fill="${escape(theme.background)}"/>`,
    `<text x="${margin}" y="${margin + 13}" font-size="13" font-weight="600" fill="${escape(theme.inks.foreground)}">${escape(title)}</text>`,
    ...groups,
    "</svg>",
  ].join("");
}

function element(mark: Mark | FileMark, theme: Theme): string {
  if (mark.kind === "cell") return cellElement(mark, theme);
  const ink = escape(theme.inks[mark.ink]);
  const title = "title" in mark ? `<title>${escape(mark.title)}</title>` : "";
  switch (mark.kind) {
    case "area":
      return `<path d="${polylinePath(mark.points)}Z" fill="${ink}"/>`;
    case "turnedText":
      return `<text transform="translate(${mark.x} ${mark.y}) rotate(-90)" dominant-baseline="central" fill="${ink}">${escape(mark.text)}</text>`;
    case "line": {
      const dash = mark.dash && mark.dash.length > 0 ? ` stroke-dasharray="${mark.dash.join(" ")}"` : "";
      return `<line x1="${mark.x1}" y1="${mark.y1}" x2="${mark.x2}" y2="${mark.y2}" stroke="${ink}" stroke-width="${mark.width ?? 1}"${dash}>${title}</line>`;
    }
    case "polyline": {
      const dash = mark.dash && mark.dash.length > 0 ? ` stroke-dasharray="${mark.dash.join(" ")}"` : "";
      return `<path d="${polylinePath(mark.points)}" fill="none" stroke="${ink}" stroke-width="${mark.width ?? 1}"${dash}>${title}</path>`;
    }
    case "rect":
      return `<rect x="${mark.x}" y="${mark.y}" width="${mark.width}" height="${mark.height}" fill="${ink}">${title}</rect>`;
    case "dot":
      return `<circle cx="${mark.x}" cy="${mark.y}" r="${mark.radius}" fill="${ink}">${title}</circle>`;
    case "triangle":
      return `<path d="${trianglePath(mark.x, mark.y, mark.radius)}" fill="${ink}">${title}</path>`;
    case "diamond": {
      const fill = mark.solid === true ? ink : escape(theme.background);
      const stroke = mark.solid === true ? "none" : ink;
      return `<path d="${diamondPath(mark.x, mark.y, mark.radius)}" fill="${fill}" stroke="${stroke}" stroke-width="1.5">${title}</path>`;
    }
    case "text": {
      const weight = mark.bold === true ? ' font-weight="600"' : "";
      return `<text x="${mark.x}" y="${mark.y}" text-anchor="${mark.anchor}" dominant-baseline="central" fill="${ink}"${weight}>${escape(mark.text)}</text>`;
    }
  }
}

function cellElement(cell: Extract<FileMark, { kind: "cell" }>, theme: Theme): string {
  const { x, y, width, height, colour, value, marked } = cell;
  const [middle, centre] = [x + width / 2, y + height / 2];
  const paint = colour === null ? `fill="none" stroke="${escape(theme.inks.line)}"` : `fill="${escape(colour)}"`;
  const title = cell.title === "" ? "" : `<title>${escape(cell.title)}</title>`;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" ${paint}>${title}</rect>`,
    value &&
      `<text x="${middle}" y="${centre}" text-anchor="middle" dominant-baseline="central" fill="${escape(value.colour)}">${escape(value.text)}</text>`,
    marked !== null &&
      `<path d="${diamondPath(middle, value ? centre + 12 : centre, 3.5)}" fill="none" stroke="${escape(marked)}" stroke-width="1.2"/>`,
  ]
    .filter((part) => typeof part === "string")
    .join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string) => text.replace(/[&<>"']/g, (c) => entities[c] ?? c);
