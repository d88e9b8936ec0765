import type { SubspaceAlignment } from "../../src/protocol/report";
import { figure, fit } from "../format";
import { strings } from "../strings";
import { place, tickLabel } from "./scene";
import type { Mark, Measure, Range, Scene } from "./scene";

/** One pair of subspaces. */
export interface CosinePanel {
  readonly title: string;
  readonly alignment: SubspaceAlignment;
}

const range: Range = { lower: 0, upper: 1 };
const panelHeight = 128;
const plot = { top: 22, bottom: 104, left: 26 };

/**
 * Small multiples: cosines of the principal angles as bars, largest first. The overlap is the mean
 * of their squares over min(k1, k2), so its expectation and quantile are drawn at their square roots.
 */
export function cosineBars(panels: readonly CosinePanel[], width: number, measure: Measure): Scene {
  const columns = Math.max(1, Math.min(panels.length, Math.floor(width / 190)));
  const panelWidth = width / columns;
  const marks = panels.flatMap((panel, i) =>
    bars(panel, (i % columns) * panelWidth, Math.floor(i / columns) * panelHeight, panelWidth - 14, measure),
  );
  return { width, height: Math.ceil(panels.length / columns) * panelHeight, marks };
}

function bars(panel: CosinePanel, x0: number, y0: number, width: number, measure: Measure): Mark[] {
  const { alignment } = panel;
  const left = x0 + plot.left;
  const right = x0 + width;
  const y = (value: number) => place(value, range, y0 + plot.bottom, y0 + plot.top);
  const step = (right - left) / Math.max(1, alignment.cosines.length);
  const thickness = Math.max(1, Math.min(14, step - 2));
  const expected = Math.sqrt(Math.max(0, alignment.overlapExpected));
  const upper = Math.sqrt(Math.max(0, alignment.overlapUpper));
  const every = Math.ceil(14 / step);
  return [
    text(x0, y0 + 8, fit(panel.title, width, measure), "start", "foreground"),
    ...[0, 0.5, 1].flatMap((value): Mark[] => [
      { kind: "line", x1: left, x2: right, y1: y(value), y2: y(value), ink: "line" },
      text(left - 5, y(value), tickLabel(value), "end", "muted"),
    ]),
    ...alignment.cosines.flatMap((cosine, i): Mark[] => {
      const x = left + (i + 0.5) * step;
      const title = `${panel.title}: cos \u03b8${i + 1} = ${figure(cosine, 3)}`;
      const bar: Mark = {
        kind: "rect",
        x: x - thickness / 2,
        y: y(cosine),
        width: thickness,
        height: Math.max(0.5, y(0) - y(cosine)),
        ink: "accent",
        title,
      };
      return i % every === 0 ? [bar, text(x, y0 + plot.bottom + 9, String(i + 1), "middle", "muted")] : [bar];
    }),
    {
      kind: "rect",
      x: left,
      y: y(upper),
      width: right - left,
      height: Math.max(1, y(expected) - y(upper)),
      ink: "band",
      title: strings.cosinesExpected(figure(expected), figure(upper)),
    },
    { kind: "line", x1: left, x2: right, y1: y(expected), y2: y(expected), ink: "contrast", dash: [4, 3] },
  ];
}

function text(x: number, y: number, content: string, anchor: "start" | "middle" | "end", ink: Mark["ink"]): Mark {
  return { kind: "text", x, y, text: content, anchor, ink };
}
