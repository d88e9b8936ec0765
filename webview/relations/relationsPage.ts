/** The page that shows several relations in one model side by side. */
import { h } from "../dom";
import { onRelationsMessage, postFromPage, savedPageState, saveState } from "../host";
import { stage } from "../stage";
import { phaseNames, strings } from "../strings";
import { onThemeChange } from "../theme";
import { button } from "../toolkit";
import { problems } from "../views/problems";
import { progressLine } from "../views/progressLine";
import type { PageContext } from "../views/view";
import { relationMaps } from "./relationMaps";
import { reduceRelations, restoredRelations } from "./state";

export function relationsPage(app: HTMLElement): void {
  const saved = savedPageState("relations");
  let state = restoredRelations(saved);
  const choices = new Map<string, string>(Object.entries(saved?.choices ?? {}));
  const drawn = stage();

  const name = h("h1", { "data-testid": "relations-title" });
  const about = h("p", { class: "about", "data-testid": "about" });
  const again = button(strings.runAgain, () => postFromPage({ type: "again" }), { "data-testid": "again" });
  const save = button(strings.saveReport, () => postFromPage({ type: "saveReport" }), { "data-testid": "save-report" });
  const progress = progressLine(() => postFromPage({ type: "cancel" }));
  const note = h("p", { class: "note", role: "status", "data-testid": "note" }, strings.cancelledBefore);
  const header = h(
    "header",
    { class: "header", "aria-label": strings.relationsRegion },
    h(
      "div",
      { class: "header-line" },
      h("div", { class: "header-text" }, name, about),
      h("div", { class: "actions" }, again, save),
    ),
    progress.element,
    note,
  );
  const problemHolder = h("div", {});
  const body = h("main", { class: "panel" });
  app.replaceChildren(header, problemHolder, body);
  let drawnFrom: unknown = null;

  function draw(): void {
    const { report, running, files } = state;
    name.textContent = report || running ? strings.relationsTitle : strings.noRelations;
    about.textContent = report
      ? [report.model.id, strings.comparedRelations(report.relations.length)].join(" · ")
      : running
        ? strings.comparingRelations(files.length)
        : strings.noRelationsHint;
    header.classList.toggle("running", running !== null);
    progress.update(
      running && {
        text: [phaseNames[running.phase], running.detail].filter((text) => text !== "").join(" · "),
        fraction: running.fraction,
      },
    );
    note.hidden = !state.cancelled || running !== null;
    note.textContent = report ? strings.cancelledBefore : strings.cancelledEmpty;
    again.hidden = running !== null || files.length === 0;
    save.hidden = running !== null || report === null;
    problemHolder.replaceChildren(problems(state.problems, report && strings.relationsPrevious, postFromPage) ?? "");
    if (report !== drawnFrom) drawBody();
  }

  function drawBody(): void {
    const { report } = state;
    drawnFrom = report;
    drawn.show(body, (mounting) => {
      const remember = (key: string, value: string) => {
        choices.set(key, value);
        keep();
      };
      const context: PageContext = {
        ...mounting,
        choice: (key, fallback) => choices.get(key) ?? fallback,
        remember,
        choose: (key, value) => {
          remember(key, value);
          drawBody();
        },
        post: postFromPage,
      };
      return report ? relationMaps(report, context, (file) => postFromPage({ type: "openFile", file })) : h("div", {});
    });
  }

  function keep(): void {
    const { files, report } = state;
    saveState({ page: "relations", files, report, choices: Object.fromEntries(choices) });
  }

  onRelationsMessage((message) => {
    const before = state;
    state = reduceRelations(state, message);
    if (state.report !== before.report || state.files !== before.files) keep();
    draw();
  });
  onThemeChange(() => drawn.redraw());
  draw();
  postFromPage({ type: "ready", hasReport: state.report !== null });
}
