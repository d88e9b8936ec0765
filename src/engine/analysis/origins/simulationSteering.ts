import { zeros, type Matrix } from "../../linalg/matrix";
import type { SimulationContexts } from "./simulationContexts";
import type { SimulationWorld } from "./simulationWorld";

/** Rows that differ in one concept alone: [where it is 1, where it is 0], in turns. */
export type ConceptPairs = Int32Array;

/** [concept]: rows of g whose strings differ in that concept alone. */
export function unembeddingPairs({ concepts, strings }: SimulationWorld): ConceptPairs[] {
  const row = new Map(Array.from(strings, (string, i) => [string, i]));
  return pairs(concepts, strings.length, (i, bit) =>
    (strings[i]! & bit) === 0 ? undefined : row.get(strings[i]! & ~bit),
  );
}

/** [concept]: rows of f whose contexts show the concept and differ in it alone. */
export function embeddingPairs({ concepts }: SimulationWorld, contexts: SimulationContexts): ConceptPairs[] {
  const { masks, visible, count } = contexts;
  const key = (mask: number, shown: number) => mask * 2 ** concepts + shown;
  const row = new Map(Array.from(masks, (mask, i) => [key(mask, visible[i]!), i]));
  return pairs(concepts, count, (i, bit) =>
    (visible[i]! & bit) === 0 ? undefined : row.get(key(masks[i]!, visible[i]! & ~bit)),
  );
}

function pairs(concepts: number, rows: number, partner: (row: number, bit: number) => number | undefined) {
  return Array.from({ length: concepts }, (_, concept) => {
    const found: number[] = [];
    for (let row = 0; row < rows; row++) {
      const other = partner(row, 1 << concept);
      if (other !== undefined) found.push(row, other);
    }
    return Int32Array.from(found);
  });
}

/** The steering vectors of a concept, each scaled to length 1; one of length 0 stays so. @param rows [rows][d] */
export function steeringVectors(pairs: ConceptPairs, rows: Float64Array, d: number): Matrix {
  const out = zeros(pairs.length / 2, d);
  for (let i = 0; i < out.rows; i++) {
    let squares = 0;
    for (let k = 0; k < d; k++) {
      const difference = rows[pairs[2 * i]! * d + k]! - rows[pairs[2 * i + 1]! * d + k]!;
      out.data[i * d + k] = difference;
      squares += difference * difference;
    }
    const length = Math.sqrt(squares);
    if (length > 0) for (let k = 0; k < d; k++) out.data[i * d + k]! /= length;
  }
  return out;
}
