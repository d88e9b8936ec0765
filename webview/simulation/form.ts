import type { SimulationSettings } from "../../src/protocol/simulation";
import { h } from "../dom";
import { strings } from "../strings";
import { button } from "../toolkit";
import { bounds, fieldsOf, settingsOf } from "./settingsForm";
import type { FieldName } from "./settingsForm";

const main: readonly FieldName[] = ["concepts", "runs", "seed"];
const advanced: readonly (keyof typeof strings.whenEmpty)[] = ["dimension", "steps", "masks", "strings"];

/** What the simulation is run with; the fields keep what is typed in them until they are set anew. */
export function settingsForm(onRun: (settings: SimulationSettings) => void): {
  readonly element: HTMLElement;
  set(settings: SimulationSettings): void;
  busy(running: boolean): void;
} {
  const inputs = new Map<FieldName, HTMLInputElement>();
  const errors = h("p", { class: "form-errors", role: "alert", "data-testid": "form-errors", hidden: true });
  const optimizer = h(
    "select",
    { id: "field-optimizer", "data-testid": "field-optimizer", class: "input" },
    h("option", { value: "sgd" }, strings.optimizers.sgd),
    h("option", { value: "adam" }, strings.optimizers.adam),
  );
  const run = button(strings.run, submit, { appearance: "primary", "data-testid": "run" });
  const element = h(
    "form",
    {
      class: "live stack",
      "aria-label": strings.settingsRegion,
      onsubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    h(
      "div",
      { class: "fields" },
      ...main.map((name) => field(name, "")),
      labelled("optimizer", strings.optimizer, optimizer),
    ),
    h(
      "details",
      { class: "fold", "data-testid": "advanced" },
      h("summary", {}, strings.advanced),
      h("div", { class: "fields" }, ...advanced.map((name) => field(name, strings.whenEmpty[name]))),
    ),
    errors,
    // A form with several fields is sent by Enter only where it has a button of its own.
    h(
      "div",
      { class: "actions" },
      run,
      h("button", { type: "submit", class: "visually-hidden", tabindex: -1 }, strings.run),
    ),
  );
  let running = false;
  return {
    element,
    set: (settings) => {
      const fields = fieldsOf(settings);
      for (const [name, input] of inputs) input.value = fields[name];
      optimizer.value = fields.optimizer;
      if (advanced.some((name) => fields[name] !== "")) element.querySelector("details")?.setAttribute("open", "");
      show(new Map());
    },
    busy: (is) => {
      running = is;
      run.toggleAttribute("disabled", is);
    },
  };

  function field(name: FieldName, placeholder: string): HTMLElement {
    const { label, low, high, whole } = bounds[name];
    const input = h("input", {
      id: `field-${name}`,
      "data-testid": `field-${name}`,
      class: "input",
      type: "number",
      min: low,
      max: high,
      step: whole ? 1 : "any",
      placeholder,
      inputmode: whole ? "numeric" : "decimal",
    });
    inputs.set(name, input);
    return labelled(name, label, input);
  }

  function submit(): void {
    if (running) return;
    const text = (name: FieldName) => inputs.get(name)?.value ?? "";
    const { settings, problems } = settingsOf({
      concepts: text("concepts"),
      runs: text("runs"),
      seed: text("seed"),
      dimension: text("dimension"),
      steps: text("steps"),
      masks: text("masks"),
      strings: text("strings"),
      optimizer: optimizer.value,
    });
    show(problems);
    if (settings) onRun(settings);
    else inputs.get([...problems.keys()][0] ?? "concepts")?.focus();
  }

  function show(problems: ReadonlyMap<FieldName, string>): void {
    for (const [name, input] of inputs) input.setAttribute("aria-invalid", String(problems.has(name)));
    errors.hidden = problems.size === 0;
    errors.textContent = [...problems.values()].join(" ");
  }
}

const labelled = (name: string, label: string, control: HTMLElement) =>
  h("div", { class: "field" }, h("label", { for: `field-${name}`, class: "selector-label" }, label), control);
