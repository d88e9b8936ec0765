import type { SubspaceAlignment } from "../../src/protocol/report";
import { depth } from "./linearityRows";
import type { Layer } from "./linearityRows";

export type Comparison = NonNullable<SubspaceAlignment["between"]>;

export function comparing(alignments: readonly SubspaceAlignment[], what: Comparison): readonly SubspaceAlignment[] {
  return alignments.filter(({ between = "templates" }) => between === what);
}

export const layersOf = ({ layers = ["final", "final"] }: SubspaceAlignment) => layers;

/** Layers at which both subspaces of some pair lie, f last. */
export function commonLayers(alignments: readonly SubspaceAlignment[]): readonly Layer[] {
  const layers = alignments.map(layersOf).flatMap(([left, right]) => (left === right ? [left] : []));
  return [...new Set(layers)].sort((a, b) => depth(a) - depth(b));
}

/** Overlaps of one phrasing's subspaces at two layers each, 1 on the diagonal, null where two were not compared. */
export function layerMatrix(alignments: readonly SubspaceAlignment[]): {
  readonly layers: readonly Layer[];
  readonly matrix: readonly (readonly (number | null)[])[];
  readonly at: (row: number, column: number) => SubspaceAlignment | undefined;
} {
  const layers = [...new Set(alignments.flatMap((one) => layersOf(one)))].sort((a, b) => depth(a) - depth(b));
  const at = (row: number, column: number) =>
    alignments.find((one) => {
      const [left, right] = layersOf(one);
      return (left === layers[row] && right === layers[column]) || (left === layers[column] && right === layers[row]);
    });
  return {
    layers,
    at,
    matrix: layers.map((_, i) => layers.map((__, j) => (i === j ? 1 : (at(i, j)?.overlap ?? null)))),
  };
}
