import { moduleOf } from "./assembler";
import { rotateRowsKernel } from "./eigenKernels";
import { exponentialsKernel } from "./exponentialKernel";
import { pairCentredKernel, pairInverseKernel, pairProductKernel, pairScaledKernel } from "./pairKernels";
import { productKernel, transposeKernel } from "./productKernel";
import { accumulateKernel, tridiagonaliseKernel } from "./tridiagonalKernels";

/** Addresses are in bytes, counts in entries. */
interface Kernels {
  product(a: number, b: number, out: number, rows: number, inner: number, cols: number, lower: number): void;
  transpose(a: number, out: number, rows: number, cols: number): void;
  exponentials(values: number, rows: number, stride: number, largest: number, sums: number): void;
  pairScaled(gram: number, roots: number, out: number, n: number): void;
  pairCentred(a: number, roots: number, shares: number, total: number, n: number): void;
  pairInverse(a: number, n: number, columns: number): void;
  pairProduct(a: number, v: number, out: number, n: number): void;
  tridiagonalise(a: number, n: number, stride: number, p: number, beside: number, factors: number): void;
  accumulate(a: number, n: number, stride: number, p: number, q: number, factors: number): void;
  rotateRows(a: number, n: number, stride: number, low: number, high: number, sines: number, cosines: number): void;
}

/** The part of the interface that is used here; TypeScript has it with the DOM alone. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number }) => Memory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): void;
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface };

const page = 1 << 16;

const all = [
  productKernel,
  transposeKernel,
  exponentialsKernel,
  pairScaledKernel,
  pairInverseKernel,
  pairCentredKernel,
  pairProductKernel,
  tridiagonaliseKernel,
  accumulateKernel,
  rotateRowsKernel,
];

let module: object | null = null;

/** Memory of float64 with the kernels that work in it. */
export class Workspace {
  readonly kernels: Kernels;
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private view = new Float64Array(this.memory.buffer);

  constructor() {
    module ??= new WebAssembly.Module(moduleOf(all));
    this.kernels = new WebAssembly.Instance(module, { memory: { memory: this.memory } }).exports as Kernels;
  }

  /** All of it, at least as many entries as asked for; what it held is kept. The view ends with the next growth. */
  entries(atLeast: number): Float64Array {
    const missing = 8 * atLeast - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / page));
      this.view = new Float64Array(this.memory.buffer);
    }
    return this.view;
  }
}
