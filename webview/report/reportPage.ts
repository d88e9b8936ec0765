/** The panel's page: messages change the state, the state is drawn, clicks go back as messages. */
import type { Report } from "../../src/protocol/report";
import { h } from "../dom";
import { hasHost, onMessage, post, saveState, savedState } from "../host";
import { bySide } from "../figures/sides";
import type { Side } from "../figures/sides";
import { stage } from "../stage";
import type { Mounting } from "../stage";
import { steerClient } from "../steerClient";
import { initialState, reduce, restored, shown, slim } from "../state";
import type { ViewState } from "../state";
import { strings, tabIds } from "../strings";
import type { TabId } from "../strings";
import { onThemeChange } from "../theme";
import { header } from "../views/header";
import { modelSwitch } from "../views/modelSwitch";
import { problems } from "../views/problems";
import { tabs } from "../views/tabs";
import type { ViewContext } from "../views/view";
import { views } from "./tabViews";

export function reportPage(app: HTMLElement): void {
  const saved = savedState();
  let state: ViewState = saved ? restored(saved) : initialState;
  let tab: TabId = tabIds.find((id) => id === saved?.tab) ?? "overview";
  const choices = new Map<string, string>(Object.entries(saved?.choices ?? {}));
  /** What the open tab shows, to draw it again only when that changes. */
  let drawnFrom: readonly unknown[] = [];
  const drawn = stage();
  const steering = steerClient(post);

  const top = header();
  const switchHolder = h("div", {});
  const problemHolder = h("div", {});
  const tabList = tabs(openTab);
  const empty = h("p", { class: "placeholder pending", hidden: true });
  app.replaceChildren(top.element, problemHolder, empty, switchHolder, tabList.element);

  const side = (): Side => (choices.get("model") === "right" ? "right" : "left");

  function draw(): void {
    const report = bySide(shown(state), side());
    top.update(state, report);
    problemHolder.replaceChildren(problems(state.problems, state.report && strings.previous, post) ?? "");
    const nothing = Object.keys(report).length === 0;
    tabList.element.hidden = nothing;
    empty.hidden = !nothing || state.running === null;
    empty.textContent = strings.analyzing(state.file);
    document.body.toggleAttribute("data-stale", state.stale && state.running === null);
    tabList.open(tab);
    if (!nothing) drawTab();
  }

  function drawTab(force = false): void {
    const whole = shown(state);
    // The comparison is always of the two, the report's own model first.
    const report = tab === "comparison" ? whole : bySide(whole, side());
    const pending = state.running !== null && whole !== state.report;
    const from = [tab, pending, side(), whole.comparison, ...views[tab].fields.map((field) => report[field])];
    if (!force && from.length === drawnFrom.length && from.every((value, i) => value === drawnFrom[i])) return;
    drawnFrom = from;
    switchHolder.replaceChildren(modelSwitch(whole, side(), { choose }) ?? "");
    for (const id of tabIds) if (id !== tab) tabList.panel(id)?.replaceChildren();
    drawn.show(tabList.panel(tab), (mounting) => views[tab].render(viewContext(report, pending, mounting)));
  }

  function remember(key: string, value: string): void {
    choices.set(key, value);
    save();
  }

  function choose(key: string, value: string): void {
    const focused = document.activeElement?.id;
    remember(key, value);
    if (key === "model") draw();
    else drawTab(true);
    if (focused !== undefined && focused !== "" && document.activeElement === document.body) {
      document.getElementById(focused)?.focus();
    }
  }

  function viewContext(report: Partial<Report>, pending: boolean, mounting: Mounting): ViewContext {
    return {
      ...mounting,
      report,
      pending,
      choice: (key, fallback) => choices.get(key) ?? fallback,
      remember,
      choose,
      openTab: (id) => {
        openTab(id);
        document.getElementById(`tab-${id}`)?.focus();
      },
      post,
      // The engine keeps the activations of the report's own model.
      steer: hasHost && side() === "left" ? (params, show) => steering.request(params, show) : null,
    };
  }

  function openTab(id: TabId): void {
    tab = id;
    save();
    draw();
  }

  let slimFrom: Report | null = null;
  let slimmed: Report | null = null;

  function save(): void {
    if (state.report !== slimFrom) {
      slimFrom = state.report;
      slimmed = state.report && slim(state.report);
    }
    saveState({ file: state.reportFile || state.file, report: slimmed, tab, choices: Object.fromEntries(choices) });
  }

  onMessage((message) => {
    const before = state;
    if (message.type === "steered") steering.receive(message.id, message.outcome);
    if (message.type === "started") steering.reset();
    if (message.type === "showTab") tab = tabIds.find((id) => id === message.tab) ?? tab;
    state = reduce(state, message);
    if (message.type === "showTab") save();
    if (message.type === "report" && before.reportFile !== message.file) choices.delete("cell");
    if (state.report !== before.report || state.file !== before.file) save();
    draw();
  });
  onThemeChange(() => drawn.redraw());
  if (!hasHost && state.report) document.title = `${state.report.relation.name} · ${document.title}`;
  draw();
  post({ type: "ready", hasReport: state.report !== null });
}
