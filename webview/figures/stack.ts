import type { Mark, Scene } from "./scene";

/** Scenes one below the other. */
export function stacked(scenes: readonly Scene[], gap = 8): Scene {
  let y = 0;
  const marks = scenes.flatMap((scene, i) => {
    if (i > 0) y += gap;
    const moved = scene.marks.map((mark) => down(mark, y));
    y += scene.height;
    return moved;
  });
  return { width: Math.max(0, ...scenes.map(({ width }) => width)), height: y, marks };
}

function down(mark: Mark, by: number): Mark {
  switch (mark.kind) {
    case "line":
      return { ...mark, y1: mark.y1 + by, y2: mark.y2 + by };
    case "polyline":
      return { ...mark, points: mark.points.map(([x, y]) => [x, y + by] as const) };
    default:
      return { ...mark, y: mark.y + by };
  }
}
