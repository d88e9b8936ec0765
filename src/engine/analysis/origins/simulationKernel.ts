import {
  count,
  get,
  int,
  larger,
  load,
  loadTwice,
  Locals,
  moduleOf,
  plus,
  minus,
  product,
  quotient,
  set,
  store,
  storeFirst,
  swapped,
  type Code,
  type Local,
} from "../../linalg/simd/assembler";
import { exponential } from "./simulationExponential";

/** Sizes that a kernel is made for. */
export interface KernelShape {
  /** Rows of f. */
  readonly contexts: number;
  /** Rows of g; even. */
  readonly strings: number;
  /** d. */
  readonly dimension: number;
  /** Most samples whose results are kept at once. */
  readonly batch: number;
}

/** Softmax and its gradients, the simulation's inner loop, with p = softmax(f_x gᵀ). */
export interface Kernel {
  /** f [contexts][d]; to be written. */
  readonly f: Float64Array;
  /** gᵀ [d][strings]; to be written. */
  readonly g: Float64Array;
  /** [d][strings]: grows by p(y|x) f_x with every run. */
  readonly pull: Float64Array;
  /** [batch][d]: Σ_y p(y|x) g_y of each sample's context x. */
  readonly expected: Float64Array;
  run(context: number, sample: number): void;
  /** log Σ_y exp(f_x · g_y) of the last run. */
  logPartition(): number;
}

const doubleBytes = 8;
const vectorBytes = 2 * doubleBytes;
const pageBytes = 65536;
const mostConstants = 32;

export function simulationKernel({ contexts, strings, dimension: d, batch }: KernelShape): Kernel {
  let bytes = 0;
  const place = (doubles: number) => {
    const start = bytes;
    bytes += Math.ceil(doubles / 2) * vectorBytes;
    return start;
  };
  const [f, expected] = [place(contexts * d), place(batch * d)];
  const places: Places = {
    g: place(strings * d),
    pull: place(strings * d),
    terms: place(strings),
    peak: place(2),
    sum: place(2),
    constants: place(2 * mostConstants),
  };
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const doubles = (start: number, length: number) => new Float64Array(memory.buffer, start, length);
  const { code, constants } = kernelCode(strings, d, places);
  constants.forEach((value, i) => doubles(places.constants + i * vectorBytes, 2).fill(value));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { memory: { memory } });
  const { run } = exports as { run: (row: number, out: number) => void };
  const [peak, sum] = [doubles(places.peak, 1), doubles(places.sum, 1)];
  const rowBytes = d * doubleBytes;
  return {
    f: doubles(f, contexts * d),
    g: doubles(places.g, strings * d),
    pull: doubles(places.pull, strings * d),
    expected: doubles(expected, batch * d),
    run: (context, sample) => run(f + context * rowBytes, expected + sample * rowBytes),
    logPartition: () => peak[0]! + Math.log(sum[0]!),
  };
}

/** Bytes from the start of the memory; `terms` are the logits and then their exponentials. */
type Places = Readonly<Record<"g" | "pull" | "terms" | "peak" | "sum" | "constants", number>>;

/**
 * `run(row of f, row of expected)`: three passes over the strings, two at a time. Logits and their maximum;
 * exponentials, their sum and the sum of g under them; the gradient with respect to g.
 */
function kernelCode(strings: number, d: number, places: Places) {
  // Read from memory, which V8 does faster than making them.
  const constants: number[] = [];
  const constant = (value: number) => {
    const at = constants.includes(value) ? constants.indexOf(value) : constants.push(value) - 1;
    return load(int(0), places.constants + at * vectorBytes);
  };
  const kernel = Locals.kernel("run", 2, (locals, given) => {
    const [row, out] = given as readonly [Local, Local];
    const y = locals.int();
    const [value, peak, sum] = [locals.vector(), locals.vector(), locals.vector()];
    const vectors = () => Array.from({ length: d }, () => locals.vector());
    const [f, mean] = [vectors(), vectors()];
    const exp = exponential(locals, constant);

    const column = (k: number) => k * strings * doubleBytes;
    const g = (k: number) => load(get(y), places.g + column(k));
    const overStrings = (...body: readonly Code[]) => count(y, [int(0), int(strings * doubleBytes)], vectorBytes, body);
    const both = (combine: typeof plus, local: Local) => combine(get(local), swapped(get(local)));

    return [
      f.map((local, k) => set(local, loadTwice(get(row), k * doubleBytes))),
      set(peak, constant(-Infinity)),
      overStrings(
        set(value, f.map((local, k) => product(get(local), g(k))).reduce(plus)),
        store(get(y), get(value), places.terms),
        set(peak, larger(get(peak), get(value))),
      ),
      set(peak, both(larger, peak)),
      set(sum, constant(0)),
      mean.map((local) => set(local, constant(0))),
      overStrings(
        set(value, exp(minus(load(get(y), places.terms), get(peak)))),
        store(get(y), get(value), places.terms),
        set(sum, plus(get(sum), get(value))),
        mean.map((local, k) => set(local, plus(get(local), product(get(value), g(k))))),
      ),
      set(sum, both(plus, sum)),
      store(int(0), get(peak), places.peak),
      store(int(0), get(sum), places.sum),
      mean.map((local, k) => storeFirst(get(out), quotient(both(plus, local), get(sum)), k * doubleBytes)),
      f.map((local) => set(local, quotient(get(local), get(sum)))),
      overStrings(
        set(value, load(get(y), places.terms)),
        f.map((local, k) => {
          const at = places.pull + column(k);
          return store(get(y), plus(load(get(y), at), product(get(value), get(local))), at);
        }),
      ),
    ];
  });
  return { code: moduleOf([kernel]), constants };
}
