import type { Ink } from "./scene";

/** The figure itself, another of its kind, or what it is compared with. */
export type CurveRole = "main" | "other" | "majority" | "control" | "controlUpper";

export interface CurveStyle {
  readonly ink: Ink;
  readonly dash: readonly number[];
  readonly width: number;
  readonly points: boolean;
}

const styles: Readonly<Record<CurveRole, CurveStyle>> = {
  main: { ink: "accent", dash: [], width: 2, points: true },
  other: { ink: "foreground", dash: [], width: 1.5, points: true },
  majority: { ink: "muted", dash: [7, 4], width: 1.5, points: false },
  control: { ink: "contrast", dash: [7, 4], width: 1.5, points: false },
  controlUpper: { ink: "contrast", dash: [2, 3], width: 1.5, points: false },
};

const otherInks: readonly Ink[] = ["third", "fourth", "foreground"];
const otherDashes: readonly (readonly number[])[] = [
  [6, 3],
  [2, 3],
  [8, 3, 2, 3],
  [12, 4],
];

/** Dash patterns and points tell curves apart where colours don't; `index` is the curve's place in the chart. */
export function curveStyle(role: CurveRole, index: number): CurveStyle {
  const style = styles[role];
  if (role !== "other") return style;
  const place = Math.max(0, index - 1);
  return {
    ...style,
    ink: otherInks[place % otherInks.length] ?? "foreground",
    dash: otherDashes[place % otherDashes.length] ?? [],
  };
}

const shapes = ["circle", "rect", "triangle", "rectRot"] as const;

export function pointShape(index: number): (typeof shapes)[number] {
  return shapes[index % shapes.length] ?? "circle";
}
