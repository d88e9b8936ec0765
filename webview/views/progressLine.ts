import { h } from "../dom";
import { strings } from "../strings";
import { button } from "../toolkit";

/** What a run is at, how far it is, and the way to stop it; hidden while nothing runs. */
export function progressLine(onCancel: () => void): {
  readonly element: HTMLElement;
  /** `spoken` is read out where the text changes too often for that. */
  update(run: { readonly text: string; readonly fraction: number } | null, spoken?: string): void;
} {
  const fill = h("div", { class: "progress-fill" });
  const bar = h(
    "div",
    {
      class: "progress-bar",
      role: "progressbar",
      "aria-label": strings.progressLabel,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    fill,
  );
  const phase = h("span", { class: "progress-phase", "data-testid": "progress-phase", "aria-hidden": "true" });
  const live = h("span", { class: "visually-hidden", role: "status", "data-testid": "progress-spoken" });
  const element = h(
    "div",
    { class: "progress", "data-testid": "progress", hidden: true },
    h(
      "div",
      { class: "progress-line" },
      h("span", { class: "spinner", "aria-hidden": "true" }),
      phase,
      live,
      button(strings.cancel, onCancel, { "data-testid": "cancel" }),
    ),
    bar,
  );
  return {
    element,
    update: (run, spoken = run?.text ?? "") => {
      element.hidden = run === null;
      if (!run) return;
      const percent = Math.round(100 * Math.min(1, Math.max(0, run.fraction)));
      fill.style.width = `${percent}%`;
      bar.setAttribute("aria-valuenow", String(percent));
      phase.textContent = run.text;
      if (live.textContent !== spoken) live.textContent = spoken;
    },
  };
}
