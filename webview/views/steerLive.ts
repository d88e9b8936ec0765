import type { SteerOutcome, SteerParams, SteerResult } from "../../src/protocol/engine";
import type { Report, SteeringMethod } from "../../src/protocol/report";
import { frame } from "../charts/frame";
import { measureText, sceneSvg } from "../charts/sceneView";
import { h } from "../dom";
import { pairedBars, tokenPairs } from "../figures/pairedBars";
import { depth } from "../figures/linearityRows";
import { legend } from "../figures/legend";
import { cell } from "../figures/table";
import { figure, fileName, probability, token } from "../format";
import { hasHost } from "../host";
import { methodNames, strings } from "../strings";
import { button, dropdown } from "../toolkit";
import type { Option } from "../toolkit";
import { textPair } from "./continuations";
import type { ViewContext } from "./view";

const continuation = 12;
const strongest = 3;
const fallbackMethods: readonly SteeringMethod[] = ["differenceOfMeans"];

/** One prompt steered by hand: what is chosen is asked for at once, and the answer drawn as it comes. */
export function steerLive(context: ViewContext): HTMLElement | null {
  const { relation } = context.report;
  if (!relation || relation.samples.length < 2 || context.pending) return null;
  const result = h("div", { class: "stack", "data-testid": "steer-result" });
  const controls = h("div", { class: "stack" });
  const section = h(
    "section",
    { class: "live stack", "aria-label": strings.live },
    h("h2", {}, strings.live),
    ...(context.steer ? [controls, result] : []),
  );
  const { steer } = context;
  if (!steer) {
    const why = hasHost ? strings.steerOther : `${strings.noEngine} ${strings.noEngineHint}`;
    section.append(h("p", { class: "muted", "data-testid": "steer-absent" }, why));
    return section;
  }
  const chosen = { ...choices(context) };
  const ask = () => {
    section.setAttribute("aria-busy", "true");
    steer(paramsOf(chosen), (outcome) => {
      section.removeAttribute("aria-busy");
      result.replaceChildren(answer(outcome, context));
    });
  };
  const fill = () => controls.replaceChildren(...inputs(chosen, context, { ask, refill: fill }));
  fill();
  context.afterMount(ask);
  return section;
}

interface Choices {
  template: number;
  sample: number;
  to: number;
  layer: "final" | number;
  method: SteeringMethod;
  alpha: number;
}

const paramsOf = (chosen: Choices): SteerParams => ({ ...chosen, continuation });

function choices(context: ViewContext): Choices {
  const { report } = context;
  const count = (key: string, fallback: number, below: number) => {
    const value = Number(context.choice(`live-${key}`, String(fallback)));
    return Number.isInteger(value) && value >= 0 && value < below ? value : fallback;
  };
  const { templates = [], samples = [] } = report.relation ?? {};
  const layers = layersOf(report);
  const layer = layers.find((one) => String(one) === context.choice("live-layer", "")) ?? layers.at(-1) ?? "final";
  const methods = methodsAt(report, layer);
  const alpha = Number(context.choice("live-alpha", "1"));
  const sample = count("sample", 0, samples.length);
  return {
    template: count("template", 0, templates.length),
    sample,
    to: count("to", sample === 1 ? 0 : 1, samples.length),
    layer,
    method: methods.find((one) => one === context.choice("live-method", "")) ?? methods[0] ?? "differenceOfMeans",
    alpha: Number.isFinite(alpha) ? alpha : 1,
  };
}

function layersOf({ steering = [] }: Partial<Report>): readonly ("final" | number)[] {
  const layers = [...new Set(steering.map(({ layer }) => layer))].sort((a, b) => depth(a) - depth(b));
  return layers.length > 0 ? layers : ["final"];
}

function methodsAt({ steering = [] }: Partial<Report>, layer: "final" | number): readonly SteeringMethod[] {
  const methods = [...new Set(steering.filter((one) => one.layer === layer).map(({ method }) => method))];
  return methods.length > 0 ? methods : fallbackMethods;
}

