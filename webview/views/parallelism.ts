import type { Parallelism, ParallelismMap } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { drawHeatmap } from "../charts/heatmap";
import { drawScene, measureText } from "../charts/sceneView";
import { h } from "../dom";
import { clusterOrder } from "../figures/clusterOrder";
import { cosineDomain } from "../figures/colourScale";
import { dotPlot } from "../figures/dotPlot";
import type { DotRow } from "../figures/dotPlot";
import { maps, matrixTable, meansTable } from "../figures/parallelismMaps";
import type { NamedMap } from "../figures/parallelismMaps";
import { figureRange } from "../figures/scene";
import { figure, fileName, interval, pValue, pairLabel } from "../format";
import { identifiableWords, strings } from "../strings";
import { absent, sectionWarnings, segmented } from "./controls";
import { pairDetail } from "./pairDetail";
import type { View, ViewContext } from "./view";

/** More cells than this are too small to see or point at; the table has all. */
export const mostPairs = 120;

export const parallelismView: View = {
  fields: ["parallelism", "prompts", "relation"],
  render: (context) => {
    const { parallelism } = context.report;
    const all = parallelism ? maps(parallelism) : [];
    const chosen = all.find(({ geometry }) => geometry === context.choice("geometry", "")) ?? all[0];
    if (!parallelism || !chosen) return absent("parallelism", context);
    const detail = h("div", { class: "detail", "aria-live": "polite", "data-testid": "pair-detail" });
    return h(
      "div",
      { class: "stack" },
      verdict(chosen),
      h(
        "div",
        { class: "controls" },
        segmented(
          "geometry",
          strings.geometry,
          all.map(({ geometry }) => ({ value: geometry, label: strings.geometries[geometry] })),
          chosen.geometry,
          context,
        ),
        segmented(
          "order",
          strings.order,
          [
            { value: "file", label: strings.orderFile },
            { value: "clustered", label: strings.orderClustered },
          ],
          context.choice("order", "file"),
          context,
        ),
      ),
      h("p", { class: "muted" }, strings.geometryHelp[chosen.geometry]),
      h(
        "div",
        { class: "columns" },
        heatmap(parallelism, chosen, detail, context),
        h("div", { class: "stack" }, means(all, chosen, context), detail),
      ),
      sectionWarnings("parallelism", context.report),
    );
  },
};

function verdict({ map }: NamedMap): HTMLElement {
  const sameness = map.identifiable === null ? strings.untested : identifiableWords(map.identifiable);
  const sentence = strings.sentenceParallel(
    map.verdict,
    `${figure(map.mean)} ${interval(map.interval)}`,
    `${figure(map.shuffledMean)} (p ${pValue(map.p)})`,
  );
  return h(
    "p",
    { class: "verdict", "data-testid": "verdict-parallelism", "data-value": map.verdict },
    sentence,
    h("span", { class: "muted" }, ` n ${map.n}; ${sameness}.`),
  );
}

