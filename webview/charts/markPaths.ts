/** Outlines of marks that neither SVG nor a canvas has as shapes of their own. */
export function trianglePath(x: number, y: number, r: number): string {
  return `M${x} ${y - r}L${x + r} ${y + 0.8 * r}L${x - r} ${y + 0.8 * r}Z`;
}

export function diamondPath(x: number, y: number, r: number): string {
  return `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`;
}
