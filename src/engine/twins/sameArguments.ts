import { multiplyTransposed, type Matrix } from "../linalg/matrix";

/** Relative difference that is rounding in float64, after a change of basis of condition 100 and back. */
const rounding = 1e-10;

/** What is written in coordinates of its own, on both sides. */
interface Oriented {
  readonly left: Matrix[];
  readonly right: Matrix[];
}

/**
 * Are two lists of arguments the same but for rounding, and, where `oriented` names fields or numbers arguments, but for
 * the orientation of the coordinates that these matrices have rows in? Those are the same up to one rotation of them all (into a
 * space of any width) where all their inner products are. Everything else is compared number by number.
 */
export function sameArguments(
  left: readonly unknown[],
  right: readonly unknown[],
  oriented: ReadonlySet<string>,
): boolean {
  const found: Oriented = { left: [], right: [] };
  if (left.length !== right.length) return false;
  if (!left.every((argument, k) => same(argument, right[k], String(k), oriented, found))) return false;
  return found.left.length === 0 || sameNumbers(innerProducts(found.left).data, innerProducts(found.right).data);
}

function same(left: unknown, right: unknown, name: string, oriented: ReadonlySet<string>, found: Oriented): boolean {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return typeof left === "number" && typeof right === "number" ? near(left, right, Math.abs(right)) : left === right;
  }
  if (ArrayBuffer.isView(left) || ArrayBuffer.isView(right)) {
    return isNumbers(left) && isNumbers(right) && left.constructor === right.constructor && sameNumbers(left, right);
  }
  if (oriented.has(name) && isMatrix(left) && isMatrix(right)) {
    found.left.push(left);
    found.right.push(right);
    return left.rows === right.rows;
  }
  if (left instanceof Map || left instanceof Set || right instanceof Map || right instanceof Set) return false;
  const [names, others] = [Object.keys(left), Object.keys(right)];
  return (
    names.length === others.length &&
    names.every((key) => {
      // Entries of a list bear the name of the list.
      const own = Array.isArray(left) ? name : key;
      return key in right && same(left[key as keyof object], right[key as keyof object], own, oriented, found);
    })
  );
}

type Numbers = Float64Array | Float32Array | Int32Array;

function isNumbers(value: object): value is Numbers {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array;
}

function isMatrix(value: object): value is Matrix {
  return "rows" in value && "cols" in value && "data" in value && value.data instanceof Float64Array;
}

function sameNumbers(left: Numbers, right: Numbers): boolean {
  if (left.length !== right.length) return false;
  let scale = 0;
  // By index: an iterator or a callback would make an object of every number.
  for (let k = 0; k < left.length; k++) {
    const size = Math.abs(left[k] ?? NaN);
    if (size > scale && size < Infinity) scale = size;
  }
  for (let k = 0; k < left.length; k++) if (!near(left[k] ?? NaN, right[k] ?? NaN, scale)) return false;
  return true;
}

function near(x: number, y: number, scale: number): boolean {
  return Math.abs(x - y) <= rounding * scale || Object.is(x, y);
}

/** Of all rows of all matrices with each other. */
function innerProducts(parts: readonly Matrix[]): Matrix {
  const cols = parts[0]?.cols ?? 0;
  if (parts.some((part) => part.cols !== cols)) throw new RangeError("rows in coordinates of different width");
  const data = new Float64Array(parts.reduce((length, part) => length + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  const rows = { rows: data.length / Math.max(1, cols), cols, data };
  return multiplyTransposed(rows, rows);
}
