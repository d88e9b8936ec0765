import { h } from "../dom";
import { strings } from "../strings";

/** A prompt and its continuation, without and with the vector, side by side. */
export function textPair(prompt: string, without: string, steered: string): HTMLElement {
  const column = (heading: string, text: string, changed: boolean) =>
    h(
      "div",
      { class: "continuation" },
      h("h3", { class: "muted" }, heading),
      h("p", {}, h("span", { class: "muted" }, prompt), h(changed ? "b" : "span", {}, text)),
    );
  return h(
    "div",
    { class: "pairs" },
    column(strings.without, without, false),
    column(strings.with, steered, steered !== without),
  );
}
