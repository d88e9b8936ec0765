import type { Report, SubspaceAlignment } from "../../src/protocol/report";
import { figure, letter, pValue } from "../format";
import { strings } from "../strings";
import { layersOf } from "./alignments";
import { cell } from "./table";
import type { TableModel } from "./table";
import { subspaceVerdict } from "./verdicts";

/** A subspace with the letter that stands for it in axes. */
export interface Space {
  readonly letter: string;
  readonly text: string;
}

/** Every subspace that takes part, phrasings in the file's order first. */
export function spaces(alignments: readonly SubspaceAlignment[], templates: readonly string[]): readonly Space[] {
  const used = new Set(alignments.flatMap(({ left, right }) => [left, right]));
  const others = [...used].filter((text) => !templates.includes(text));
  return [...templates.filter((text) => used.has(text)), ...others].map((text) => {
    const index = templates.indexOf(text);
    return { text, letter: letter(index < 0 ? templates.length + others.indexOf(text) : index) };
  });
}

/** Overlaps as a symmetric matrix, 1 on the diagonal, NaN where a pair was not compared. */
export function overlapMatrix(alignments: readonly SubspaceAlignment[], named: readonly Space[]): number[][] {
  return named.map((row) =>
    named.map((column) => {
      if (row === column) return 1;
      const found = alignments.find(
        ({ left, right }) =>
          (left === row.text && right === column.text) || (left === column.text && right === row.text),
      );
      return found?.overlap ?? NaN;
    }),
  );
}

/** All measures of the comparisons, a row each. */
export function alignmentTable(alignments: readonly SubspaceAlignment[], report: Partial<Report>): TableModel {
  const most = Math.max(0, ...alignments.map(({ cosines }) => cosines.length));
  const indices = Array.from({ length: most }, (_, i) => i);
  const numeric = (label: string) => ({ label, numeric: true });
  const number = (value: number | null) => cell(figure(value, 3), value);
  return {
    columns: [
      { label: strings.left, wide: true },
      { label: strings.right, wide: true },
      { label: strings.layer },
      numeric(strings.ranks),
      numeric(strings.overlap),
      numeric(strings.overlapExpected),
      numeric(strings.overlapUpper),
      numeric(strings.p),
      numeric(strings.grassmann),
      numeric(strings.n),
      { label: strings.verdict, wide: true },
      ...indices.map((i) => numeric(`cos θ${i + 1}`)),
    ],
    rows: alignments.map((one) => [
      cell(one.left),
      cell(one.right),
      cell([...new Set(layersOf(one))].join(", ")),
      cell(one.ranks.join(", ")),
      number(one.overlap),
      number(one.overlapExpected),
      number(one.overlapUpper),
      cell(pValue(one.p), one.p),
      number(one.grassmann),
      cell(String(one.n), one.n),
      cell(subspaceVerdict(report, one) ?? "", subspaceVerdict(report, one)),
      ...indices.map((i) => number(one.cosines[i] ?? null)),
    ]),
  };
}
