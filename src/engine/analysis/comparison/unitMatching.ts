import type { Matrix } from "../../linalg/matrix";

export interface UnitMatchingFigures {
  /** Units that took part, ascending: at most `mostUnits` of the largest variance. */
  readonly leftUnits: number[];
  readonly rightUnits: number[];
  readonly assignment: { readonly left: number; readonly right: number; readonly correlation: number }[];
  readonly meanCorrelation: number;
  readonly nullMean: number;
  readonly mutual: number;
  readonly sparse: {
    readonly meanR2: number;
    readonly meanUnits: number;
    readonly r2: number[];
    readonly units: number[];
  };
  readonly clusters: { readonly left: number[]; readonly right: number[]; readonly meanCorrelation: number }[];
  readonly matrix: number[][];
  readonly n: number;
}

/** @returns null with fewer than two passages, or where no unit varies */
export function unitMatching(
  left: Matrix,
  right: Matrix,
  passageOf: Int32Array,
  seed: number,
  mostUnits = 256,
): UnitMatchingFigures | null {
  throw new Error(`not yet ${left.rows} ${right.rows} ${passageOf.length} ${seed} ${mostUnits}`);
}
