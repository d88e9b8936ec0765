import { Workspace } from "../../linalg/simd/kernels";

/** Bytes of a float64. */
const size = 8;

/** Shared by all fits of this thread: one at a time has its curvature in it. */
let shared: Workspace | null = null;
let owner: symbol | null = null;

/**
 * The n × n matrices of a KL fit's Hessian (`KlNewton`), one for each answer, two answers at a time in the memory of the
 * vector kernels: E_y = (K + diag(1/q_y))⁻¹, less what an intercept takes up.
 */
export class KlCurvature {
  /** An even number of rows, of which one may be 0. */
  private readonly rows: number;
  private readonly pairs: number;
  /** Places of the parts in the workspace, in entries. */
  private readonly at: Readonly<Record<"kernel" | "total" | "columns" | "vector" | "roots" | "shares" | "dense" | "inverses" | "end", number>>; // prettier-ignore
  private readonly workspace: Workspace;
  private readonly name = Symbol("fit");

  constructor(
    private readonly n: number,
    private readonly answers: number,
  ) {
    this.rows = n + (n % 2);
    this.pairs = Math.ceil(answers / 2);
    const { rows, pairs } = this;
    const kernel = 0;
    const total = kernel + rows * rows;
    const columns = total + 2 * rows * rows;
    const vector = columns + 4 * rows;
    const roots = vector + 4 * rows;
    const shares = roots + 2 * rows;
    const dense = shares + 2 * rows * pairs;
    const inverses = dense + 2 * rows * answers;
    this.at = {
      kernel,
      total,
      columns,
      vector,
      roots,
      shares,
      dense,
      inverses,
      end: inverses + 2 * rows * rows * pairs,
    };
    this.workspace = shared ??= new Workspace();
  }

  /** Makes this the fit that the workspace is for, with K = gram / λ. */
  begin(gram: Float64Array, lambda: number): void {
    const { n, rows, at } = this;
    owner = this.name;
    const entries = this.workspace.entries(at.end);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < rows; j++) {
        entries[at.kernel + i * rows + j] = i < n && j < n ? gram[i * n + j]! / lambda : 0;
      }
    }
  }

  /**
   * Takes the curvature at probabilities q [n, |Y|].
   * @param total gets Σ_y E_y, [n, n], in its lower triangle
   */
  take(q: Float64Array, total: Float64Array): void {
    const { n, answers, rows, pairs, at, workspace } = this;
    const { kernels } = workspace;
    const entries = this.entries();
    entries.fill(0, at.total, at.columns);
    for (let pair = 0; pair < pairs; pair++) {
      const inverse = at.inverses + 2 * rows * rows * pair;
      for (let side = 0; side < 2; side++) {
        // An odd last answer is taken twice.
        const y = Math.min(2 * pair + side, answers - 1);
        for (let i = 0; i < rows; i++) entries[at.roots + 2 * i + side] = i < n ? Math.sqrt(q[i * answers + y]!) : 0;
      }
      kernels.pairScaled(size * at.kernel, size * at.roots, size * inverse, rows);
      kernels.pairInverse(size * inverse, rows, size * at.columns);
      const shares = at.shares + 2 * rows * pair;
      kernels.pairCentred(size * inverse, size * at.roots, size * shares, size * at.total, rows);
    }
    const twice = answers % 2 === 1 ? at.inverses + 2 * rows * rows * (pairs - 1) + 1 : null;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const place = 2 * (i * rows + j);
        const sum = entries[at.total + place]! + entries[at.total + place + 1]!;
        total[i * n + j] = twice === null ? sum : sum - entries[twice + place]!;
      }
    }
  }

  /** E_y v_y for each answer, v [|Y|, n] answer by answer; one v for all where it is [n]. */
  times(v: Float64Array, out: Float64Array): void {
    const { n, answers, rows, pairs, at, workspace } = this;
    const entries = this.entries();
    const [from, to] = [at.vector, at.vector + 2 * rows];
    const one = v.length === n;
    entries.fill(0, from, to);
    for (let pair = 0; pair < pairs; pair++) {
      for (let side = 0; side < 2; side++) {
        const y = one ? 0 : Math.min(2 * pair + side, answers - 1);
        if (!one || pair === 0) for (let i = 0; i < n; i++) entries[from + 2 * i + side] = v[y * n + i]!;
      }
      const inverse = at.inverses + 2 * rows * rows * pair;
      workspace.kernels.pairProduct(size * inverse, size * from, size * to, rows);
      for (let y = 2 * pair; y < Math.min(2 * pair + 2, answers); y++) {
        for (let i = 0; i < n; i++) out[y * n + i] = entries[to + 2 * i + (y % 2)]!;
      }
    }
  }

  /** What an intercept takes up, to `out`: (K + diag(1/q_y))⁻¹ 1 as shares of its sum, [|Y|, n] answer by answer. */
  intercepts(out: Float64Array): void {
    const { n, answers, rows, at } = this;
    const entries = this.entries();
    for (let y = 0; y < answers; y++) {
      const from = at.shares + 2 * rows * Math.floor(y / 2) + (y % 2);
      for (let i = 0; i < n; i++) out[y * n + i] = entries[from + 2 * i]!;
    }
  }

  /** K d for d [n, |Y|]. */
  kernelTimes(d: Float64Array, out: Float64Array): void {
    const { n, answers, rows, at, workspace } = this;
    const entries = this.entries();
    const to = at.dense + rows * answers;
    entries.fill(0, at.dense, to);
    entries.set(d, at.dense);
    workspace.kernels.product(size * at.kernel, size * at.dense, size * to, n, rows, answers, 0);
    out.set(entries.subarray(to, to + n * answers));
  }

  /** @throws RangeError where another fit began since */
  private entries(): Float64Array {
    if (owner !== this.name) throw new RangeError("another fit has taken the workspace");
    return this.workspace.entries(this.at.end);
  }
}
