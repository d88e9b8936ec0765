/**
 * The few instructions of WebAssembly that the simulation's kernel is written in, as functions that give their binary
 * code: an expression is the code that leaves its value on the stack (WebAssembly core specification 2.0, section 5).
 * Two doubles of a vector are computed at a time; the results are those of IEEE 754, the same on every machine.
 */
export type Code = readonly number[];

export type LocalType = "i32" | "v128";

const typeCodes: Record<LocalType, number> = { i32: 0x7f, v128: 0x7b };
const nothing = 0x40;

const simd = (opcode: number, ...operands: readonly Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(opcode)];

/** A local variable; its first value is zero. */
export interface Local {
  readonly get: Code;
  readonly set: (value: Code) => Code;
}

/** Pointers and counters. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  lessThan: (a: Code, b: Code): Code => [...a, ...b, 0x49],
};

/** Both doubles of a vector at once. Constants are read from memory, which V8 does faster than making them. */
export const f64x2 = {
  add: (a: Code, b: Code): Code => simd(0xf0, a, b),
  sub: (a: Code, b: Code): Code => simd(0xf1, a, b),
  mul: (a: Code, b: Code): Code => simd(0xf2, a, b),
  div: (a: Code, b: Code): Code => simd(0xf3, a, b),
  max: (a: Code, b: Code): Code => simd(0xf5, a, b),
  load: (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 3, ...unsigned(offset)],
  /** One double, twice. */
  loadSplat: (address: Code, offset = 0): Code => [...address, 0xfd, 0x0a, 3, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0xfd, 0x0b, 3, ...unsigned(offset)],
  /** The first double alone. */
  storeFirst: (address: Code, value: Code, offset = 0): Code => [
    ...[...address, ...value, 0xfd, 0x5b, 3],
    ...[...unsigned(offset), 0],
  ],
  /** The two in the other order. */
  swap: (value: Code): Code => [...value, ...value, 0xfd, 0x0d, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7],
};

/** The same vectors as 64-bit integers. */
export const i64x2 = {
  shiftLeft: (value: Code, bits: number): Code => [...value, ...i32.const(bits), 0xfd, ...unsigned(0xcb)],
  add: (a: Code, b: Code): Code => simd(0xce, a, b),
};

/** `for (let i = 0; i < end; i += step) body`, with at least one turn. */
export function countUp(i: Local, end: number, step: number, ...body: readonly Code[]): Code {
  const next = i.set(i32.add(i.get, i32.const(step)));
  const again = i32.lessThan(i.get, i32.const(end));
  return [...i.set(i32.const(0)), 0x03, nothing, ...body.flat(), ...next, ...again, 0x0d, 0, 0x0b];
}

/** A function of 32-bit integers without a result; its locals are declared as they are needed. */
export class FunctionBody {
  private readonly types: LocalType[] = [];

  constructor(private readonly parameters: number) {}

  parameter(index: number): Code {
    return [0x20, ...unsigned(index)];
  }

  local(type: LocalType): Local {
    const index = unsigned(this.parameters + this.types.push(type) - 1);
    return { get: [0x20, ...index], set: (value) => [...value, 0x21, ...index] };
  }

  /** A module that imports its memory as `env.memory` and exports the function as `run`. */
  module(code: Code): Uint8Array<ArrayBuffer> {
    const locals = list(this.types.map((type) => [1, typeCodes[type]]));
    const body = [...locals, ...code, 0x0b];
    const parameters = list(Array.from({ length: this.parameters }, () => [typeCodes.i32]));
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [[0x60, ...parameters, 0]]),
      ...section(2, [[...name("env"), ...name("memory"), 0x02, 0x00, 1]]),
      ...section(3, [[0]]),
      ...section(7, [[...name("run"), 0x00, 0]]),
      ...section(10, [[...unsigned(body.length), ...body]]),
    ]);
  }
}

const section = (id: number, entries: readonly Code[]): Code => {
  const content = list(entries);
  return [id, ...unsigned(content.length), ...content];
};

const list = (entries: readonly Code[]): Code => [...unsigned(entries.length), ...entries.flat()];

const name = (text: string): Code => list(Array.from(text, (letter) => [letter.charCodeAt(0)]));

/** LEB128 of a number from 0 to 2³² − 1. */
function unsigned(value: number): Code {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)];
}

/** LEB128 of a 32-bit integer. */
function signed(value: number): Code {
  const low = value & 0x7f;
  const rest = value >> 7;
  const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return done ? [low] : [low | 0x80, ...signed(rest)];
}
