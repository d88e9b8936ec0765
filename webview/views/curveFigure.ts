import { drawCurves } from "../charts/curveChart";
import type { Curve } from "../charts/curveChart";
import { frame } from "../charts/frame";
import { h } from "../dom";
import type { LegendEntry } from "../figures/legend";
import type { TableModel } from "../figures/table";
import { strings } from "../strings";
import { detailArea, rowFacts } from "./detail";
import type { PageContext } from "./view";

export interface CurveFigure {
  readonly id: string;
  readonly title: string;
  readonly fileName: string;
  /** For screen readers, beside the title. */
  readonly spoken?: string;
  readonly places: readonly string[];
  readonly positions?: readonly number[];
  readonly axis: string;
  readonly curves: readonly Curve[];
  readonly range: { readonly lower: number; readonly upper: number };
  readonly lastApart?: boolean;
  readonly table: TableModel;
  /** The table's row behind a point; −1 where there is none. */
  readonly rowOf: (curve: number, place: number) => number;
  /** Marks beside the curves'. */
  readonly legend?: readonly LegendEntry[];
}

/** Curves with their table, and the row of figures behind the chosen point. */
export function curveFigure(options: CurveFigure, context: PageContext): HTMLElement {
  const { id, title, curves, table, places, rowOf } = options;
  const chosen = `point.${id}`;
  const area = detailArea(id, strings.pointHint);
  const show = (curve: number, place: number) => {
    const row = rowOf(curve, place);
    if (row >= 0)
      area.replaceChildren(
        h("p", {}, h("b", {}, `${curves[curve]?.name ?? ""}, ${places[place] ?? ""}`)),
        rowFacts(table, row),
      );
  };
  const [curve, place] = context.choice(chosen, "").split(" ").map(Number);
  if (curve !== undefined && place !== undefined && curve < curves.length && place < places.length) show(curve, place);
  const entries = curves.map(({ name, role }, index): LegendEntry => ({ mark: { curve: role, index }, text: name }));
  return h(
    "div",
    { class: "stack" },
    frame(
      {
        id,
        title,
        fileName: options.fileName,
        table,
        legend: [...entries, ...(options.legend ?? [])],
        draw: (container) =>
          drawCurves(container, {
            label: [title, options.spoken].filter((text) => text !== undefined).join(". "),
            places,
            ...(options.positions ? { positions: options.positions } : {}),
            axis: options.axis,
            curves,
            range: options.range,
            lastApart: options.lastApart ?? false,
            onSelect: (atCurve, atPlace) => {
              context.remember(chosen, `${atCurve} ${atPlace}`);
              show(atCurve, atPlace);
            },
          }),
      },
      context,
    ),
    area,
  );
}
