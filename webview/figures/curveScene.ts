import { figure } from "../format";
import type { Curve, CurveChartOptions } from "../charts/curveChart";
import { curveStyle, pointShape } from "./curveStyle";
import type { FileMark, FileScene } from "./fileScene";
import { roundTicks } from "./lineScene";
import { fontSize, place, tickLabel, type Mark, type Measure } from "./scene";

type Point = readonly [x: number, y: number];

interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (place: number) => number;
  readonly y: (value: number) => number;
}

/** The curves of a chart as marks, at the size that it has in the page. */
export function curveScene(
  options: CurveChartOptions,
  { width, height }: { readonly width: number; readonly height: number },
  measure: Measure,
): FileScene {
  const { range, curves, places, positions, axis } = options;
  const ticks = roundTicks(range, 6);
  const widest = Math.max(0, ...ticks.map((tick) => measure(tickLabel(tick))));
  const last = Math.max(1, places.length - 1);
  const along = positions ? { lower: positions[0] ?? 0, upper: positions.at(-1) ?? 1 } : { lower: 0, upper: last };
  const [left, right, top, bottom] = [widest + 14, width - 14, 8, height - (axis === "" ? 22 : 38)];
  const plot: Plot = {
    ...{ left, right, top, bottom },
    x: (i) => place(positions ? (positions[i] ?? 0) : i, along, left, right),
    y: (value) => place(value, range, bottom, top),
  };
  const apart = options.lastApart === true && places.length > 1 ? [lastLine(plot, places.length)] : [];
  return {
    width,
    height,
    marks: [
      ...ticks.flatMap((tick) => gridMarks(tick, plot)),
      ...placeLabels(places, plot, measure),
      ...(axis === ""
        ? []
        : [
            { kind: "text", x: (left + right) / 2, y: height - 8, text: axis, anchor: "middle", ink: "muted" } as const,
          ]),
      ...apart,
      ...curves.flatMap((curve, i) => curveMarks(curve, i, places, plot)),
    ],
  };
}

function gridMarks(tick: number, { left, right, y }: Plot): readonly Mark[] {
  const at = y(tick);
  return [
    { kind: "line", x1: left, x2: right, y1: at, y2: at, ink: "line" },
    { kind: "text", x: left - 6, y: at, text: tickLabel(tick), anchor: "end", ink: "muted" },
  ];
}

/** Names that would run into the one before are left out. */
function placeLabels(places: readonly string[], { bottom, x }: Plot, measure: Measure): readonly Mark[] {
  let free = -Infinity;
  return places.flatMap((text, i): readonly Mark[] => {
    const half = measure(text) / 2;
    if (x(i) - half < free) return [];
    free = x(i) + half + 4;
    return [{ kind: "text", x: x(i), y: bottom + fontSize, text, anchor: "middle", ink: "foreground" }];
  });
}

function lastLine({ top, bottom, x }: Plot, count: number): Mark {
  const at = (x(count - 2) + x(count - 1)) / 2;
  return { kind: "line", x1: at, x2: at, y1: top, y2: bottom, ink: "muted", dash: [2, 4] };
}

function curveMarks(
  curve: Curve,
  index: number,
  places: readonly string[],
  { x, y }: Plot,
): readonly (Mark | FileMark)[] {
  const { values, intervals, role, name } = curve;
  const { ink, dash, width, points: pointed } = curveStyle(role, index);
  const known = values.flatMap((value, i) => (value === null ? [] : [{ value, i, at: [x(i), y(value)] as const }]));
  const ends = known.flatMap(({ i, at }) => {
    const interval = intervals?.[i] ?? null;
    return interval === null ? [] : [{ x: at[0], low: y(interval[0]), high: y(interval[1]) }];
  });
  const band: readonly Point[] = [
    ...ends.map((end): Point => [end.x, end.high]),
    ...ends.toReversed().map((end): Point => [end.x, end.low]),
  ];
  const whiskers = ends.map((end) => ({ kind: "line", x1: end.x, x2: end.x, y1: end.low, y2: end.high, ink }) as const);
  return [
    ...(role === "main"
      ? band.length > 0
        ? [{ kind: "area", points: band, ink: "accentBand" } as const]
        : []
      : whiskers),
    { kind: "polyline", points: known.map(({ at }) => at), ink, dash, width },
    ...(pointed
      ? known.map(({ value, i, at }) => pointMark(index, at, ink, `${name}, ${places[i] ?? ""}: ${figure(value)}`))
      : []),
  ];
}

function pointMark(index: number, [x, y]: Point, ink: Mark["ink"], title: string): Mark {
  const radius = 3.5;
  switch (pointShape(index)) {
    case "circle":
      return { kind: "dot", x, y, radius, ink, title };
    case "rect":
      return { kind: "rect", x: x - 3, y: y - 3, width: 6, height: 6, ink, title };
    case "triangle":
      return { kind: "triangle", x, y, radius, ink, title };
    case "rectRot":
      return { kind: "diamond", x, y, radius, solid: true, ink, title };
  }
}
