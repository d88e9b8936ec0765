/**
 * As much of an assembler for WebAssembly as dense kernels need: functions of 32-bit integers (addresses and counts),
 * with vectors of two float64. JavaScript has no such vectors, and checks the bounds of every access; with them a
 * product is five times as fast, and gives the same numbers, as each sum is taken in the same order.
 */

/** Instructions, in any depth of nesting. */
export type Code = readonly (number | Code)[];

const int32 = 0x7f;
const vector128 = 0x7b;

/** A local variable of a kernel, by its number; parameters come first. */
export type Local = number & { readonly local: unique symbol };

export interface Kernel {
  readonly name: string;
  readonly parameters: number;
  /** Types of the locals that are no parameters. */
  readonly locals: readonly number[];
  readonly body: Code;
}

/** Hands out the locals of one kernel. */
export class Locals {
  private readonly types: number[] = [];

  private constructor(private readonly parameters: number) {}

  /** @param write gives the body, from as many parameters as it takes beyond the first */
  static kernel(name: string, parameters: number, write: (locals: Locals, given: readonly Local[]) => Code): Kernel {
    const locals = new Locals(parameters);
    const body = write(
      locals,
      Array.from({ length: parameters }, (_, k) => k as Local),
    );
    return { name, parameters, locals: locals.types, body };
  }

  int(): Local {
    return this.add(int32);
  }

  vector(): Local {
    return this.add(vector128);
  }

  private add(type: number): Local {
    return (this.parameters + this.types.push(type) - 1) as Local;
  }
}

export const get = (local: Local): Code => [0x20, unsigned(local)];
export const set = (local: Local, value: Code): Code => [value, 0x21, unsigned(local)];
export const int = (value: number): Code => [0x41, signed(value)];

export const add = (a: Code, b: Code): Code => [a, b, 0x6a];
export const times = (a: Code, b: Code): Code => [a, b, 0x6c];
export const atMost = (a: Code, b: Code): Code => [a, b, 0x4d];
export const select = (condition: Code, yes: Code, no: Code): Code => [yes, no, condition, 0x1b];
export const smaller = (a: Code, b: Code): Code => select(atMost(a, b), a, b);
/** local += step */
export const advance = (local: Local, step: Code): Code => set(local, add(get(local), step));

const vectorCode = (operation: number): Code => [0xfd, unsigned(operation)];

/** Two float64 at an address and an offset in bytes. */
export const load = (at: Code, offset = 0): Code => [at, vectorCode(0), 3, unsigned(offset)];
/** One float64, in both places. */
export const loadTwice = (at: Code, offset = 0): Code => [at, vectorCode(10), 3, unsigned(offset)];
export const store = (at: Code, value: Code, offset = 0): Code => [at, value, vectorCode(11), 3, unsigned(offset)];
/** The first of two float64. */
export const storeFirst = (at: Code, value: Code, offset = 0): Code => [at, value, vectorCode(0x5b), 3, unsigned(offset), 0]; // prettier-ignore
export const vectorOf = (value: number): Code => [
  vectorCode(12),
  Array.from(new Uint8Array(Float64Array.of(value, value).buffer)),
];
export const plus = (a: Code, b: Code): Code => [a, b, vectorCode(0xf0)];
export const minus = (a: Code, b: Code): Code => [a, b, vectorCode(0xf1)];
export const product = (a: Code, b: Code): Code => [a, b, vectorCode(0xf2)];
export const quotient = (a: Code, b: Code): Code => [a, b, vectorCode(0xf3)];
export const negative = (a: Code): Code => [a, vectorCode(0xed)];
export const squareRoot = (a: Code): Code => [a, vectorCode(0xef)];
/** All bits of each of two float64 that is above the other; none where it is not. */
export const above = (a: Code, b: Code): Code => [a, b, vectorCode(0x4a)];
/** The bits of `yes` where the mask has them, else those of `no`. */
export const choose = (mask: Code, yes: Code, no: Code): Code => [yes, no, mask, vectorCode(0x52)];
/** Whether a mask has any bit, as a condition. */
export const any = (mask: Code): Code => [mask, vectorCode(0x53)];
/** The larger of each. */
export const larger = (a: Code, b: Code): Code => [a, b, vectorCode(0xf5)];
/** The two float64 in the other order. */
export const swapped = (a: Code): Code => [
  a,
  a,
  vectorCode(13),
  [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7],
];
/** The bits of each, as a 64-bit integer: moved to the left, and the sum of two. */
export const shiftedBits = (a: Code, bits: number): Code => [a, int(bits), vectorCode(0xcb)];
export const plusBits = (a: Code, b: Code): Code => [a, b, vectorCode(0xce)];

/** while (condition) body */
export const loop = (condition: Code, body: Code): Code => [
  [0x02, 0x40, 0x03, 0x40],
  [condition, 0x45, 0x0d, 1],
  [body, 0x0c, 0, 0x0b, 0x0b],
];
export const when = (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b];
/** for (local = from; local + step <= end; local += step) body; the local is left where the loop ended */
export const count = (local: Local, [from, end]: readonly [Code, Code], step: number, body: Code): Code => [
  set(local, from),
  loop(atMost(add(get(local), int(step)), end), [body, advance(local, int(step))]),
];

/** A module that imports its memory as `memory.memory` and exports the kernels by name. */
export function moduleOf(kernels: readonly Kernel[]): Uint8Array<ArrayBuffer> {
  const types = kernels.map(({ parameters }) => [0x60, list(Array.from({ length: parameters }, () => int32)), 0]);
  const bodies = kernels.map(({ locals, body }) => sized([list(locals.map((type) => [1, type])), body, 0x0b]));
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, sized(list(types))],
      [2, sized(list([[text("memory"), text("memory"), 2, 0, 0]]))],
      [3, sized(list(kernels.map((_, k) => unsigned(k))))],
      [7, sized(list(kernels.map(({ name }, k) => [text(name), 0, unsigned(k)])))],
      [10, sized(list(bodies))],
    ]),
  );
}

function flat(code: Code, out: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === "number") out.push(part);
    else flat(part, out);
  }
  return out;
}

function sized(code: Code): Code {
  const bytes = flat(code);
  return [unsigned(bytes.length), bytes];
}

function list(items: Code): Code {
  return [unsigned(items.length), items];
}

function text(name: string): Code {
  return list(Array.from(name, (letter) => letter.charCodeAt(0)));
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 127) | 128, unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const rest = value >> 7;
  const low = value & 127;
  const done = rest === (low & 64 ? -1 : 0);
  return done ? [low] : [low | 128, signed(rest)];
}
