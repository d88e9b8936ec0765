import type { RunFigures } from "./simulation";

/** Part of the steps done over which a flat curve has not moved. */
const lookBack = 0.1;
/** Of the way that the loss had to go when training began. */
const lossTolerance = 0.002;
const cosineTolerance = 0.005;
/** Training begins on a saddle, where the curve is as flat. */
const learnedAtLeast = 0.5;
/** Checkpoints from which the slope can be told. */
const checkpointsAtLeast = 10;

/**
 * Has the curve become flat? It has where, over the last tenth of the steps done, the loss has moved by less than 0.2%
 * of its first distance from the floor and none of the three mean cosines within a concept by more than 0.005, and the
 * loss has come at least half of the way.
 *
 * @param curve from step 0 to the present
 */
export function isFlat(curve: readonly RunFigures[], lossFloor: number): boolean {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || curve.length <= checkpointsAtLeast) return false;
  const before = curve.findLast(({ step }) => step <= (1 - lookBack) * last.step) ?? first;
  const way = first.loss - lossFloor;
  const moved = (figure: "unembedding" | "embedding" | "cross") =>
    Math.abs((last[figure] ?? 0) - (before[figure] ?? 0)) > cosineTolerance;
  return (
    first.loss - last.loss >= learnedAtLeast * way &&
    Math.abs(before.loss - last.loss) < lossTolerance * way &&
    !(moved("unembedding") || moved("embedding") || moved("cross"))
  );
}