function heatmap(parallelism: Parallelism, { geometry, map }: NamedMap, detail: HTMLElement, context: ViewContext) {
  const { pairs } = parallelism;
  const full = context.choice("order", "file") === "clustered" ? clusterOrder(map.matrix) : map.matrix.map((_, i) => i);
  const order = full.slice(0, mostPairs);
  const name = (i: number) => {
    const pair = pairs[i];
    return pair ? pairLabel(pair) : "";
  };
  const selected = parseCell(context.choice("cell", ""), pairs.length);
  const show = (row: number, column: number) =>
    detail.replaceChildren(pairDetail(parallelism, map, row, column, context));
  if (selected) show(...selected);
  else detail.replaceChildren(h("p", { class: "muted" }, strings.cellHint));
  const label = `${strings.pairsTitle}, ${strings.geometries[geometry]}: ${pairs.length} × ${pairs.length}, ${strings.meanOff} ${figure(map.mean)}, ${map.verdict}. ${strings.heatmapKeys}`;
  const chart = frame(
    {
      id: "parallelism",
      title: `${strings.pairsTitle}, ${strings.inSentence(strings.geometries[geometry])}`,
      fileName: fileName(context.report.relation?.name ?? "", "parallelism", geometry),
      table: matrixTable(pairs, map.matrix, full, strings.cosine),
      draw: (container) =>
        drawHeatmap(container, {
          label,
          rowLabels: pairs.map(pairLabel),
          columnLabels: pairs.map((pair) => pair.from.trim()),
          matrix: map.matrix,
          order,
          domain: cosineDomain,
          describe: (row, column) => ({
            title: `${name(row)}   ×   ${name(column)}`,
            lines: [`${strings.cosine} ${figure(map.matrix[row]?.[column] ?? null, 3)}`],
          }),
          selected,
          onSelect: (row, column) => {
            context.remember("cell", `${row} ${column}`);
            show(row, column);
          },
        }),
    },
    context,
  );
  if (full.length <= mostPairs) return chart;
  return h("div", {}, chart, h("p", { class: "muted" }, strings.truncatedPairs(mostPairs, full.length)));
}

/** Every geometry on one axis, the chosen one emphasised. */
function means(all: readonly NamedMap[], chosen: NamedMap, context: ViewContext): HTMLElement {
  const rows = all.map(({ geometry, map }): DotRow => {
    const title = `${strings.geometries[geometry]}: ${figure(map.mean, 3)} ${interval(map.interval, 3)}; ${strings.shuffledMean} ${figure(map.shuffledMean, 3)}`;
    return {
      label: strings.geometries[geometry],
      text: figure(map.mean),
      value: map.mean,
      interval: map.interval,
      reference: map.shuffledMean,
      band: randomBand(map),
      title,
      strong: geometry === chosen.geometry,
    };
  });
  const range = figureRange(
    rows.flatMap((row) => [row.value, row.reference, ...(row.interval ?? []), ...(row.band ?? [])]),
  );
  const legend = [
    { mark: "dot", text: strings.meanLegend.dot },
    { mark: "diamond", text: strings.meanLegend.diamond },
    { mark: "band", text: strings.meanLegend.band },
  ] as const;
  const { effectiveContexts, generalContexts, generalEffectiveContexts } = context.report.parallelism ?? {};
  const contexts = effectiveContexts ?? null;
  return h(
    "div",
    {},
    frame(
      {
        id: "parallelism-means",
        title: strings.meansTitle,
        fileName: fileName(context.report.relation?.name ?? "", "parallelism-means"),
        table: meansTable(all, strings.geometries, {
          geometry: strings.geometry,
          mean: strings.meanOff,
          lower: `${strings.interval}, lower`,
          upper: `${strings.interval}, upper`,
          shuffled: strings.shuffledMean,
          p: strings.p,
          random: strings.randomMean,
          randomUpper: strings.randomUpper,
          n: strings.n,
          verdict: strings.verdict,
        }),
        legend,
        draw: (container) =>
          drawScene(container, `${strings.meansTitle}: ${rows.map((row) => row.title).join(". ")}`, (width) =>
            dotPlot([{ heading: null, rows }], { width, range, measure: measureText }),
          ),
      },
      context,
    ),
    contexts !== null && h("p", { class: "muted" }, strings.effectiveContexts(contexts)),
    generalContexts !== undefined &&
      h(
        "p",
        { class: "muted" },
        strings.generalContextsOf(generalContexts, figure(generalEffectiveContexts ?? null, 1)),
      ),
  );
}

function randomBand(map: ParallelismMap): readonly [number, number] | null {
  return map.randomPairsMean === null || map.randomPairsUpper === null
    ? null
    : [map.randomPairsMean, map.randomPairsUpper];
}

function parseCell(text: string, k: number): readonly [number, number] | null {
  const [row, column] = text.split(" ").map(Number);
  return text !== "" && row !== undefined && column !== undefined && row < k && column < k ? [row, column] : null;
}
