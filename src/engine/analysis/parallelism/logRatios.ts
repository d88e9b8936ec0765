import { multiplyTransposed, transpose, type Matrix } from "../../linalg/matrix";

/**
 * Words as vectors over prompts, [tokens, prompts]: f(x)·g(y) = log p(y | x) + log Z(x). Differences between words
 * are the log-ratios l(x), and their inner products n Δᵀ S Δ' with S the mean of f fᵀ over the n prompts.
 * @param g rows [tokens, D]; f [prompts, D], with 1 as last column where g has a bias.
 */
export function logitVectors(g: Matrix, f: Matrix): Matrix {
  return multiplyTransposed(g, f);
}

/**
 * β[i][j] of l_i ≈ β l_j by least squares through the origin: ⟨l_i, l_j⟩ / ⟨l_j, l_j⟩. All cosines 1 and these
 * slopes are what parallelism in F means ([AoN]).
 * @param logRatios l, [pairs, prompts], of pairs that differ (`usablePairs`).
 * @throws RangeError when a log-ratio is zero for every prompt.
 */
export function logRatioSlopes(logRatios: Matrix): number[][] {
  const gram = multiplyTransposed(logRatios, logRatios);
  const n = gram.rows;
  for (let j = 0; j < n; j++) {
    if (!(gram.data[j * n + j]! > 0)) throw new RangeError(`the log-ratio of pair ${j} is zero for every prompt`);
  }
  const slopes: number[][] = [];
  for (let i = 0; i < n; i++) {
    const own: number[] = [];
    for (let j = 0; j < n; j++) own.push(gram.data[i * n + j]! / gram.data[j * n + j]!);
    slopes.push(own);
  }
  return slopes;
}

/**
 * Effective number of contexts: participation ratio (tr S)² / tr S² of S = mean f fᵀ in the coordinates Cᵀ f, in
 * which it is the same in every twin. From 1 (all prompts alike) to min(prompts, rank). Null when every f is zero.
 * @param embedded `VocabularyGeometry.embed` of the prompts' f, [prompts, rank].
 */
export function effectiveContexts(embedded: Matrix): number | null {
  // S and the Gram matrix of the prompts have the same traces: the smaller of the two.
  const vectors = embedded.rows <= embedded.cols ? embedded : transpose(embedded);
  const gram = multiplyTransposed(vectors, vectors);
  let trace = 0;
  for (let i = 0; i < gram.rows; i++) trace += gram.data[i * gram.rows + i]!;
  if (trace === 0) return null;
  let squares = 0;
  for (let k = 0; k < gram.data.length; k++) squares += (gram.data[k]! / trace) ** 2;
  return 1 / squares;
}
