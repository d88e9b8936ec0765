import { symmetricEigen } from "../../linalg/decompositions";
import { selectRows, zeros, type Matrix } from "../../linalg/matrix";
import { fitKlMap, interpolation, klDivergence, klLogits, type KlMap, type KlStart } from "./klMap";
import { KlNewton } from "./klNewton";
import { inOrder } from "./ridgeFold";

/**
 * The λ that are tried, ascending: s times the mean squared distance of the training rows from their mean, s in decades.
 * They begin so low because the answers that a confident model calls improbable weigh little in KL(p ‖ p̂), and it takes
 * all of them to find the map.
 */
export const klShares: Float64Array = Float64Array.from({ length: 15 }, (_, k) => 10 ** (k - 12));

/** Gram matrices with a wider spread of eigenvalues count as singular. */
const widestSpread = 1e8;

/**
 * Place of the smallest λ that is tried. Where the rows do not span n − 1 directions well, as with more subjects than
 * dimensions, the fit's equations lose their digits to λ/e for the strongest direction e, and there is less need for a
 * small λ: the training answers cannot be followed exactly.
 */
export function smallestPlace({ gramOf, logits }: KlRows): number {
  const gram = gramOf(inOrder(logits.rows));
  const { values } = symmetricEigen(gram);
  const strongest = values[0] ?? 0;
  // Centred rows always have one eigenvalue of 0.
  const weakest = values[values.length - 2] ?? 0;
  if (weakest * widestSpread >= strongest) return 0;
  const scale = meanSquare(gram);
  return klShares.findIndex((share) => strongest <= widestSpread * share * scale);
}

/** For the choice of λ, and for the fits that are reported. */
const roughly = 1e-2;
const exactly = 1e-7;

/** Sums within this share of the smallest are ties, which is more than what is left of them to find. */
const tie = 1e-2;

/** One problem: inner products of all rows, and what the model says to each. */
export interface KlRows {
  /** Of all rows, centred in any way, in the coordinates that go with some training rows: [n, n]. */
  readonly gramOf: (train: ArrayLike<number>) => Matrix;
  /** Over Y, [n, |Y|]. */
  readonly logits: Matrix;
  /** [n, |Y|] */
  readonly probabilities: Matrix;
}

/** Places between those of the first look. */
const stride = 3;

/** Places of the first look whose sums are within this factor of the smallest are looked at again. */
const promising = 1.1;

/**
 * Penalties for the groups that subjects are in: for group g, chosen on the subjects outside g alone, each other group
 * held out in turn; so no subject of g has a say. The map that leaves out two groups serves both, which makes this as
 * cheap as half of the fits.
 *
 * The first look is at every third λ of the whole range, on the two groups next to g: the held-out KL often has several
 * minima, among them a false one at small λ where no map predicts, and they differ by far more than these two groups
 * leave unsure. From the best of it, all groups have a say, and the neighbours are tried until they are worse.
 *
 * @param groupOf group of each row, 0 … groups − 1
 * @param first place of the smallest λ
 * @returns place in `klShares` for each group
 */
export function choosePenalties(
  rows: KlRows,
  groupOf: ArrayLike<number>,
  groups: number,
  first = smallestPlace(rows),
): number[] {
  const pairs = new PairPaths(rows, groupOf, groups);
  const last = klShares.length - 1;
  const looks = klShares.length - first;
  const firstLook = Array.from({ length: looks }, (_, k) => first + k).filter((place) => (last - place) % stride === 0);
  if (firstLook[0] !== first) firstLook.unshift(first);
  const neighbours = Array.from({ length: groups }, (_, group) =>
    firstLook.map((place) => pairs.sum(group, place, [(group + 1) % groups, (group + groups - 1) % groups])),
  );
  const others = (group: number) => Array.from({ length: groups }, (_, g) => g).filter((g) => g !== group);
  return neighbours.map((rough, group) => {
    const sums = new Float64Array(klShares.length).fill(Infinity);
    const tryAt = (place: number) => {
      if (place >= first && place <= last && sums[place] === Infinity)
        sums[place] = pairs.sum(group, place, others(group));
    };
    const smallest = Math.min(...rough);
    rough.forEach((sum, k) => {
      if (sum <= promising * smallest) tryAt(firstLook[k]!);
    });
    for (let best = -1; best !== sums.indexOf(Math.min(...sums));) {
      best = sums.indexOf(Math.min(...sums));
      tryAt(best - 1);
      tryAt(best + 1);
    }
    return chooseLargest(sums);
  });
}

/** Place of the smallest sum; the largest of those that tie with it. */
function chooseLargest(sums: Float64Array): number {
  const best = Math.min(...sums);
  return sums.findLastIndex((sum) => sum <= best * (1 + tie));
}

/** The maps that leave two groups out, each fitted when it is first asked for. */
class PairPaths {
  private readonly paths = new Map<number, PairPath>();

  constructor(
    private readonly rows: KlRows,
    private readonly groupOf: ArrayLike<number>,
    private readonly groups: number,
  ) {}

