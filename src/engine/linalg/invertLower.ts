/**
 * Inverse of a positive definite a [n, n], of which the lower triangle is given and overwritten: sweeps over two pivots
 * at a time, n³/2 multiplications. Meant for matrices with eigenvalues of at least 1, such as I plus a Gram matrix.
 */
export function invertLower(a: Float64Array, n: number): void {
  const u = new Float64Array(n);
  const v = new Float64Array(n);
  let k = 0;
  for (; k + 1 < n; k += 2) {
    const top = a[k * n + k]!;
    const beside = a[(k + 1) * n + k]!;
    const bottom = a[(k + 1) * n + k + 1]!;
    const determinant = top * bottom - beside * beside;
    const p = bottom / determinant;
    const q = -beside / determinant;
    const r = top / determinant;
    copyColumn(a, n, k, u);
    copyColumn(a, n, k + 1, v);
    // The pivots' own rows and columns are written below.
    u[k] = u[k + 1] = v[k] = v[k + 1] = 0;
    // Two rows at a time as well, for which u and v are read once.
    let i = 0;
    for (; i + 1 < n; i += 2) {
      const f0 = u[i]! * p + v[i]! * q;
      const g0 = u[i]! * q + v[i]! * r;
      const f1 = u[i + 1]! * p + v[i + 1]! * q;
      const g1 = u[i + 1]! * q + v[i + 1]! * r;
      const upper = i * n;
      const lower = upper + n;
      for (let j = 0; j <= i; j++) {
        const x = u[j]!;
        const y = v[j]!;
        a[upper + j]! -= f0 * x + g0 * y;
        a[lower + j]! -= f1 * x + g1 * y;
      }
      a[lower + i + 1]! -= f1 * u[i + 1]! + g1 * v[i + 1]!;
    }
    if (i < n) {
      const f = u[i]! * p + v[i]! * q;
      const g = u[i]! * q + v[i]! * r;
      for (let j = 0, at = i * n; j <= i; j++, at++) a[at]! -= f * u[j]! + g * v[j]!;
    }
    for (i = 0; i < n; i++) {
      const f = u[i]! * p + v[i]! * q;
      const g = u[i]! * q + v[i]! * r;
      if (i < k) {
        a[k * n + i] = f;
        a[(k + 1) * n + i] = g;
      } else {
        a[i * n + k] = f;
        a[i * n + k + 1] = g;
      }
    }
    a[k * n + k] = -p;
    a[(k + 1) * n + k] = -q;
    a[(k + 1) * n + k + 1] = -r;
  }
  if (k < n) {
    const pivot = 1 / a[k * n + k]!;
    copyColumn(a, n, k, u);
    u[k] = 0;
    for (let i = 0; i < n; i++) {
      const f = u[i]! * pivot;
      for (let j = 0, at = i * n; j <= i; j++, at++) a[at]! -= f * u[j]!;
    }
    for (let i = 0; i < k; i++) a[k * n + i] = u[i]! * pivot;
    a[k * n + k] = -pivot;
  }
  for (let i = 0; i < n; i++) for (let j = 0, at = i * n; j <= i; j++, at++) a[at] = -a[at]!;
}

/** Column k of a symmetric matrix whose lower triangle is given. */
function copyColumn(a: Float64Array, n: number, k: number, out: Float64Array): void {
  for (let i = 0; i < k; i++) out[i] = a[k * n + i]!;
  for (let i = k; i < n; i++) out[i] = a[i * n + k]!;
}
