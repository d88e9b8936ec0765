import type { Random } from "../../../src/engine/linalg/random";

/** A copy of a valid file with one kind of damage; the same draws give the same copy. */
export function mutated(source: Uint8Array, draw: Random): Uint8Array {
  const edit = edits[draw.integer(edits.length)]!;
  return edit(source, draw);
}

type Edit = (source: Uint8Array, draw: Random) => Uint8Array;

/** A place that is more often among names and operators than among weights. */
function place(bytes: Uint8Array, draw: Random): number {
  const isText = (at: number) => bytes[at]! >= 0x2f && bytes[at]! < 0x7b;
  let at = draw.integer(bytes.length);
  for (let tries = 0; tries < 200 && !(isText(at) && isText(at + 1) && isText(at + 2)); tries++)
    at = draw.integer(bytes.length);
  return Math.max(0, Math.min(bytes.length - 1, at + draw.integer(60) - 30));
}

const overwriteNearText: Edit = (source, draw) => {
  const bytes = Uint8Array.from(source);
  for (let left = 1 + draw.integer(6); left > 0; left--) bytes[place(bytes, draw)] = draw.integer(256);
  return bytes;
};

const flipBits: Edit = (source, draw) => {
  const bytes = Uint8Array.from(source);
  for (let left = 1 + draw.integer(8); left > 0; left--) {
    const at = draw.integer(2) === 0 ? draw.integer(bytes.length) : place(bytes, draw);
    bytes[at] = bytes[at]! ^ (1 << draw.integer(8));
  }
  return bytes;
};

const truncate: Edit = (source, draw) => source.slice(0, draw.integer(source.length));

const insert: Edit = (source, draw) => {
  const at = place(source, draw);
  const from = place(source, draw);
  const count = 1 + draw.integer(40);
  // Half of the time a piece of the file itself, which is closer to something valid.
  const piece =
    draw.integer(2) === 0
      ? Uint8Array.from({ length: count }, () => draw.integer(256))
      : source.subarray(from, from + count);
  return Uint8Array.from(Buffer.concat([source.subarray(0, at), piece, source.subarray(at)]));
};

const remove: Edit = (source, draw) => {
  const at = place(source, draw);
  return Uint8Array.from(Buffer.concat([source.subarray(0, at), source.subarray(at + 1 + draw.integer(40))]));
};

/** Swaps a piece for another of the same length, so that every length still fits. */
const transplant: Edit = (source, draw) => {
  const bytes = Uint8Array.from(source);
  const count = 1 + draw.integer(12);
  const from = place(source, draw);
  const to = Math.min(place(source, draw), source.length - count);
  bytes.set(source.subarray(from, from + count), to);
  return bytes;
};

const edits: readonly Edit[] = [overwriteNearText, overwriteNearText, flipBits, truncate, insert, remove, transplant];
