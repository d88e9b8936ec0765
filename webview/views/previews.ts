import type { SteeringResult } from "../../src/protocol/report";
import { drawCurves } from "../charts/curveChart";
import { drawHeatmap } from "../charts/heatmap";
import { drawScene, measureText } from "../charts/sceneView";
import type { Drawing } from "../charts/drawing";
import { h } from "../dom";
import { cosineDomain } from "../figures/colourScale";
import { dotPlot } from "../figures/dotPlot";
import { fitLayers, fitsByTemplate } from "../figures/linearityRows";
import { commonLayers, comparing, layersOf } from "../figures/alignments";
import { maps } from "../figures/parallelismMaps";
import { figureRange, tickLabel } from "../figures/scene";
import { figure, letter } from "../format";
import { methodNames, strings, tabNames } from "../strings";
import type { TabId } from "../strings";
import { probeVerdict } from "../figures/verdicts";
import { drawProbes, firstSeries, taskName } from "./probes";
import { mostPairs } from "./parallelism";
import type { ViewContext } from "./view";

/** Small pictures that open their tabs: a person looks at them before the numbers. */
export function previews(context: ViewContext): HTMLElement | null {
  const cards = [
    parallelism(context),
    linearity(context),
    probes(context),
    subspaces(context),
    steering(context),
  ].filter((card) => card !== null);
  return cards.length === 0 ? null : h("div", { class: "previews" }, ...cards);
}

function card(
  tab: TabId,
  caption: string,
  draw: (container: HTMLElement) => Drawing,
  context: ViewContext,
  shape = "",
): HTMLElement {
  const container = h("div", { class: `chart ${shape}`, "data-testid": `preview-${tab}` });
  context.afterMount(() => context.track(draw(container)));
  const open = () => context.openTab(tab);
  return h(
    "section",
    { class: "preview", onclick: open },
    h("h2", {}, h("button", { type: "button", class: "link", title: strings.openTab(tabNames[tab]) }, tabNames[tab])),
    container,
    h("p", { class: "muted" }, caption),
  );
}

function parallelism(context: ViewContext): HTMLElement | null {
  const report = context.report.parallelism;
  const first = report ? maps(report)[0] : undefined;
  if (!report || !first) return null;
  const { geometry, map } = first;
  const caption = `${strings.geometries[geometry]}: ${strings.cosine} ${figure(map.mean)}, ${map.verdict}`;
  return card(
    "parallelism",
    caption,
    (container) =>
      drawHeatmap(container, {
        label: caption,
        rowLabels: [],
        columnLabels: [],
        matrix: map.matrix,
        order: map.matrix.map((_, i) => i).slice(0, mostPairs),
        domain: cosineDomain,
        largest: 190,
        compact: true,
        describe: () => ({ title: "", lines: [] }),
      }),
    context,
  );
}

function linearity(context: ViewContext): HTMLElement | null {
  const fits = context.report.linearity ?? [];
  const templates = context.report.relation?.templates ?? [];
  const layer = fitLayers(fits).at(-1);
  if (layer === undefined) return null;
  const rows = fitsByTemplate(fits, templates, layer).flatMap(({ template, fits: group }) =>
    group
      .filter((fit) => fit.estimator === "leastSquares")
      .map((fit) => ({
        label: template === "*" ? "all" : letter(Math.max(0, templates.indexOf(template))),
        text: figure(fit.r2Logit),
        value: fit.r2Logit,
        interval: fit.interval,
        reference: group.find((one) => one.estimator === "shuffled")?.r2Logit ?? null,
        band: null,
        title: `${template}: ${figure(fit.r2Logit, 3)}`,
      })),
  );
  if (rows.length === 0) return null;
  const range = figureRange(rows.flatMap((row) => [row.value, row.reference, ...(row.interval ?? [])]));
  return card(
    "linearity",
    strings.r2Preview,
    (container) =>
      drawScene(container, rows.map((row) => row.title).join(". "), (width) =>
        dotPlot([{ heading: null, rows }], { width, range, measure: measureText }),
      ),
    context,
  );
}

function probes(context: ViewContext): HTMLElement | null {
  const series = firstSeries(context.report);
  if (!series) return null;
  const final = series.results.at(-1);
  const verdict = final ? probeVerdict(context.report, final) : null;
  const caption = verdict === null ? taskName(series) : `${taskName(series)}: ${verdict}`;
  return card("probes", caption, (container) => drawProbes(container, series, context.report), context);
}

function subspaces(context: ViewContext): HTMLElement | null {
  const templatePairs = comparing(context.report.subspaces ?? [], "templates");
  const layer = commonLayers(templatePairs).at(-1);
  const alignments = templatePairs.filter((one) => layersOf(one)[0] === layer);
  if (alignments.length === 0) return null;
  const templates = context.report.relation?.templates ?? [];
  const name = (text: string) => (templates.includes(text) ? letter(templates.indexOf(text)) : text);
  const rows = alignments.slice(0, 10).map((one) => ({
    label: `${name(one.left)} – ${name(one.right)}`,
    text: figure(one.overlap),
    value: one.overlap,
    interval: null,
    reference: one.overlapExpected,
    band: [one.overlapExpected, one.overlapUpper] as const,
    title: `${name(one.left)} – ${name(one.right)}: ${figure(one.overlap, 3)}`,
  }));
  return card(
    "subspaces",
    `${strings.overlapTitle}; ◇ ${strings.overlapLegend.diamond}`,
    (container) =>
      drawScene(container, rows.map((row) => row.title).join(". "), (width) =>
        dotPlot([{ heading: null, rows }], { width, range: { lower: 0, upper: 1 }, measure: measureText }),
      ),
    context,
  );
}

/** The best method over α, where it works best. */
function steering(context: ViewContext): HTMLElement | null {
  const all = context.report.steering ?? [];
  const best = all.reduce<SteeringResult | null>((a, b) => (a && a.successRate >= b.successRate ? a : b), null);
  if (!best) return null;
  const results = all
    .filter(({ layer, method }) => layer === best.layer && method === best.method)
    .toSorted((a, b) => a.alpha - b.alpha);
  const caption = strings.successOverAlpha(methodNames[best.method], strings.atLayer(best.layer));
  return card(
    "steering",
    caption,
    (container) =>
      drawCurves(container, {
        label: caption,
        places: results.map(({ alpha }) => tickLabel(alpha)),
        positions: results.map(({ alpha }) => alpha),
        axis: strings.alpha,
        range: { lower: 0, upper: 1 },
        compact: true,
        curves: [
          {
            name: strings.successRate,
            role: "main",
            values: results.map(({ successRate }) => successRate),
            intervals: results.map(({ interval }) => interval),
          },
          {
            name: strings.randomSuccess,
            role: "control",
            values: results.map(({ randomSuccessRate }) => randomSuccessRate),
          },
        ],
      }),
    context,
  );
}
