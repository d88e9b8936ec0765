import type { LinearityFit } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { drawScene, measureText } from "../charts/sceneView";
import { h } from "../dom";
import { dotPlot } from "../figures/dotPlot";
import type { DotGroup } from "../figures/dotPlot";
import { fitLayers, fitsByTemplate, isBaseline } from "../figures/linearityRows";
import type { TemplateFits } from "../figures/linearityRows";
import { linearityTable } from "../figures/linearityTable";
import { figureRange } from "../figures/scene";
import type { Interval } from "../../src/protocol/report";
import { figure, fileName, interval, pValue } from "../format";
import { estimatorNames, strings } from "../strings";
import { agreement } from "./agreement";
import { absent, sectionWarnings, selector, verdicts } from "./controls";
import { causalityByRank, layerCurves } from "./linearityLayers";
import { mapTransfer } from "./mapTransfer";
import { templateName } from "./templateNames";
import type { View, ViewContext } from "./view";

export const linearityView: View = {
  fields: ["linearity", "linearityTransfer", "prompts", "relation", "summary", "warnings", "settings"],
  render: (context) => {
    const { report } = context;
    const { linearity, relation } = report;
    const fits = linearity ?? [];
    const templates = relation?.templates ?? [];
    const layers = fitLayers(fits);
    const layer = layers.find((one) => String(one) === context.choice("fit-layer", "")) ?? layers.at(-1);
    if (layer === undefined) return absent("linearity", context);
    const groups = fitsByTemplate(fits, templates, layer);
    const [first] = fits;
    return h(
      "div",
      { class: "stack" },
      verdicts("linearity", report),
      layers.length > 1 && layerCurves(fits, layers, context),
      layers.length > 1 &&
        h(
          "div",
          { class: "controls" },
          selector(
            "fit-layer",
            strings.layer,
            layers.map((one) => ({ value: String(one), label: strings.layerName(one) })),
            String(layer),
            context,
          ),
        ),
      first && h("p", { class: "muted" }, `${strings.atLayer(layer)}; ${first.heldOut}; n ${first.n}`),
      h(
        "div",
        { class: "columns" },
        measures("linearity", strings.r2Title, groups, r2Measure, context),
        measures("faithfulness", strings.faithfulnessTitle, groups, faithfulnessMeasure, context),
      ),
      frame(
        {
          id: "linearity-table",
          title: strings.linearityTable,
          fileName: fileName(relation?.name ?? "", "linearity-fits"),
          table: linearityTable(
            groups.flatMap((group) => group.fits),
            report,
          ),
        },
        context,
      ),
      causalityByRank(fits, context),
      mapTransfer(context),
      agreement(groups, context),
      sectionWarnings("linearity", report),
    );
  },
};

interface MeasureOf {
  readonly value: (fit: LinearityFit) => number | null;
  readonly interval: (fit: LinearityFit) => Interval | null;
  /** Written behind the figure. */
  readonly note: (fit: LinearityFit) => string;
}

const r2Measure: MeasureOf = {
  value: (fit) => fit.r2Logit,
  interval: (fit) => fit.interval,
  note: (fit) => (fit.p === null ? "" : `p ${pValue(fit.p)}`),
};

const faithfulnessMeasure: MeasureOf = {
  value: (fit) => fit.faithfulness,
  interval: (fit) => fit.faithfulnessInterval,
  note: () => "",
};

/** Dots with whiskers: fits in the accent colour, baselines muted, the mean answer as a diamond in every row. */
function measures(
  id: string,
  title: string,
  groups: readonly TemplateFits[],
  measure: MeasureOf,
  context: ViewContext,
) {
  const templates = context.report.relation?.templates ?? [];
  const measured = groups.filter(({ fits }) => fits.some((fit) => measure.value(fit) !== null));
  const dots = measured.map(({ template, fits }): DotGroup => {
    const name = templateName(template, templates);
    const mean = fits.find((fit) => fit.estimator === "mean");
    const reference = mean ? measure.value(mean) : null;
    return {
      heading: name,
      rows: fits
        .filter((fit) => fit.estimator !== "mean")
        .map((fit) => ({
          label: estimatorNames[fit.estimator],
          text: figure(measure.value(fit)),
          note: measure.note(fit),
          value: measure.value(fit),
          interval: measure.interval(fit),
          reference,
          band: null,
          title: `${name}, ${estimatorNames[fit.estimator]}: ${figure(measure.value(fit), 3)} ${interval(measure.interval(fit), 3)}`,
          strong: !isBaseline(fit.estimator),
        })),
    };
  });
  const rows = dots.flatMap((group) => group.rows);
  const range = figureRange(rows.flatMap((row) => [row.value, row.reference, ...(row.interval ?? [])]));
  return frame(
    {
      id,
      title,
      fileName: fileName(context.report.relation?.name ?? "", id),
      table: linearityTable(
        measured.flatMap(({ fits }) => fits),
        context.report,
      ),
      legend: [
        { mark: "dot", text: strings.linearityLegend.dot },
        { mark: "diamond", text: strings.linearityLegend.diamond },
      ],
      draw: (container) =>
        drawScene(container, `${title}. ${rows.map((row) => row.title).join(". ")}`, (width) =>
          dotPlot(dots, { width, range, measure: measureText }),
        ),
    },
    context,
  );
}
