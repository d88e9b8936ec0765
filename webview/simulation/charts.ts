import type { CosineMatrix, SimulationCheckpoint } from "../../src/protocol/simulation";
import { frame } from "../charts/frame";
import { drawHeatmap } from "../charts/heatmap";
import type { Heatmap } from "../charts/heatmapOptions";
import type { Drawing } from "../charts/drawing";
import { drawScene, measureText } from "../charts/sceneView";
import { h } from "../dom";
import { cosineDomain } from "../figures/colourScale";
import { lineStyle, referenceStyle } from "../figures/lineScene";
import { checkpointTable, cosineKeys, cosineScene, lossScene, meanMatrix } from "../figures/simulationCurves";
import type { SimulationPlot } from "../figures/simulationCurves";
import { cell } from "../figures/table";
import { figure, fileName } from "../format";
import { strings } from "../strings";
import type { PageContext } from "../views/view";
import type { SimulationState } from "./state";

/** Charts that follow a run: the same elements with other figures at every checkpoint. */
export interface LiveCharts {
  readonly element: HTMLElement;
  update(): void;
}

type MapKey = "unembedding" | "embedding" | "cross";
const maps: Readonly<Record<MapKey, (one: SimulationCheckpoint) => CosineMatrix>> = {
  unembedding: (one) => one.unembeddingMatrix,
  embedding: (one) => one.embeddingMatrix,
  cross: (one) => one.crossMatrix,
};
const mapKeys: readonly MapKey[] = ["unembedding", "embedding", "cross"];

export function liveCharts(now: () => SimulationState, context: PageContext): LiveCharts {
  const live: (() => void)[] = [];
  const table = () => checkpointTable(now().curves);
  const follow = <D extends Drawing>(drawing: D, update: (drawing: D) => void): D => {
    live.push(() => update(drawing));
    return drawing;
  };
  const redraw = (drawing: Drawing) => drawing.redraw();
  const several = now().settings.runs > 1;
  const loss = frame(
    {
      id: "loss",
      title: strings.lossTitle,
      fileName: fileName("origins", "loss"),
      table,
      legend: [
        { mark: { line: lineStyle(0) }, text: several ? strings.meanOverRuns : strings.lossTitle },
        ...(several ? [{ mark: { line: { ...lineStyle(0), width: 1 } }, text: strings.eachRun }] : []),
        { mark: { line: referenceStyle }, text: several ? strings.meanFloor : strings.floor },
      ],
      draw: (container) =>
        follow(
          drawScene(container, strings.lossTitle, (width) => lossScene(plot(now()), width, measureText)),
          redraw,
        ),
    },
    context,
  );
  const cosines = frame(
    {
      id: "cosines",
      title: strings.cosinesOverSteps,
      fileName: fileName("origins", "cosines"),
      table,
      legend: cosineKeys.map((key, i) => ({ mark: { line: lineStyle(i) }, text: strings.cosineNames[key] })),
      draw: (container) =>
        follow(
          drawScene(container, strings.cosinesOverSteps, (width) => cosineScene(plot(now()), width, measureText)),
          redraw,
        ),
    },
    context,
  );
  return {
    element: h(
      "div",
      { class: "stack" },
      h("div", { class: "columns even" }, loss, cosines),
      h("div", { class: "columns thirds" }, ...mapKeys.map(map)),
    ),
    update: () => live.forEach((update) => update()),
  };

  function map(key: MapKey): HTMLElement {
    const m = now().settings.concepts;
    const names = Array.from({ length: m }, (_, i) => strings.conceptLabel(i));
    const labels = names.map((_, i) => String(i + 1));
    const title = strings.heatmapTitles[key];
    const rows = key === "cross" ? strings.heatmapTitles.embedding : "";
    const columns = key === "cross" ? strings.heatmapTitles.unembedding : "";
    const value = (row: number, column: number) => matrix(now(), key)[row]?.[column] ?? NaN;
    return frame(
      {
        id: `map-${key}`,
        title,
        fileName: fileName("origins", key),
        table: () => ({
          columns: [{ label: strings.cosine }, ...names.map((label) => ({ label, numeric: true }))],
          rows: names.map((name, i) => [
            cell(name),
            ...names.map((_, j) => cell(figure(value(i, j)), Number.isNaN(value(i, j)) ? null : value(i, j))),
          ]),
        }),
        draw: (container) =>
          follow<Heatmap>(
            drawHeatmap(container, {
              label: `${title}. ${strings.cellKeys}`,
              rowLabels: labels,
              columnLabels: labels,
              matrix: matrix(now(), key),
              order: labels.map((_, i) => i),
              domain: cosineDomain,
              largest: 300,
              plain: true,
              describe: (row, column) => ({
                title: `${rows} ${names[row] ?? ""} – ${columns} ${names[column] ?? ""}`.trim(),
                lines: [`${strings.cosine} ${figure(value(row, column), 3)}`],
              }),
              onSelect: () => undefined,
            }),
            (drawing) => drawing.update(matrix(now(), key)),
          ),
      },
      context,
    );
  }
}

function matrix({ curves, report, settings }: SimulationState, key: MapKey): readonly (readonly number[])[] {
  const m = settings.concepts;
  const empty = Array.from({ length: m }, () => Array.from({ length: m }, () => null));
  const found: CosineMatrix = report?.matrices[key] ?? meanMatrix(curves, maps[key]) ?? empty;
  return found.map((row) => row.map((entry) => entry ?? NaN));
}

const plot = ({ curves, report, settings }: SimulationState): SimulationPlot => ({
  curves,
  complete: report !== null,
  steps: report ? 0 : Math.min(settings.steps ?? 0, 1000),
});
