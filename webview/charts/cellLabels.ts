import { fit } from "../format";
import { measureText } from "./sceneView";

export interface CellLabels {
  /** Room for them, in pixels. */
  readonly rows: number;
  readonly columns: number;
  readonly rowTexts: readonly string[];
  readonly columnTexts: readonly string[];
}

export const noLabels: CellLabels = { rows: 0, columns: 0, rowTexts: [], columnTexts: [] };

/** Labels of a map, cut to what its container has room for. */
export function cellLabels(rows: readonly string[], columns: readonly string[], width: number): CellLabels {
  const rowTexts = rows.map((text) => fit(text, Math.min(150, width * 0.3), measureText));
  const columnTexts = columns.map((text) => fit(text, 76, measureText));
  const widest = (texts: readonly string[]) => Math.ceil(Math.max(0, ...texts.map(measureText))) + 12;
  return { rows: widest(rowTexts), columns: widest(columnTexts), rowTexts, columnTexts };
}
