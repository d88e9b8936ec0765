/** The page of the latent-variable simulation: its settings, and its curves and maps while it runs. */
import { h } from "../dom";
import { onSimulationMessage, postFromPage, savedPageState, saveState } from "../host";
import { stage } from "../stage";
import { strings } from "../strings";
import { onThemeChange } from "../theme";
import { button } from "../toolkit";
import { problems } from "../views/problems";
import { progressLine } from "../views/progressLine";
import type { PageContext } from "../views/view";
import { liveCharts } from "./charts";
import type { LiveCharts } from "./charts";
import { settingsForm } from "./form";
import { result } from "./result";
import { reduceSimulation, restoredSimulation, slimSimulation } from "./state";
import type { SimulationState } from "./state";

export function simulationPage(app: HTMLElement): void {
  let state = restoredSimulation(savedPageState("simulation"));
  const choices = new Map<string, string>();
  const drawn = stage();
  let charts: LiveCharts | null = null;

  const form = settingsForm((settings) => postFromPage({ type: "again", settings }));
  const save = button(strings.saveReport, () => postFromPage({ type: "saveReport" }), { "data-testid": "save-report" });
  const progress = progressLine(() => postFromPage({ type: "cancel" }));
  const note = h("p", { class: "note", role: "status", "data-testid": "note" }, strings.simulationCancelled);
  const header = h(
    "header",
    { class: "header", "aria-label": strings.simulationRegion },
    h(
      "div",
      { class: "header-line" },
      h(
        "div",
        { class: "header-text" },
        h("h1", {}, strings.simulationTitle),
        h("p", { class: "about" }, strings.simulationAbout),
      ),
      h("div", { class: "actions" }, save),
    ),
    progress.element,
    note,
  );
  const problemHolder = h("div", {});
  const body = h("main", { class: "panel simulation-body" });
  app.replaceChildren(header, form.element, problemHolder, body);
  form.set(state.settings);

  /** All but what a checkpoint changes. */
  function draw(): void {
    const { report, cancelled, curves } = state;
    drawProgress();
    note.hidden = !cancelled;
    save.hidden = report === null;
    const shown = curves.length > 0 ? strings.simulationPrevious : null;
    problemHolder.replaceChildren(problems(state.problems, shown, postFromPage) ?? "");
    drawBody();
  }

  function drawBody(): void {
    charts = null;
    const { report, curves, fraction } = state;
    drawn.show(body, (mounting) => {
      const remember = (key: string, value: string) => void choices.set(key, value);
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
      if (!report && curves.length === 0 && fraction === null) {
        return h("p", { class: "placeholder", "data-testid": "nothing-run" }, strings.nothingRun);
      }
      charts = liveCharts(() => state, context);
      return h(
        "div",
        { class: "stack" },
        report &&
          report.headline.length > 0 &&
          h(
            "section",
            { class: "headline", "data-testid": "headline", "aria-label": strings.summary },
            ...report.headline.map((sentence) => h("p", {}, sentence)),
          ),
        report && result(report, context),
        charts.element,
      );
    });
  }

  function drawProgress(): void {
    const { fraction } = state;
    header.classList.toggle("running", fraction !== null);
    form.busy(fraction !== null);
    progress.update(fraction === null ? null : { text: progressText(state), fraction }, spoken(fraction));
  }

  // Checkpoints may come faster than frames.
  let waiting = false;
  function drawSoon(): void {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (state.fraction === null) return;
      drawProgress();
      charts?.update();
    });
  }

  onSimulationMessage((message) => {
    state = reduceSimulation(state, message);
    if (message.type === "checkpoint") drawSoon();
    else {
      if (message.type === "started") form.set(state.settings);
      draw();
    }
    if (message.type === "started" || message.type === "simulation") {
      const { settings, report } = state;
      saveState({ page: "simulation", settings, report: report && slimSimulation(report) });
    }
  });
  onThemeChange(() => drawn.redraw());
  draw();
  postFromPage({ type: "ready", hasReport: state.report !== null });
}

function progressText({ curves, settings }: SimulationState): string {
  const last = curves.findLastIndex((curve) => curve.length > 0);
  const step = curves[last]?.at(-1)?.step;
  return step === undefined ? strings.startingRun : strings.runOf(last + 1, settings.runs, strings.count(step));
}

/** Read out at every tenth, not at every checkpoint. */
const spoken = (fraction: number | null) => (fraction === null ? "" : `${10 * Math.floor(10 * fraction)}%`);
