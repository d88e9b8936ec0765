import type { Report } from "../../src/protocol/report";
import { h } from "../dom";
import { hasHost, post } from "../host";
import type { ViewState } from "../state";
import { phaseNames, strings } from "../strings";
import { button } from "../toolkit";
import { exportMenu } from "./exportMenu";
import { progressLine } from "./progressLine";
import { themeSwitch } from "./themeSwitch";

/** Relation, model, progress and the actions on the whole report. Stays in place while figures arrive. */
export function header(): {
  readonly element: HTMLElement;
  update(state: ViewState, report: Partial<Report>): void;
} {
  const name = h("h1", { "data-testid": "relation-name" });
  const about = h("p", { class: "about", "data-testid": "about" });
  const again = button(strings.analyzeAgain, () => post({ type: "analyzeAgain" }), {
    "data-testid": "analyze-again",
  });
  let complete: Report | null = null;
  const exports = exportMenu(() => complete);
  const progress = progressLine(() => post({ type: "cancel" }));
  const note = h("p", { class: "note", role: "status", "data-testid": "stale" });
  const element = h(
    "header",
    { class: "header", "aria-label": strings.regionHeader },
    h(
      "div",
      { class: "header-line" },
      h("div", { class: "header-text" }, name, about),
      h("div", { class: "actions" }, again, exports, hasHost ? null : themeSwitch()),
    ),
    progress.element,
    note,
  );

  const update = (state: ViewState, { relation, model }: Partial<Report>) => {
    name.textContent = relation?.name ?? (baseName(state.file) || strings.nothingYet);
    const parts = [
      model && [model.id, model.note === null ? "" : ` (${model.note.replace(/\.$/, "")})`].join(""),
      relation && strings.size(relation.samples.length, relation.templates.length),
      relation?.subjects === undefined ? undefined : subjectsSource(relation.subjects),
    ].filter((part) => part !== undefined);
    about.textContent =
      parts.length > 0 || state.running ? parts.join(" · ") : state.file ? "" : strings.nothingYetHint;
    about.title = model ? strings.modelShape(model.hiddenSize, model.layers, model.vocabularySize) : "";
    element.classList.toggle("running", state.running !== null);
    again.hidden = !hasHost || state.running !== null || state.file === "";
    complete = state.report;
    exports.hidden = state.running !== null || state.report === null;
    const { running } = state;
    progress.update(
      running && {
        text: [phaseNames[running.phase], running.detail].filter((text) => text !== "").join(" · "),
        fraction: running.fraction,
      },
    );
    const text = noteText(state);
    note.hidden = text === null;
    note.textContent = text;
  };
  return { element, update };
}

function noteText(state: ViewState): string | null {
  if (state.running) return null;
  if (state.cancelled) return state.report ? strings.cancelledBefore : strings.cancelled;
  return state.stale && state.report ? strings.stale : null;
}

/** Of a report's `relation.subjects`. */
function subjectsSource(subjects: string): string {
  if (subjects === "typed") return strings.subjectsTyped;
  const [, builtIn] = /^collection\/(.+)$/.exec(subjects) ?? [];
  return builtIn === undefined ? strings.subjectsFrom(subjects) : strings.subjectsBuiltIn(builtIn);
}

const baseName = (file: string) => file.split(/[\\/]/).at(-1) ?? "";
