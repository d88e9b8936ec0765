import { dot, type Matrix, zeros } from "../../linalg/matrix";
import { productInto, rowProductsInto } from "../../linalg/products";
import type { Random } from "../../linalg/random";
import { lbfgs, type Objective } from "../statistics/lbfgs";
import { paddedRows, type PaddedRows } from "./paddedRows";

/** log p(c | z) = V_c · tanh(U z + a) + b_c + const. */
export interface MlpModel {
  /** U with a as last column, [width, padded inputs]. */
  readonly hidden: Float64Array;
  /** V with b as last column, [classes, width + 1]. */
  readonly output: Float64Array;
}

export interface MlpProblem {
  /** [n, k], mean squared norm about 1. */
  readonly inputs: Matrix;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

export interface MlpOptions {
  readonly lambda: number;
  readonly random: Random;
  /** Hidden units. */
  readonly width: number;
  readonly iterations: number;
}

/** Norm of the gradient, as a share of that at the start. */
const tolerance = 1e-3;
const memory = 6;
/** Of the output weights at the start; small, so that hidden units do not begin with an opinion. */
const outputScale = 0.1;

/**
 * A network with one hidden layer, the minimum that L-BFGS reaches of
 *
 *     (1/n) Σ_i (log Σ_c exp(s_ic) − s_{i y_i}) + λ/2 (‖U‖²_F + ‖V‖²_F),   s_i = V tanh(U z_i + a) + b
 *
 * The hidden weights begin as random combinations of the rows, at a size that makes their products with the rows 1 on
 * average. What is learnt then depends on the inner products of the rows and on the draws, not on the axes: the same
 * in every basis up to rounding.
 */
export function fitMlp(problem: MlpProblem, options: MlpOptions): MlpModel {
  const { random, width, iterations } = options;
  const { classes } = problem;
  const rows = paddedRows(problem.inputs);
  const network = new Network(rows, classes, width);
  const theta = new Float64Array(network.size);
  const [hidden, output] = network.split(theta);
  startHidden(hidden, rows, width, random);
  for (let c = 0; c < classes; c++) {
    for (let h = 0; h < width; h++) output[c * (width + 1) + h] = outputScale * random.normal();
  }
  lbfgs(network.objective(problem.labels, options.lambda), theta, { tolerance, iterations, memory });
  return { hidden, output };
}

/** What `fitMlp` minimises over its `size` weights, hidden ones first. */
export function mlpObjective(
  { inputs, labels, classes }: MlpProblem,
  { lambda, width }: Pick<MlpOptions, "lambda" | "width">,
): { readonly size: number; readonly objective: Objective } {
  const network = new Network(paddedRows(inputs), classes, width);
  return { size: network.size, objective: network.objective(labels, lambda) };
}

function startHidden(hidden: Float64Array, rows: PaddedRows, width: number, random: Random): void {
  const { n, k, width: cols, height, byRow } = rows;
  for (let h = 0; h < width; h++) {
    for (let i = 0; i < n; i++) {
      const share = random.normal();
      for (let a = 0; a < k; a++) hidden[h * cols + a]! += share * byRow[i * cols + a]!;
    }
  }
  const products = new Float64Array(width * height);
  rowProductsInto(hidden, byRow, [width, cols, height], products);
  const size = Math.sqrt(dot(products, products) / (width * n));
  if (size > 0) for (let j = 0; j < hidden.length; j++) hidden[j]! /= size;
}

/** log p(c | z) of rows [m, k]: [m, classes]. */
export function mlpLogProbabilities({ hidden, output }: MlpModel, inputs: Matrix, classes: number): Matrix {
  const rows = paddedRows(inputs);
  const network = new Network(rows, classes, hidden.length / rows.width);
  network.evaluate(hidden, output);
  const out = zeros(inputs.rows, classes);
  for (let i = 0; i < inputs.rows; i++) {
    for (let c = 0; c < classes; c++) out.data[i * classes + c] = Math.log(network.p[c * rows.height + i]!);
  }
  return out;
}

class Network {
  readonly size: number;
  /** Probabilities, [classes, height]. */
  readonly p: Float64Array;
  /** tanh(U z + a), and a last row of ones, [width + 1, height]. */
  private readonly activations: Float64Array;
  private readonly back: Float64Array;
  private readonly outputColumns: Float64Array;

