/** Outlines of marks that neither SVG nor a canvas has as shapes of their own. */
export function trianglePath(x: number, y: number, r: number): string {
  return `M${x} ${y - r}L${x + r} ${y + 0.8 * r}L${x - r} ${y + 0.8 * r}Z`;
}

export function diamondPath(x: number, y: number, r: number): string {
  return `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`;
}

/** Rounded to a hundredth of a pixel: a curve has many points. */
export function polylinePath(points: readonly (readonly [number, number])[]): string {
  let pen = "M";
  return points
    .map(([x, y]) => {
      if (!Number.isFinite(x) || !Number.isFinite(y)) {
        pen = "M";
        return "";
      }
      const step = `${pen}${Number(x.toFixed(2))} ${Number(y.toFixed(2))}`;
      pen = "L";
      return step;
    })
    .join("");
}
