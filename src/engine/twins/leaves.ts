/** A figure of the report: a number, or an array of numbers of any depth. */
export interface Leaf {
  /** Report path, such as `linearity[3].r2Logit`. */
  readonly path: string;
  /** The same with what identifies an entry in place of its index, since a twin's lists may be shorter. */
  readonly key: string;
  /** In reading order; NaN where the report has null. */
  readonly values: Float64Array;
}

/** Fields that say which figure an entry of a list is, not how large. */
const identifying = [
  "template",
  "layer",
  "layers",
  "estimator",
  "kind",
  "context",
  "pooling",
  "between",
  "left",
  "right",
  "relation",
  "method",
  "alpha",
  "name",
] as const;

/** Names of tokens, draws behind nulls that twins go without, and folds, which follow from the seed. */
const noFigures = ["id", "fromId", "toId", "draws", "controlDraws", "randomDraws", "folds"];

const skipped: ReadonlySet<string> = new Set([...identifying, ...noFigures]);

/** Every numeric figure, in the order of the report. */
export function leavesOf(figures: object): Leaf[] {
  const out: Leaf[] = [];
  addLeaves(out, figures, "", "");
  return out;
}

function addLeaves(out: Leaf[], value: unknown, path: string, key: string): void {
  if (typeof value === "number") {
    if (Number.isFinite(value)) out.push({ path, key, values: Float64Array.of(value) });
  } else if (Array.isArray(value)) {
    const numbers = numbersIn(value);
    if (numbers !== null) {
      if (numbers.some(Number.isFinite)) out.push({ path, key, values: numbers });
      return;
    }
    const seen = new Map<string, number>();
    value.forEach((entry: unknown, i) => {
      const own = identity(entry) ?? String(i);
      const times = seen.get(own) ?? 0;
      seen.set(own, times + 1);
      addLeaves(out, entry, `${path}[${i}]`, `${key}[${own}${times === 0 ? "" : ` ${times}`}]`);
    });
  } else if (typeof value === "object" && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      if (typeof child === "string" || skipped.has(name)) continue;
      addLeaves(out, child, path === "" ? name : `${path}.${name}`, `${key}.${name}`);
    }
  }
}

/** Null for an array that holds anything but numbers, nulls and arrays of them. */
function numbersIn(values: readonly unknown[]): Float64Array | null {
  const count = countOf(values);
  if (count === null) return null;
  const out = new Float64Array(count);
  fill(out, 0, values as readonly Numbers[]);
  return out;
}

type Numbers = number | null | readonly Numbers[];

function countOf(values: readonly unknown[]): number | null {
  let count = 0;
  // By index, here and below: an iterator makes an object of every number.
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const own = value === null || typeof value === "number" ? 1 : Array.isArray(value) ? countOf(value) : null;
    if (own === null) return null;
    count += own;
  }
  return count;
}

/** Returns the place after the last that was filled. */
function fill(out: Float64Array, from: number, values: readonly Numbers[]): number {
  let at = from;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === "object" && value !== null) at = fill(out, at, value);
    else out[at++] = value ?? NaN;
  }
  return at;
}

/** Null for an entry that nothing but its place tells from others. */
function identity(entry: unknown): string | null {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return null;
  const fields = entry as Readonly<Record<string, unknown>>;
  const named = identifying.filter((name) => fields[name] !== undefined);
  return named.length === 0 ? null : JSON.stringify(named.map((name) => [name, fields[name]]));
}
