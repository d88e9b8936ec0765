import { countUp, f64x2, FunctionBody, i32, type Code } from "./simulationAssembly";
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
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
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
  const body = new FunctionBody(2);
  const [row, out] = [body.parameter(0), body.parameter(1)];
  const y = body.local("i32");
  const [value, peak, sum] = [body.local("v128"), body.local("v128"), body.local("v128")];
  const vectors = () => Array.from({ length: d }, () => body.local("v128"));
  const [f, mean] = [vectors(), vectors()];

  const { add, mul, div, sub, max, load, store, swap } = f64x2;
  const zero = i32.const(0);
  const constants: number[] = [];
  const constant = (value: number) => {
    const at = constants.includes(value) ? constants.indexOf(value) : constants.push(value) - 1;
    return load(zero, places.constants + at * vectorBytes);
  };
  const exp = exponential(body, constant);
  const column = (k: number) => k * strings * doubleBytes;
  const g = (k: number) => load(y.get, places.g + column(k));
  const overStrings = (...code: readonly Code[]) => countUp(y, strings * doubleBytes, vectorBytes, ...code);

  const code = body.module([
    ...f.flatMap(({ set }, k) => set(f64x2.loadSplat(row, k * doubleBytes))),
    ...peak.set(constant(-Infinity)),
    ...overStrings(
      value.set(f.map(({ get }, k) => mul(get, g(k))).reduce(add)),
      store(y.get, value.get, places.terms),
      peak.set(max(peak.get, value.get)),
    ),
    ...peak.set(max(peak.get, swap(peak.get))),
    ...sum.set(constant(0)),
    ...mean.flatMap(({ set }) => set(constant(0))),
    ...overStrings(
      value.set(exp(sub(load(y.get, places.terms), peak.get))),
      store(y.get, value.get, places.terms),
      sum.set(add(sum.get, value.get)),
      ...mean.map(({ get, set }, k) => set(add(get, mul(value.get, g(k))))),
    ),
    ...sum.set(add(sum.get, swap(sum.get))),
    ...store(zero, peak.get, places.peak),
    ...store(zero, sum.get, places.sum),
    ...mean.flatMap(({ get }, k) => f64x2.storeFirst(out, div(add(get, swap(get)), sum.get), k * doubleBytes)),
    ...f.flatMap(({ get, set }) => set(div(get, sum.get))),
    ...overStrings(
      value.set(load(y.get, places.terms)),
      ...f.map(({ get }, k) => {
        const at = places.pull + column(k);
        return store(y.get, add(load(y.get, at), mul(value.get, get)), at);
      }),
    ),
  ]);
  return { code, constants };
}