function inputs(
  chosen: Choices,
  context: ViewContext,
  on: { readonly ask: () => void; readonly refill: () => void },
): HTMLElement[] {
  const { report } = context;
  const { templates = [], samples = [] } = report.relation ?? {};
  const answerOf = (i: number) =>
    samples[i]?.object ??
    report.prompts?.find(({ subject }) => subject === samples[i]?.subject)?.answerToken.text.trim() ??
    "";
  const field = (key: keyof Choices, label: string, options: readonly Option[], take: (value: string) => void) =>
    h(
      "label",
      { class: "field" },
      h("span", { class: "selector-label" }, label),
      dropdown(
        { id: `live-${key}`, "data-testid": `live-${key}`, "aria-label": label },
        options,
        String(chosen[key]),
        (value) => {
          take(value);
          context.remember(`live-${key}`, value);
          on.refill();
          document.getElementById(`live-${key}`)?.focus();
          on.ask();
        },
      ),
    );
  const numbered = (texts: readonly string[]) => texts.map((label, i) => ({ value: String(i), label }));
  const top = Math.max(strongest, ...(report.steering ?? []).map(({ alpha }) => alpha));
  const shown = h("output", { for: "live-alpha", class: "alpha-value" }, strings.alphaValue(chosen.alpha));
  const slider = h("input", {
    type: "range",
    id: "live-alpha",
    "data-testid": "live-alpha",
    class: "slider",
    min: 0,
    max: top,
    step: 0.05,
    value: chosen.alpha,
    "aria-label": strings.alphaAxis,
    oninput: () => {
      chosen.alpha = Number(slider.value);
      shown.textContent = strings.alphaValue(chosen.alpha);
      on.ask();
    },
    onchange: () => context.remember("live-alpha", slider.value),
  });
  return [
    h(
      "div",
      { class: "fields" },
      templates.length > 1 &&
        field("template", strings.template, numbered(templates), (value) => (chosen.template = Number(value))),
      field("sample", strings.subject, numbered(samples.map(({ subject }) => subject)), (value) => {
        chosen.sample = Number(value);
      }),
      field(
        "to",
        strings.target,
        samples.map(({ subject }, i) => ({ value: String(i), label: `${answerOf(i)} (${subject})` })),
        (value) => (chosen.to = Number(value)),
      ),
      field(
        "layer",
        strings.layer,
        layersOf(report).map((one) => ({ value: String(one), label: strings.atLayer(one) })),
        (value) => {
          chosen.layer = layersOf(report).find((one) => String(one) === value) ?? "final";
          const methods = methodsAt(report, chosen.layer);
          if (!methods.includes(chosen.method)) chosen.method = methods[0] ?? chosen.method;
        },
      ),
      field(
        "method",
        strings.method,
        methodsAt(report, chosen.layer).map((one) => ({ value: one, label: methodNames[one] })),
        (value) => (chosen.method = methodsAt(report, chosen.layer).find((one) => one === value) ?? chosen.method),
      ),
    ),
    h("div", { class: "alpha" }, slider, shown),
  ];
}

function answer(outcome: SteerOutcome, context: ViewContext): HTMLElement {
  if (outcome.ok) return drawn(outcome.value, context);
  return h(
    "div",
    { class: "stack", role: "status", "data-testid": "steer-problem" },
    ...outcome.problems.map(({ message, remedy }) => h("p", {}, message, h("span", { class: "muted" }, ` ${remedy}`))),
    h(
      "div",
      {},
      button(strings.analyzeAgain, () => context.post({ type: "analyzeAgain" })),
    ),
  );
}

function drawn(result: SteerResult, context: ViewContext): HTMLElement {
  const pairs = tokenPairs(result);
  const change = [result.from, result.to].map(({ text, before, after }) =>
    strings.answerChange(token(text), probability(before), probability(after)),
  );
  const box = h("div", {});
  const draw = () => {
    const width = Math.min(620, Math.max(240, box.clientWidth));
    const key = legend(
      [
        { mark: "otherBar", text: strings.liveBefore },
        { mark: "bar", text: strings.liveAfter },
      ],
      width,
      measureText,
    );
    box.replaceChildren(sceneSvg(pairedBars(pairs, width, measureText), change.join("; ")), sceneSvg(key, null));
  };
  // Laid out once it is in the page and has a width.
  queueMicrotask(draw);
  return h(
    "div",
    { class: "stack" },
    h("p", { role: "status", "data-testid": "steer-change" }, change.join("  ·  ")),
    h(
      "div",
      { class: "columns even" },
      frame(
        {
          id: "live",
          title: strings.liveTop,
          fileName: fileName(context.report.relation?.name ?? "", "steered"),
          table: {
            columns: [
              { label: strings.answer },
              { label: strings.liveBefore, numeric: true },
              { label: strings.liveAfter, numeric: true },
            ],
            rows: pairs.map(({ text, before, after }) => [
              cell(token(text), text),
              cell(figure(before, 3), before),
              cell(figure(after, 3), after),
            ]),
          },
          show: () => box,
        },
        context,
      ),
      textPair(result.prompt, result.textBefore, result.textAfter),
    ),
  );
}
