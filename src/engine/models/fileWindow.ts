import { readSync } from "node:fs";

const windowBytes = 1 << 16;

/** Random access to a file through a small window, so that walking it never reads what is skipped. */
export class FileWindow {
  #bytes = new Uint8Array(0);
  #start = 0;

  constructor(
    readonly descriptor: number,
    readonly size: number,
  ) {}

  /** @throws RangeError past the end of the file. */
  byte(position: number): number {
    const at = position - this.#start;
    const value = at >= 0 ? this.#bytes[at] : undefined;
    if (value !== undefined) return value;
    this.#bytes = this.read(position, Math.min(windowBytes, this.size - position));
    this.#start = position;
    const first = this.#bytes[0];
    if (first === undefined) throw new RangeError("past the end of the file");
    return first;
  }

  /** Copy of `length` bytes. @throws RangeError past the end of the file. */
  read(position: number, length: number): Uint8Array<ArrayBuffer> {
    if (length < 0 || position < 0 || position + length > this.size) throw new RangeError("past the end of the file");
    const out = new Uint8Array(length);
    const at = position - this.#start;
    if (at >= 0 && at + length <= this.#bytes.length) {
      out.set(this.#bytes.subarray(at, at + length));
      return out;
    }
    readFully(this.descriptor, out, position);
    return out;
  }
}

/** Fills `target` from `position` on. @throws RangeError where the file ends before. */
export function readFully(descriptor: number, target: Uint8Array, position: number): void {
  let done = 0;
  while (done < target.length) {
    const count = readSync(descriptor, target, done, Math.min(target.length - done, 1 << 30), position + done);
    if (count === 0) throw new RangeError("past the end of the file");
    done += count;
  }
}
