import { symmetricEigen } from "../../linalg/decompositions";
import { multiply, multiplyTransposed, transpose, zeros, type Matrix } from "../../linalg/matrix";

/** Squared singular values below this share of the largest are rounding. */
const relativeTolerance = 1e-12;

/**
 * Rows [n, d] in their principal axes, not centred, [n, r] with r ≤ min(n, d): U diag(s) of x = U diag(s) Vᵀ. Inner
 * products are those of x, the signs are fixed by the entries; so whatever is computed from the coordinates follows
 * from x xᵀ, and fits cost min(n, d) where x is wider than high.
 */
export function contextCoordinates(x: Matrix): Matrix {
  const dual = x.rows <= x.cols;
  const columns = transpose(x);
  const { values, vectors } = symmetricEigen(dual ? multiplyTransposed(x, x) : multiplyTransposed(columns, columns));
  const r = values.filter((e) => e > relativeTolerance * values[0]!).length;
  const axes = dual ? vectors : multiply(x, vectors);
  const out = zeros(x.rows, r);
  for (let j = 0; j < r; j++) {
    const scale = dual ? Math.sqrt(values[j]!) : 1;
    let cubes = 0;
    for (let i = 0; i < x.rows; i++) cubes += axes.data[i * axes.cols + j]! ** 3;
    const sign = cubes < 0 ? -scale : scale;
    for (let i = 0; i < x.rows; i++) out.data[i * r + j] = sign * axes.data[i * axes.cols + j]!;
  }
  return out;
}
