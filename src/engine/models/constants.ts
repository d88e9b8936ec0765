import { attributeOf, DataType, intAttribute, type NodeProto } from "./onnxProto";
import type { Graph } from "./graph";
import { elementCount, isNumeric, shapeOf, tensorNumbers } from "./tensorData";

/** A constant matrix as it lies in memory; what the graph multiplies by is its transpose where `transposed`. */
export interface StoredMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
  readonly transposed: boolean;
}

/** Reads and follows the constants of one graph. */
export class Constants {
  constructor(
    readonly graph: Graph,
    readonly folder: string,
  ) {}

  /** The number of a constant with one element; `undefined` for all others. */
  scalar(value: string): number | undefined {
    const source = this.#source(value, new Set(["Cast", "Identity", "Reshape", "Unsqueeze", "Squeeze"]));
    const tensor = this.graph.constant(source);
    if (tensor !== undefined) {
      return elementCount(tensor) === 1 && isNumeric(tensor) ? tensorNumbers(tensor, this.folder)[0] : undefined;
    }
    const node = this.graph.producer(source);
    if (node?.opType !== "Constant") return undefined;
    const integer = attributeOf(node, "value_int");
    return integer === undefined ? attributeOf(node, "value_float")?.f : Number(integer.i);
  }

  /** Numbers of a constant vector, or `undefined` where it is computed in a way not followed here. */
  numbers(value: string): Float32Array | undefined {
    const tensor = this.graph.constant(this.#source(value, new Set(["Cast", "Identity", "Reshape", "Unsqueeze"])));
    return tensor === undefined || !isNumeric(tensor) ? undefined : tensorNumbers(tensor, this.folder);
  }

  /** Shape of a constant matrix as the graph sees it, [rows, cols]. */
  matrixShape(value: string): readonly [number, number] | undefined {
    const found = this.#stored(value);
    if (found === undefined) return undefined;
    return found.transposed ? [found.cols, found.rows] : [found.rows, found.cols];
  }

  /** A constant matrix: an initializer, transposed, cast or dequantised on the way. */
  matrix(value: string): StoredMatrix | undefined {
    const found = this.#stored(value);
    if (found === undefined) return undefined;
    const { rows, cols, transposed, source, scaled } = found;
    const tensor = this.graph.constant(source);
    if (tensor === undefined || !isNumeric(tensor)) return undefined;
    const data = tensorNumbers(tensor, this.folder);
    if (scaled !== undefined && !this.#dequantize(data, rows, cols, scaled)) return undefined;
    return { rows, cols, transposed, data };
  }

  /** `TensorProto.DataType` of a stored tensor or of what a Cast gives; `undefined` for all others. */
  ownType(value: string): number | undefined {
    const tensor = this.graph.constant(value);
    if (tensor !== undefined) return tensor.dataType;
    const node = this.graph.producer(value);
    return node?.opType === "Cast" ? intAttribute(node, "to", DataType.float) : undefined;
  }

  /** `TensorProto.DataType` of a constant. */
  elementType(value: string): number | undefined {
    const own = this.ownType(value);
    const node = this.graph.producer(value);
    if (own !== undefined || node === undefined) return own;
    return this.elementType((node.opType === "DequantizeLinear" ? node.input[1] : node.input[0]) ?? "");
  }

  /** The value that the operators named only pass on. */
  #source(value: string, through: ReadonlySet<string>): string {
    let source = value;
    for (;;) {
      const node = this.graph.constant(source) === undefined ? this.graph.producer(source) : undefined;
      const input = node !== undefined && through.has(node.opType) ? node.input[0] : undefined;
      if (input === undefined) return source;
      source = input;
    }
  }

  #stored(value: string) {
    let source = value;
    let transposed = false;
    let scaled: NodeProto | undefined;
    for (;;) {
      const tensor = this.graph.constant(source);
      if (tensor !== undefined) {
        const [rows, cols, ...more] = shapeOf(tensor);
        if (rows === undefined || cols === undefined || more.length > 0) return undefined;
        return { source, rows, cols, transposed, scaled };
      }
      const node = this.graph.producer(source);
      const input = node?.input[0];
      if (node === undefined || input === undefined) return undefined;
      if (node.opType === "Transpose") {
        const order = attributeOf(node, "perm")?.ints.map(Number) ?? [1, 0];
        if (order.length !== 2) return undefined;
        if (order[0] === 1) transposed = !transposed;
      } else if (node.opType === "DequantizeLinear" && scaled === undefined) {
        // The quantisation axis is that of the matrix at this place, which is the stored one.
        if (this.graph.constant(input) === undefined) return undefined;
        scaled = node;
      } else if (node.opType !== "Cast" && node.opType !== "Identity") return undefined;
      source = input;
    }
  }

  /** (q − zero point) · scale in place; scale for the tensor, a row or column, or a block of either. */
  #dequantize(data: Float32Array, rows: number, cols: number, node: NodeProto): boolean {
    const scale = this.numbers(node.input[1] ?? "");
    const zeroName = node.input[2] ?? "";
    const zero = zeroName === "" ? undefined : this.numbers(zeroName);
    if (scale === undefined || (zeroName !== "" && zero === undefined)) return false;
    const axis = intAttribute(node, "axis", 1);
    const byRow = axis === 0 || axis === -2;
    const block = intAttribute(node, "block_size", 0);
    const place = (i: number, j: number): number => {
      if (scale.length === 1) return 0;
      if (block > 0) {
        return byRow ? Math.floor(i / block) * cols + j : i * Math.ceil(cols / block) + Math.floor(j / block);
      }
      return byRow ? i : j;
    };
    if (place(rows - 1, cols - 1) >= scale.length) return false;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) {
        const k = place(i, j);
        data[i * cols + j] = ((data[i * cols + j] ?? 0) - (zero?.[k] ?? 0)) * (scale[k] ?? 0);
      }
    }
    return true;
  }
}
