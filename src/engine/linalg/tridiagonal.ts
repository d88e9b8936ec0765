import type { EigenWork } from "./eigenWork";

/** More steps than any matrix needs; two or three for each eigenvalue are usual. */
const mostSteps = 60;

/**
 * Turns a tridiagonal matrix with the diagonal d and e[i] at (i + 1, i) into a diagonal one, and the columns of Q, if any,
 * into eigenvectors: QL steps with implicit Wilkinson shifts.
 */
export function diagonalise(d: Float64Array, e: Float64Array, columns: EigenWork | null): void {
  const n = d.length;
  const sines = new Float64Array(n);
  const cosines = new Float64Array(n);
  for (let low = 0; low < n; low++) {
    for (let step = 0; step < mostSteps; step++) {
      let high = low;
      while (high < n - 1 && Math.abs(e[high]!) > Number.EPSILON * (Math.abs(d[high]!) + Math.abs(d[high + 1]!)))
        high++;
      if (high === low) break;
      const half = (d[low + 1]! - d[low]!) / (2 * e[low]!);
      const root = Math.sqrt(half * half + 1);
      let g = d[high]! - d[low]! + e[low]! / (half + (half < 0 ? -root : root));
      let sine = 1;
      let cosine = 1;
      let shift = 0;
      let i = high - 1;
      for (; i >= low; i--) {
        const f = sine * e[i]!;
        const b = cosine * e[i]!;
        const r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) break;
        sine = f / r;
        cosine = g / r;
        sines[i] = sine;
        cosines[i] = cosine;
        const rest = d[i + 1]! - shift;
        const mixed = (d[i]! - rest) * sine + 2 * cosine * b;
        shift = sine * mixed;
        d[i + 1] = rest + shift;
        g = cosine * mixed - b;
      }
      if (columns !== null) columns.rotate(i + 1, high, sines, cosines);
      e[high] = 0;
      if (i >= low) {
        // The matrix has fallen apart here: what is left goes on by itself.
        d[i + 1]! -= shift;
      } else {
        d[low]! -= shift;
        e[low] = g;
      }
    }
  }
}
