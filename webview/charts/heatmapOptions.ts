import type { Drawing } from "./drawing";

export interface HeatmapOptions {
  /** For screen readers. */
  readonly label: string;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  readonly matrix: readonly (readonly number[])[];
  /** Rows, and columns where they are not given, in the order in which they are drawn. */
  readonly order: readonly number[];
  readonly columns?: readonly number[];
  readonly domain: { readonly lower: number; readonly upper: number };
  /** Title and lines of a cell's tooltip, also announced. */
  readonly describe: (row: number, column: number) => { readonly title: string; readonly lines: readonly string[] };
  readonly selected?: readonly [number, number] | null;
  readonly onSelect?: (row: number, column: number) => void;
  /** Widest side in pixels. */
  readonly largest?: number;
  /** Cells that have the sign of a null, such as those within theirs. */
  readonly marked?: (row: number, column: number) => boolean;
  /** Colour alone, whatever room the cells have. */
  readonly plain?: boolean;
  /** Without labels and keyboard, as a preview. */
  readonly compact?: boolean;
}

export interface Heatmap extends Drawing {
  /** The same cells with other values. */
  update(matrix: readonly (readonly number[])[]): void;
}
