import type { Matrix } from "../../linalg/matrix";

export interface Complexity {
  /** Effective complexity: rank of u over these contexts (at most their number). */
  readonly rank: number;
  /** (Σ e)² / Σ e² of the variances of u over contexts. */
  readonly participationRatio: number;
  /** Of u, as shares of the largest; at most 64. */
  readonly singularValues: number[];
  readonly tolerance: number;
}

/** @param x rows Cᵀ f, [n, d] */
export function complexity(x: Matrix, tolerance = 1e-5): Complexity {
  throw new Error(`not yet ${x.rows} ${tolerance}`);
}
