import { h } from "../dom";
import { legend } from "../figures/legend";
import type { LegendEntry } from "../figures/legend";
import type { Scene } from "../figures/scene";
import { toCsv, toTsv } from "../figures/table";
import type { TableModel } from "../figures/table";
import { strings } from "../strings";
import type { PageContext } from "../views/view";
import { dataTable } from "../views/dataTable";
import type { Drawing } from "./drawing";
import { composePicture } from "./picture";
import { drawScene, measureText, scenePicture } from "./sceneView";
import { svgFile } from "./svgFile";

export interface FrameOptions {
  /** Unique in the page; `chart-<id>` is the test id of what is drawn. */
  readonly id: string;
  readonly title: string;
  readonly fileName: string;
  /** A function where it grows while the chart stays. */
  readonly table: TableModel | (() => TableModel);
  /** Without it, the table is all there is. */
  readonly draw?: (container: HTMLElement) => Drawing;
  /** In place of a drawing: something laid out by the page, which has no picture. */
  readonly show?: () => HTMLElement;
  /** The picture that is saved of what `show` lays out. */
  readonly picture?: (width: number) => Scene;
  /** What the marks of a scene mean. */
  readonly legend?: readonly LegendEntry[];
  readonly initialRows?: number;
  /** Controls between title and chart. */
  readonly above?: HTMLElement;
}

/** A figure with its table behind it, and ways to take both along. */
export function frame(options: FrameOptions, context: PageContext): HTMLElement {
  const { id, title, fileName, draw, show } = options;
  const table = () => (typeof options.table === "function" ? options.table() : options.table);
  const shownAs = `table.${id}`;
  const hasChart = draw !== undefined || show !== undefined;
  const asTable = !hasChart || context.choice(shownAs, "no") === "yes";
  const body = h("div", { class: "figure-body" });
  const drawings: Drawing[] = [];

  const laidOut = () => {
    const { picture, legend: entries } = options;
    const width = Math.max(360, body.clientWidth);
    return picture && [picture(width), ...(entries ? [legend(entries, width, measureText)] : [])];
  };
  const tool = (name: string, text: string, label: string, onclick: () => void, pressed?: boolean) =>
    h(
      "button",
      {
        type: "button",
        id: `${name}-${id}`,
        class: "tool",
        "data-testid": `${name}-${id}`,
        "aria-label": label,
        "aria-pressed": pressed === undefined ? null : String(pressed),
        onclick,
      },
      text,
    );
  const copy = tool("copy", strings.copy, strings.copyLabel(title), () => {
    context.post({ type: "copy", text: toTsv(table()) });
    copy.textContent = strings.copied;
    setTimeout(() => (copy.textContent = strings.copy), 1500);
  });
  const svgTool = tool("svg", strings.svg, strings.svgLabel(title), () => {
    const scenes = laidOut() ?? drawings.flatMap((drawing) => drawing.scene?.() ?? []);
    context.post({ type: "savePicture", name: `${fileName}.svg`, dataUrl: svgFile(title, scenes) });
  });
  svgTool.hidden = asTable || options.picture === undefined;
  const tools = [
    hasChart &&
      tool(
        "table",
        strings.table,
        strings.tableLabel(title),
        () => context.choose(shownAs, asTable ? "no" : "yes"),
        asTable,
      ),
    copy,
    tool("csv", strings.csv, strings.csvLabel(title), () =>
      context.post({ type: "saveText", name: `${fileName}.csv`, text: toCsv(table()) }),
    ),
    !asTable &&
      (draw ?? options.picture) &&
      tool("png", strings.png, strings.pngLabel(title), () => {
        const parts = laidOut()?.map(scenePicture) ?? drawings.map((drawing) => drawing.picture());
        const dataUrl = composePicture(title, parts);
        context.post({ type: "savePicture", name: `${fileName}.png`, dataUrl });
      }),
    svgTool,
  ];

  if (asTable) {
    body.append(dataTable(table(), { id, caption: title, rows: options.initialRows ?? 60 }, context));
  } else if (show) {
    const { legend: entries } = options;
    body.append(show());
    if (entries) {
      const key = h("div", { class: "legend", "aria-hidden": "true" });
      body.append(key);
      context.afterMount(() => context.track(drawScene(key, null, (width) => legend(entries, width, measureText))));
    }
  } else if (draw) {
    const container = h("div", { class: "chart", "data-testid": `chart-${id}` });
    const key = h("div", { class: "legend", "aria-hidden": "true" });
    body.append(container, options.legend ? key : "");
    context.afterMount(() => {
      drawings.push(draw(container));
      const { legend: entries } = options;
      if (entries) drawings.push(drawScene(key, null, (width) => legend(entries, width, measureText)));
      drawings.forEach(context.track);
      svgTool.hidden = drawings.some((drawing) => drawing.scene === undefined);
    });
  }
  return h(
    "figure",
    { class: "figure", "aria-labelledby": `title-${id}` },
    h(
      "figcaption",
      { class: "figure-head" },
      h("span", { class: "figure-title", id: `title-${id}` }, title),
      h("span", { class: "tools", role: "group", "aria-label": title }, ...tools),
    ),
    options.above && h("div", { class: "controls figure-controls" }, options.above),
    body,
  );
}
