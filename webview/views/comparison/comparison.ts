import type { Comparison } from "../../../src/protocol/report";
import { h } from "../../dom";
import type { Names } from "../../figures/comparedRows";
import { share } from "../../format";
import { hasHost } from "../../host";
import { strings, tabNames } from "../../strings";
import { button } from "../../toolkit";
import { modelNames } from "../modelNames";
import type { View, ViewContext } from "../view";
import { allOrNone } from "./allOrNone";
import { complexity } from "./complexity";
import { distances } from "./distances";
import { equivalence } from "./equivalence";
import { layerMaps } from "./layerMaps";
import { unitMatching } from "./unitMatching";

export const comparisonView: View = {
  fields: ["comparison", "relation", "model"],
  render: (context) => {
    const { comparison } = context.report;
    if (!comparison) return notCompared(context);
    const names = modelNames(context.report.model?.id ?? strings.leftModel, comparison.model.id);
    return h(
      "div",
      { class: "stack" },
      comparison.headline.length > 0 &&
        h(
          "section",
          { class: "headline", "data-testid": "comparison-headline", "aria-label": strings.summary },
          ...comparison.headline.map((sentence) => h("p", {}, sentence)),
        ),
      allOrNone(comparison, names, context),
      sources(comparison, names),
      h(
        "div",
        { class: "columns even" },
        distances(comparison, context),
        comparison.equivalence && equivalence(comparison.equivalence, context),
      ),
      layerMaps(comparison.layerMaps, names, context),
      complexity(comparison, names, context),
      comparison.unitMatching && unitMatching(comparison.unitMatching, names, context),
    );
  },
};

function notCompared(context: ViewContext): HTMLElement {
  return h(
    "div",
    { class: "placeholder stack", "data-testid": "absent-comparison" },
    h("p", {}, context.pending ? strings.pending(tabNames.comparison) : strings.notCompared1),
    h("p", {}, strings.notComparedHint),
    hasHost && !context.pending
      ? h(
          "div",
          {},
          button(strings.compareModels, () => context.post({ type: "compareModels" }), {
            "data-testid": "compare-models",
          }),
        )
      : !hasHost && h("p", {}, strings.notComparedSaved),
  );
}

/** What the two models were compared on. */
function sources({ contexts, vocabulary, vocabularyShared }: Comparison, names: Names): HTMLElement {
  const sentences = [
    strings.leftAndRight(...names),
    contexts &&
      strings.contextsFrom(
        contexts.contexts,
        contexts.passages,
        contexts.source === "general" ? strings.general : contexts.source,
      ),
    contexts && contexts.leftOut > 0 && strings.leftOut(contexts.leftOut),
    vocabulary &&
      strings.vocabularyShared(share(vocabularyShared), vocabulary.matched, vocabulary.left, vocabulary.right),
    !contexts && !vocabulary && strings.withoutModels,
  ].filter((text) => typeof text === "string");
  return h("p", { class: "muted", "data-testid": "comparison-sources" }, sentences.join(" "));
}
