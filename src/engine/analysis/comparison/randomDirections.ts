import { zeros, type Matrix } from "../../linalg/matrix";
import type { Random } from "../../linalg/random";

/** [from, to] of normal entries with variance 1 / to: rows multiplied by it keep their expected squared length. */
export function randomDirections(from: number, to: number, source: Random): Matrix {
  const out = zeros(from, to);
  for (let at = 0; at < out.data.length; at++) out.data[at] = source.normal() / Math.sqrt(to);
  return out;
}