  /** KL of the rows of `judges`, each predicted by the map at a place that leaves out its group and `group`. */
  sum(group: number, place: number, judges: readonly number[]): number {
    // In ascending order, so that ties do not depend on who asks.
    return [...new Set(judges)]
      .sort((a, b) => a - b)
      .reduce((sum, judge) => {
        const [left, right] = [Math.min(group, judge), Math.max(group, judge)];
        const key = left * this.groups + right;
        const known = this.paths.get(key) ?? pairPath(this.rows, this.groupOf, left, right);
        this.paths.set(key, known);
        return sum + known(place)[judge === left ? 0 : 1];
      }, 0);
  }
}

/** Held-out sums of KL of two groups at a place of `klShares`. */
type PairPath = (place: number) => readonly [number, number];

function pairPath(rows: KlRows, groupOf: ArrayLike<number>, left: number, right: number): PairPath {
  const all = Array.from(inOrder(rows.logits.rows));
  const train = all.filter((i) => groupOf[i] !== left && groupOf[i] !== right);
  const gram = rows.gramOf(train);
  const own = subset(rows, gram, train);
  const scale = meanSquare(own.gram);
  const heldOut = [left, right].map((group) => {
    const test = all.filter((i) => groupOf[i] === group);
    return { cross: select(gram, test, train), probabilities: selectRows(rows.probabilities, test) };
  });
  const newton = new KlNewton(own.gram, own.probabilities);
  const found: ({ readonly map: KlStart; readonly sums: readonly [number, number] } | undefined)[] = [];
  return (place) => {
    const known = found[place];
    if (known !== undefined) return known.sums;
    const below = found.findLast((entry, other) => entry !== undefined && other < place);
    const start = below?.map ?? interpolation(own.gram, own.logits);
    const map = fitKlMap(newton, klShares[place]! * scale, roughly, start);
    const [one, other] = heldOut.map(({ cross, probabilities }) => klDivergence(probabilities, klLogits(map, cross)));
    const sums = [one ?? 0, other ?? 0] as const;
    found[place] = { map, sums };
    return sums;
  };
}

export interface KlFoldFit {
  /** Held-out logits over Y, [test, |Y|]. */
  readonly predicted: Matrix;
  readonly lambda: number;
  readonly map: KlMap;
}

/** Fits on subsets of the rows at chosen penalties, each begun from the fit on all rows at that penalty if none is known. */
export class KlFitter {
  /** Logits over Y of the fits on all rows, by place in `klShares`. */
  private readonly overall = new Map<number, KlStart & { readonly logits: Matrix }>();
  private all: { readonly gram: Matrix; readonly newton: KlNewton } | undefined;

  constructor(
    private readonly rows: KlRows,
    private readonly first = smallestPlace(rows),
  ) {}

  /** @param place in `klShares` */
  fit(train: readonly number[], test: readonly number[], place: number, known?: KlStart): KlFoldFit {
    const gram = this.rows.gramOf(train);
    const own = subset(this.rows, gram, train);
    const lambda = klShares[place]! * meanSquare(own.gram);
    const start = known ?? interpolation(own.gram, selectRows(this.onAll(place).logits, train));
    const map = fitKlMap(new KlNewton(own.gram, own.probabilities), lambda, exactly, start);
    return { predicted: klLogits(map, select(gram, test, train)), lambda, map };
  }

  private onAll(place: number): KlStart & { readonly logits: Matrix } {
    const known = this.overall.get(place);
    if (known !== undefined) return known;
    const { logits, probabilities } = this.rows;
    if (this.all === undefined) {
      const gram = this.rows.gramOf(inOrder(logits.rows));
      this.all = { gram, newton: new KlNewton(gram, probabilities) };
    }
    const { gram, newton } = this.all;
    const start = place <= this.first ? interpolation(gram, logits) : this.onAll(place - 1);
    const map = fitKlMap(newton, klShares[place]! * meanSquare(gram), roughly, start);
    const found = { ...map, logits: klLogits(map, gram) };
    this.overall.set(place, found);
    return found;
  }
}

/** Mean squared distance of rows from their mean, from their inner products. */
function meanSquare(gram: Matrix): number {
  const n = gram.rows;
  let trace = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    trace += gram.data[i * n + i]!;
    for (let j = 0; j < n; j++) total += gram.data[i * n + j]!;
  }
  return trace / n - total / (n * n);
}

interface Subset {
  readonly gram: Matrix;
  readonly logits: Matrix;
  readonly probabilities: Matrix;
}

function subset({ logits, probabilities }: KlRows, gram: Matrix, rows: readonly number[]): Subset {
  return {
    gram: select(gram, rows, rows),
    logits: selectRows(logits, rows),
    probabilities: selectRows(probabilities, rows),
  };
}

function select(a: Matrix, rows: readonly number[], cols: readonly number[]): Matrix {
  const out = zeros(rows.length, cols.length);
  rows.forEach((i, r) => {
    cols.forEach((j, c) => (out.data[r * cols.length + c] = a.data[i * a.cols + j]!));
  });
  return out;
}
