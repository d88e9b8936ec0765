import type { LinearityEstimator, LinearityFit } from "../../src/protocol/report";
import type { Curve } from "../charts/curveChart";
import type { CurveRole } from "../figures/curveStyle";
import { depth } from "../figures/linearityRows";
import type { Layer } from "../figures/linearityRows";
import { linearityTable } from "../figures/linearityTable";
import { figureRange } from "../figures/scene";
import { cell } from "../figures/table";
import { figure, fileName } from "../format";
import { estimatorNames, strings } from "../strings";
import { selector } from "./controls";
import { curveFigure } from "./curveFigure";
import { h } from "../dom";
import { templateLetter, templateName } from "./templateNames";
import type { ViewContext } from "./view";

/** In place of a phrasing: least squares of all of them. */
const everyPhrasing = "every";

const fitted: readonly LinearityEstimator[] = ["leastSquares", "kl", "jacobian"];
const references: readonly (readonly [LinearityEstimator, CurveRole])[] = [
  ["mean", "majority"],
  ["shuffled", "control"],
];

/** Held-out R² over layers: the estimators of one phrasing beside their references, or one estimator's phrasings. */
export function layerCurves(
  fits: readonly LinearityFit[],
  layers: readonly Layer[],
  context: ViewContext,
): HTMLElement {
  const templates = context.report.relation?.templates ?? [];
  const deep = [...new Set(fits.filter(({ layer }) => layer !== "final").map(({ template }) => template))];
  const chosen = context.choice("curve-of", deep[0] ?? "");
  const every = chosen === everyPhrasing && deep.length > 1;
  const template = deep.find((text) => text === chosen) ?? deep[0] ?? "*";
  const groups = every
    ? deep.map((text) => ({ name: templateName(text, templates), of: [text, "leastSquares"] as const }))
    : fitted.map((estimator) => ({ name: estimatorNames[estimator], of: [template, estimator] as const }));
  const find = ([text, estimator]: readonly [string, LinearityEstimator], layer: Layer) =>
    fits.find((fit) => fit.template === text && fit.estimator === estimator && fit.layer === layer);
  const curve = (of: readonly [string, LinearityEstimator], name: string, role: CurveRole, intervals: boolean) => {
    const found = layers.map((layer) => find(of, layer));
    const values = found.map((fit) => fit?.r2Logit ?? null);
    return {
      name,
      role,
      found,
      values,
      ...(intervals ? { intervals: found.map((fit) => fit?.interval ?? null) } : {}),
    };
  };
  const main = groups
    .map(({ name, of }, i) => curve(of, name, i === 0 ? "main" : "other", true))
    .filter(({ values }) => values.some((value) => value !== null));
  const baselines = references.map(([estimator, role]) =>
    curve([template, estimator], estimatorNames[estimator], role, false),
  );
  const curves: readonly (Curve & { readonly found: readonly (LinearityFit | undefined)[] })[] = [
    ...main,
    ...(every ? [] : baselines.filter(({ values }) => values.some((value) => value !== null))),
  ];
  const rows = curves.flatMap(({ found }) => found).filter((fit) => fit !== undefined);
  return h(
    "div",
    { class: "stack" },
    h(
      "div",
      { class: "controls" },
      selector(
        "curve-of",
        strings.curves,
        [
          ...deep.map((text) => ({ value: text, label: templateName(text, templates) })),
          ...(deep.length > 1 ? [{ value: everyPhrasing, label: strings.byPhrasing }] : []),
        ],
        every ? everyPhrasing : template,
        context,
      ),
    ),
    curveFigure(
      {
        id: "linearity-layers",
        title: strings.layersTitle,
        fileName: fileName(context.report.relation?.name ?? "", "linearity-layers"),
        places: layers.map(strings.layerName),
        lastApart: layers.at(-1) === "final",
        axis: strings.layerAxis,
        curves,
        range: figureRange(
          curves.flatMap(({ values, intervals = [] }) => [...values, ...intervals.flatMap((i) => i ?? [])]),
        ),
        table: linearityTable(rows, context.report),
        rowOf: (at, place) => {
          const fit = curves[at]?.found[place];
          return fit ? rows.indexOf(fit) : -1;
        },
        legend: [{ mark: "accentBand", text: strings.interval }],
      },
      context,
    ),
  );
}

