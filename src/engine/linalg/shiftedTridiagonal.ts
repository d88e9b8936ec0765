/** T − value for a symmetric tridiagonal T [n, n], which may be singular but for rounding, as an elimination leaves it. */
export class ShiftedTridiagonal {
  /** The upper triangle: its diagonal, inverted, and the two entries beside it. */
  private readonly inversePivot: Float64Array;
  private readonly next: Float64Array;
  private readonly second: Float64Array;
  /** Of each step, the multiple of its row that is taken from the next one, and whether the two change places first. */
  private readonly factor: Float64Array;
  private readonly exchanged: Uint8Array;

  /** @param below entry i is T(i + 1, i); the last is 0 */
  constructor(
    private readonly diagonal: Float64Array,
    private readonly below: Float64Array,
  ) {
    const n = diagonal.length;
    this.inversePivot = new Float64Array(n);
    this.next = new Float64Array(n);
    this.second = new Float64Array(n);
    this.factor = new Float64Array(n);
    this.exchanged = new Uint8Array(n);
  }

  /** With row exchanges; a vanishing pivot is replaced by the smallest. */
  eliminate(value: number, smallest: number): void {
    const { diagonal, below, inversePivot, next, second, factor, exchanged } = this;
    const last = diagonal.length - 1;
    let p = diagonal[0]! - value;
    let q = below[0]!;
    for (let i = 0; i < last; i++) {
      const s = below[i]!;
      const t = diagonal[i + 1]! - value;
      const u = below[i + 1]!;
      if (Math.abs(s) > Math.abs(p)) {
        const inverse = 1 / s;
        const multiple = p * inverse;
        inversePivot[i] = inverse;
        next[i] = t;
        second[i] = u;
        p = q - multiple * t;
        q = -multiple * u;
        factor[i] = multiple;
        exchanged[i] = 1;
      } else {
        if (Math.abs(p) < smallest) p = smallest;
        const inverse = 1 / p;
        const multiple = s * inverse;
        inversePivot[i] = inverse;
        next[i] = q;
        second[i] = 0;
        p = t - multiple * q;
        q = u;
        factor[i] = multiple;
        exchanged[i] = 0;
      }
    }
    inversePivot[last] = 1 / (Math.abs(p) < smallest ? smallest : p);
    next[last] = 0;
    second[last] = 0;
  }

  /** x := (T − value)⁻¹ x [n] */
  solve(x: Float64Array): void {
    const { inversePivot, next, second, factor, exchanged } = this;
    const last = x.length - 1;
    let own = x[0]!;
    for (let i = 0; i < last; i++) {
      const other = x[i + 1]!;
      if (exchanged[i] === 1) {
        x[i] = other;
        own -= factor[i]! * other;
      } else {
        x[i] = own;
        own = other - factor[i]! * own;
      }
    }
    x[last] = own;
    let after = 0;
    let afterNext = 0;
    for (let i = last; i >= 0; i--) {
      const entry = (x[i]! - next[i]! * after - second[i]! * afterNext) * inversePivot[i]!;
      x[i] = entry;
      afterNext = after;
      after = entry;
    }
  }
}
