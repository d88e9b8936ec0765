import { h } from "../dom";
import { figure } from "../format";
import { strings } from "../strings";
import type { CurveChartOptions, CurvePlot } from "./curveChart";

/**
 * Makes a chart of curves walkable: left and right move between places, up and down between curves, Enter chooses.
 * Returns the element that reads the point out.
 */
export function walkCurves(
  box: HTMLElement,
  { curves, places, label }: CurveChartOptions,
  onSelect: (curve: number, place: number) => void,
  chart: () => CurvePlot,
): HTMLElement {
  const live = h("div", { class: "visually-hidden", "aria-live": "polite" });
  const walkable = curves.flatMap(({ role }, i) => (role === "main" || role === "other" ? [i] : []));
  let row = 0;
  let place = -1;
  box.tabIndex = 0;
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", `${label}. ${strings.curveKeys}`);
  box.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const turn = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const curve = walkable[row] ?? -1;
    if (step !== undefined) place = Math.min(places.length - 1, Math.max(0, place + step));
    else if (turn !== undefined) row = (row + turn + walkable.length) % walkable.length;
    else if ((event.key === "Enter" || event.key === " ") && place >= 0 && curve >= 0) onSelect(curve, place);
    else return;
    event.preventDefault();
    if (step !== undefined || turn !== undefined) point();
  });
  return live;

  function point(): void {
    const curve = curves[walkable[row] ?? -1];
    if (!curve) return;
    place = Math.max(0, place);
    const plot = chart();
    const datasetIndex = plot.data.datasets.findIndex(({ label: name }) => name === curve.name);
    const active = curve.values[place] === null ? [] : [{ datasetIndex, index: place }];
    plot.setActiveElements(active);
    plot.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    plot.update();
    live.textContent = `${curve.name}, ${places[place] ?? ""}: ${figure(curve.values[place] ?? null)}`;
  }
}