  constructor(
    private readonly rows: PaddedRows,
    private readonly classes: number,
    private readonly width: number,
  ) {
    this.size = width * rows.width + classes * (width + 1);
    this.p = new Float64Array(classes * rows.height);
    this.activations = new Float64Array((width + 1) * rows.height).fill(1);
    this.back = new Float64Array(width * rows.height);
    this.outputColumns = new Float64Array(width * classes);
  }

  /** Views of the hidden and of the output weights. */
  split(theta: Float64Array): [Float64Array, Float64Array] {
    const at = this.width * this.rows.width;
    return [theta.subarray(0, at), theta.subarray(at)];
  }

  evaluate(hidden: Float64Array, output: Float64Array): void {
    const { rows, classes, width, activations, p } = this;
    const { height } = rows;
    rowProductsInto(hidden, rows.byRow, [width, rows.width, height], activations);
    for (let j = 0; j < width * height; j++) activations[j] = Math.tanh(activations[j]!);
    productInto(output, activations, [classes, width + 1, height], p);
    for (let i = 0; i < height; i++) {
      let largest = -Infinity;
      for (let at = i; at < p.length; at += height) if (p[at]! > largest) largest = p[at]!;
      let sum = 0;
      for (let at = i; at < p.length; at += height) sum += p[at] = Math.exp(p[at]! - largest);
      for (let at = i; at < p.length; at += height) p[at]! /= sum;
    }
  }

  objective(labels: ArrayLike<number>, lambda: number): Objective {
    return (theta, gradient) => this.valueAndGradient(theta, labels, lambda, gradient);
  }

  private valueAndGradient(
    theta: Float64Array,
    labels: ArrayLike<number>,
    lambda: number,
    gradient: Float64Array,
  ): number {
    const { rows, classes, width, activations, p, back, outputColumns } = this;
    const { n, k, height } = rows;
    const [hidden, output] = this.split(theta);
    const [hiddenGradient, outputGradient] = this.split(gradient);
    this.evaluate(hidden, output);
    let loss = 0;
    for (let i = 0; i < height; i++) {
      if (i < n) loss -= Math.log(Math.max(Number.MIN_VALUE, p[labels[i]! * height + i]!)) / n;
      for (let c = 0, at = i; c < classes; c++, at += height) {
        p[at] = i < n ? (p[at]! - (labels[i] === c ? 1 : 0)) / n : 0;
      }
    }
    rowProductsInto(p, activations, [classes, height, width + 1], outputGradient);
    for (let c = 0; c < classes; c++) {
      for (let h = 0; h < width; h++) outputColumns[h * classes + c] = output[c * (width + 1) + h]!;
    }
    productInto(outputColumns, p, [width, classes, height], back);
    for (let j = 0; j < width * height; j++) back[j]! *= 1 - activations[j]! ** 2;
    rowProductsInto(back, rows.byColumn, [width, height, rows.width], hiddenGradient);

    let squares = 0;
    const penalise = (weights: Float64Array, slope: Float64Array, count: number, from: number) => {
      for (let a = from; a < from + count; a++) {
        squares += weights[a]! ** 2;
        slope[a]! += lambda * weights[a]!;
      }
    };
    for (let h = 0; h < width; h++) penalise(hidden, hiddenGradient, k, h * rows.width);
    for (let c = 0; c < classes; c++) penalise(output, outputGradient, width, c * (width + 1));
    return loss + (lambda / 2) * squares;
  }
}
