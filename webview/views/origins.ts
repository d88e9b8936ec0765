import type { EmbeddingAlignment, LogOddsMatching } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { drawScene, measureText } from "../charts/sceneView";
import { h } from "../dom";
import { cosineDomain } from "../figures/colourScale";
import { logOddsPlot, logOddsTable, mostRows, spreadPlot, spreadTable } from "../figures/logOddsRows";
import { figure, fileName, interval, pValue, significant } from "../format";
import { identifiableWords, strings } from "../strings";
import { capitalised } from "../strings/words";
import { absent, sectionWarnings, segmented, verdicts } from "./controls";
import { matrixFigure } from "./matrixFigure";
import type { View, ViewContext } from "./view";

/** Traces of how a linear representation comes about [Orig]. */
export const originsView: View = {
  fields: ["origins", "relation", "summary", "warnings", "settings"],
  render: (context) => {
    const { logOddsMatching, alignment } = context.report.origins ?? { logOddsMatching: null, alignment: null };
    if (!logOddsMatching && !alignment) return absent("origins", context);
    return h(
      "div",
      { class: "stack" },
      verdicts("origins", context.report),
      logOddsMatching && matching(logOddsMatching, context),
      alignment && alignments(alignment, context),
      sectionWarnings("origins", context.report),
    );
  },
};

function matching(found: LogOddsMatching, context: ViewContext): HTMLElement {
  const name = context.report.relation?.name ?? "";
  const { pairs, contexts, contextsLeftOut, identifiable } = found;
  return h(
    "section",
    { class: "stack" },
    h("p", { class: "muted" }, strings.logOddsHint),
    h(
      "div",
      { class: "columns" },
      frame(
        {
          id: "log-odds",
          title: strings.logOddsTitle,
          fileName: fileName(name, "log-odds"),
          table: logOddsTable(found),
          legend: [{ mark: "dot", text: strings.logOddsLegend.dot }],
          draw: (container) =>
            drawScene(
              container,
              `${strings.logOddsTitle}. ${strings.spread}: ${figure(found.spread)} ${strings.nats}`,
              (width) => logOddsPlot(found, width, measureText),
            ),
        },
        context,
      ),
      h(
        "div",
        { class: "stack" },
        frame(
          {
            id: "log-odds-spread",
            title: `${strings.spreadTitle} (${strings.nats})`,
            fileName: fileName(name, "log-odds-spread"),
            table: spreadTable(found),
            legend: [
              { mark: "dot", text: strings.spreadLegend.dot },
              { mark: "diamond", text: strings.spreadLegend.diamond },
              { mark: "band", text: strings.spreadLegend.band },
            ],
            draw: (container) =>
              drawScene(
                container,
                `${strings.spreadTitle}. ${strings.spread}: ${significant(found.spread)}; ${strings.random}: ${significant(found.randomSpread)}`,
                (width) => spreadPlot(found, width, measureText),
              ),
          },
          context,
        ),
        h(
          "p",
          { class: "muted" },
          [
            strings.logOddsContexts(contexts, contextsLeftOut),
            `${capitalised(identifiableWords(identifiable))}.`,
            pairs.length > mostRows && strings.shownPairs(mostRows, pairs.length),
          ]
            .filter((text) => text !== false)
            .join(" "),
        ),
      ),
    ),
  );
}

const geometries = ["causal", "euclidean"] as const;

function alignments(found: EmbeddingAlignment, context: ViewContext): HTMLElement | null {
  const available = geometries.filter((geometry) => found[geometry] !== null);
  const chosen = available.find((one) => one === context.choice("alignment-geometry", "")) ?? available[0];
  const map = chosen && found[chosen];
  if (!chosen || !map) return null;
  const pairs = (i: number) => `${found.names[i] ?? ""}: ${strings.pairsBehind(found.n[i] ?? 0)}`;
  return h(
    "section",
    { class: "stack" },
    matrixFigure(
      {
        id: "alignment",
        title: `${strings.alignmentTitle}, ${strings.inSentence(strings.geometries[chosen])}`,
        fileName: fileName(context.report.relation?.name ?? "", "alignment", chosen),
        labels: found.names,
        names: found.names,
        matrix: map.matrix,
        domain: cosineDomain,
        quantity: strings.cosine,
        axes: [strings.embedding, strings.unembedding],
        lines: (row, column) => [...new Set([row, column])].map(pairs),
        detail: (row, column) => h("p", { class: "muted" }, [...new Set([row, column])].map(pairs).join("; ")),
        above: segmented(
          "alignment-geometry",
          strings.geometry,
          available.map((value) => ({ value, label: strings.geometries[value] })),
          chosen,
          context,
        ),
        below: [
          strings.alignmentHint,
          found.own === null
            ? ""
            : strings.ownAlignment(
                figure(found.own),
                interval(found.interval),
                figure(found.swappedMean),
                pValue(found.p),
              ),
          `${capitalised(identifiableWords(map.identifiable))}.`,
        ].join(" "),
      },
      context,
    ),
  );
}
