/** The panel's page: messages change the state, the state is drawn, clicks go back as messages. */
import "./main.css";
import type { Report } from "../src/protocol/report";
import type { Drawing } from "./charts/drawing";
import { h } from "./dom";
import { hasHost, onMessage, post, saveState, savedState } from "./host";
import { steerClient } from "./steerClient";
import { initialState, reduce, restored, shown, slim } from "./state";
import type { ViewState } from "./state";
import { strings, tabIds } from "./strings";
import type { TabId } from "./strings";
import { onThemeChange } from "./theme";
import { header } from "./views/header";
import { linearityView } from "./views/linearity";
import { overview } from "./views/overview";
import { parallelismView } from "./views/parallelism";
import { probesView } from "./views/probes";
import { problems } from "./views/problems";
import { promptsView } from "./views/prompts";
import { steeringView } from "./views/steering";
import { subspacesView } from "./views/subspaces";
import { tabs } from "./views/tabs";
import type { View, ViewContext } from "./views/view";

const views: Readonly<Record<TabId, View>> = {
  overview,
  parallelism: parallelismView,
  linearity: linearityView,
  probes: probesView,
  subspaces: subspacesView,
  steering: steeringView,
  prompts: promptsView,
};

const saved = savedState();
let state: ViewState = saved ? restored(saved) : initialState;
let tab: TabId = tabIds.find((id) => id === saved?.tab) ?? "overview";
const choices = new Map<string, string>(Object.entries(saved?.choices ?? {}));
/** What the open tab shows, to draw it again only when that changes. */
let drawnFrom: readonly unknown[] = [];
let drawings: Drawing[] = [];
const steering = steerClient(post);

const top = header();
const problemHolder = h("div", {});
const tabList = tabs(openTab);
const empty = h("p", { class: "placeholder pending", hidden: true });
document.getElementById("app")?.replaceChildren(top.element, problemHolder, empty, tabList.element);

function draw(): void {
  top.update(state);
  problemHolder.replaceChildren(problems(state) ?? "");
  const report = shown(state);
  const nothing = Object.keys(report).length === 0;
  tabList.element.hidden = nothing;
  empty.hidden = !nothing || state.running === null;
  empty.textContent = strings.analyzing(state.file);
  document.body.toggleAttribute("data-stale", state.stale && state.running === null);
  tabList.open(tab);
  if (!nothing) drawTab(report);
}

function drawTab(report: Partial<Report>, force = false): void {
  const pending = state.running !== null && report !== state.report;
  const from = [tab, pending, ...views[tab].fields.map((field) => report[field])];
  if (!force && from.length === drawnFrom.length && from.every((value, i) => value === drawnFrom[i])) return;
  drawnFrom = from;
  const focused = document.activeElement?.id;
  drawings.forEach((drawing) => drawing.destroy());
  drawings = [];
  const mounted: (() => void)[] = [];
  const panel = tabList.panel(tab);
  for (const id of tabIds) if (id !== tab) tabList.panel(id)?.replaceChildren();
  panel?.replaceChildren(views[tab].render(viewContext(report, pending, mounted)));
  mounted.forEach((run) => run());
  // The control that caused this was replaced by its like.
  if (focused !== undefined && focused !== "" && document.activeElement === document.body) {
    document.getElementById(focused)?.focus();
  }
}

function viewContext(report: Partial<Report>, pending: boolean, mounted: (() => void)[]): ViewContext {
  const remember = (key: string, value: string) => {
    choices.set(key, value);
    save();
  };
  return {
    report,
    pending,
    choice: (key, fallback) => choices.get(key) ?? fallback,
    remember,
    choose: (key, value) => {
      remember(key, value);
      drawTab(shown(state), true);
    },
    openTab: (id) => {
      openTab(id);
      document.getElementById(`tab-${id}`)?.focus();
    },
    post,
    steer: hasHost ? (params, show) => steering.request(params, show) : null,
    afterMount: (run) => void mounted.push(run),
    track: (drawing) => void drawings.push(drawing),
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
  state = reduce(state, message);
  if (message.type === "report" && before.reportFile !== message.file) choices.delete("cell");
  if (state.report !== before.report || state.file !== before.file) save();
  draw();
});
onThemeChange(() => drawings.forEach((drawing) => drawing.redraw()));
if (!hasHost && state.report) document.title = `${state.report.relation.name} · ${document.title}`;
draw();
post({ type: "ready", hasReport: state.report !== null });
