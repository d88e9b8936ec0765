import { dot, row, type Matrix } from "../../linalg/matrix";
import { contextSpan } from "../geometry/contextSpan";

/**
 * How far a move along one direction moves the read-out of another: entry [i][j] = v_i·Δ_j, where v_i is the vector in
 * F of smallest ‖Cᵀv‖ with v_i·Δ_i = 1 (linear-properties section 8). 0 off the diagonal means that the read-outs can
 * be moved one at a time by the shortest way.
 *
 * @param gram inner products of Cᵀf(x_a) of the contexts that span F, [m, m]
 * @param values f(x_a)·Δ_j, [directions, m]
 * @returns null when a direction reads nothing that differs between the contexts
 */
export function directionCoupling(gram: Matrix, values: Matrix): number[][] | null {
  const all = Array.from({ length: gram.rows }, (_, a) => a);
  for (let j = 0; j < values.rows; j++) {
    const own = row(values, j);
    const size = own.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
    if (!own.some((x) => Math.abs(x - own[0]!) > 1e-12 * size)) return null;
  }
  const readOuts = contextSpan(gram, all).readOuts(values);
  const directions = Array.from({ length: readOuts.rows }, (_, j) => row(readOuts, j));
  const squares = directions.map((d) => dot(d, d));
  if (squares.some((square) => !(square > 0))) return null;
  return directions.map((a, i) => directions.map((b, j) => (i === j ? 1 : dot(a, b) / squares[i]!)));
}