/** More curves than this are not told apart; the table has all. */
const mostCurves = 6;

/** How often an answer becomes another subject's when a layer is moved by the inverse map, over the map's rank. */
export function causalityByRank(fits: readonly LinearityFit[], context: ViewContext): HTMLElement | null {
  const swept = fits.filter((fit) => (fit.causalityByRank ?? []).length > 0);
  const templates = context.report.relation?.templates ?? [];
  const names = [...new Set(swept.map((fit) => sourceOf(fit)))];
  const source = names.find((name) => name === context.choice("causality-of", "")) ?? names[0];
  if (source === undefined) return null;
  const shown = swept.filter((fit) => sourceOf(fit) === source).toSorted((a, b) => depth(a.layer) - depth(b.layer));
  const best = shown
    .toSorted((a, b) => (b.causality ?? 0) - (a.causality ?? 0))
    .slice(0, mostCurves)
    .toSorted((a, b) => depth(a.layer) - depth(b.layer));
  const top = best.reduce((at, fit, i) => ((fit.causality ?? 0) > (best[at]?.causality ?? 0) ? i : at), 0);
  const drawn = [...best.slice(top, top + 1), ...best.filter((_, i) => i !== top)];
  const ranks = [...new Set(shown.flatMap((fit) => fit.causalityByRank ?? []).map(({ rank }) => rank))].sort(
    (a, b) => a - b,
  );
  const rows = shown.flatMap((fit) => (fit.causalityByRank ?? []).map((point) => ({ fit, ...point })));
  const label = (name: string) => {
    const [template = "", estimator] = name.split("\n");
    return `${templateName(template, templates)} · ${estimatorNames[estimator as LinearityEstimator]}`;
  };
  return h(
    "div",
    { class: "stack" },
    names.length > 1 &&
      h(
        "div",
        { class: "controls" },
        selector(
          "causality-of",
          strings.curves,
          names.map((value) => ({ value, label: label(value) })),
          source,
          context,
        ),
      ),
    curveFigure(
      {
        id: "causality",
        title: strings.causalityTitle,
        spoken: strings.causalityHint,
        fileName: fileName(context.report.relation?.name ?? "", "causality"),
        places: ranks.map(String),
        axis: strings.causalityAxis,
        curves: drawn.map((fit, i) => ({
          name: strings.atLayer(fit.layer),
          role: i === 0 ? "main" : "other",
          values: ranks.map((rank) => fit.causalityByRank?.find((point) => point.rank === rank)?.share ?? null),
        })),
        range: { lower: 0, upper: 1 },
        table: {
          columns: [
            { label: strings.template },
            { label: strings.estimator },
            { label: strings.layer },
            { label: strings.rank, numeric: true },
            { label: strings.share, numeric: true },
            { label: strings.n, numeric: true },
          ],
          rows: rows.map(({ fit, rank, share, n }) => [
            cell(templateLetter(fit.template, templates), fit.template),
            cell(estimatorNames[fit.estimator], fit.estimator),
            cell(strings.layerName(fit.layer), fit.layer),
            cell(String(rank), rank),
            cell(figure(share), share),
            cell(String(n), n),
          ]),
        },
        rowOf: (at, place) => rows.findIndex(({ fit, rank }) => fit === drawn[at] && rank === ranks[place]),
      },
      context,
    ),
    h("p", { class: "muted" }, strings.causalityHint),
    shown.length > best.length && h("p", { class: "muted" }, strings.fewerCurves(best.length, shown.length)),
  );
}

const sourceOf = (fit: LinearityFit) => `${fit.template}\n${fit.estimator}`;
