import { choleskySolve } from "../../linalg/decompositions";
import {
  columnMeans,
  dot,
  multiply,
  multiplyTransposed,
  scale,
  selectRows,
  subtract,
  subtractFromRows,
  transpose,
  type Matrix,
} from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { scaleColumns } from "../geometry/rowSpace";
import { chooseLambda } from "../linearity/ridge";
import { groupByPassage } from "./passages";
import { randomDirections } from "./randomDirections";

/** Directions of the target that λ is chosen on; a wider target is projected on as many random ones. */
const directions = 32;
const perDecade = 4;

/** λ = s · tr(K)/n, K the Gram matrix of the centred training rows, s = 10^(−4 … 4) in quarter decades, ascending. */
export function lambdaGrid(rows: Matrix): Float64Array {
  const centred = subtractFromRows(rows, columnMeans(rows));
  const size = dot(centred.data, centred.data) / rows.rows;
  return Float64Array.from({ length: 8 * perDecade + 1 }, (_, l) => 10 ** (l / perDecade - 4) * size);
}

/**
 * λ with the smallest error when passages are left out, in closed form: with H = U diag(e/(e + λ)) Uᵀ and its block
 * H_b of a passage's rows, the left-out errors are (I − H_b)⁻¹ ((I − H) Y)_b. First whole decades, then the quarters
 * beside the best; ties within 1e-6 go to the larger.
 *
 * @param fit U [n, k], e [k] and the grid of a fold's training rows; targets [n, t]
 * @param passageOf passage of each training row
 */
export function choosePenalty(
  fit: { readonly left: Matrix; readonly eigenvalues: Float64Array; readonly lambdas: Float64Array },
  targets: Matrix,
  passageOf: Int32Array,
): number {
  const { left, eigenvalues, lambdas } = fit;
  const y =
    targets.cols <= directions
      ? targets
      : multiply(targets, randomDirections(targets.cols, directions, random(0, "penalty directions")));
  const projected = multiply(transpose(left), y);
  const blocks = groupByPassage(passageOf).contexts;
  const parts = blocks.map((rows) => ({ left: selectRows(left, rows), targets: selectRows(y, rows) }));
  const columns = transpose(projected);
  const errorAt = (lambda: number) => {
    const kept = eigenvalues.map((e) => e / (e + lambda));
    const shrunk = scaleColumns(columns, kept);
    return parts.reduce((sum, part) => sum + leftOutError(part, kept, shrunk), 0);
  };
  const errors = new Float64Array(lambdas.length).fill(Infinity);
  for (let l = 0; l < lambdas.length; l += perDecade) errors[l] = errorAt(lambdas[l]!);
  const best = chooseLambda(errors);
  for (let l = Math.max(0, best - perDecade + 1); l < Math.min(lambdas.length, best + perDecade); l++) {
    if (errors[l] === Infinity) errors[l] = errorAt(lambdas[l]!);
  }
  return lambdas[chooseLambda(errors)]!;
}

/** Σ ‖(I − H_b)⁻¹ r_b‖² for the rows of one passage. @param shrunk (diag(e/(e + λ)) Uᵀ Y)ᵀ, [t, k] */
function leftOutError(
  { left, targets }: { readonly left: Matrix; readonly targets: Matrix },
  kept: Float64Array,
  shrunk: Matrix,
): number {
  const residuals = subtract(targets, multiplyTransposed(left, shrunk));
  const block = scale(multiplyTransposed(scaleColumns(left, kept), left), -1);
  for (let i = 0; i < block.rows; i++) block.data[i * block.rows + i]! += 1;
  const errors = choleskySolve(block, residuals);
  return dot(errors.data, errors.data);
}
