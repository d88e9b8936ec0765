import type { Report } from "../../src/protocol/report";
import { h } from "../dom";
import { pValue, seconds, significant } from "../format";
import { identifiableWords, sectionTab, strings, tabNames } from "../strings";
import { cell } from "../figures/table";
import type { TableModel } from "../figures/table";
import { frame } from "../charts/frame";
import { measureText, sceneSvg } from "../charts/sceneView";
import { legend } from "../figures/legend";
import { previews } from "./previews";
import { propertyTable } from "./propertyTable";
import type { View, ViewContext } from "./view";

/** The sentences, small pictures that open the tabs, the properties with their uncertainty, and how it was made. */
export const overview: View = {
  fields: [
    "summary",
    "warnings",
    "parallelism",
    "linearity",
    "probes",
    "subspaces",
    "steering",
    "twins",
    "timing",
    "model",
    "settings",
  ],
  render: (context) => {
    const { summary, warnings } = context.report;
    return h(
      "div",
      { class: "stack" },
      summary && summary.headline.length > 0 && headline(summary.headline),
      previews(context),
      summary && summary.properties.length > 0 && properties(context),
      warnings && warnings.length > 0 && warningList(warnings, context),
      details(context.report, context),
    );
  },
};

const families = [
  { key: "changeOfBasis", name: strings.changeOfBasis },
  { key: "changeOfDimension", name: strings.changeOfDimension },
] as const;

function headline(sentences: readonly string[]): HTMLElement {
  return h(
    "section",
    { class: "headline", "data-testid": "headline", "aria-label": strings.summary },
    ...sentences.map((sentence) => h("p", {}, sentence)),
  );
}

function properties(context: ViewContext): HTMLElement | null {
  const { summary, relation, twins } = context.report;
  if (!summary) return null;
  const table: TableModel = {
    columns: [
      { label: strings.property, wide: true },
      { label: strings.value, numeric: true },
      { label: `${strings.interval}, lower`, numeric: true },
      { label: `${strings.interval}, upper`, numeric: true },
      { label: strings.nullColumn, numeric: true },
      { label: strings.nullName, wide: true },
      { label: strings.p, numeric: true },
      { label: strings.n, numeric: true },
      { label: strings.verdict, wide: true },
      { label: strings.equivalent, wide: true },
      ...families.flatMap(({ name }) => [
        { label: strings.twinLow(name), numeric: true },
        { label: strings.twinHigh(name), numeric: true },
      ]),
    ],
    rows: summary.properties.map((row) => [
      cell(row.property),
      cell(significant(row.value), row.value),
      cell(significant(row.interval?.[0] ?? null), row.interval?.[0] ?? null),
      cell(significant(row.interval?.[1] ?? null), row.interval?.[1] ?? null),
      cell(significant(row.null), row.null),
      cell(row.nullName),
      cell(pValue(row.p), row.p),
      cell(String(row.n), row.n),
      cell(row.verdict),
      cell(identifiableWords(row.identifiable), row.identifiable),
      ...families.flatMap(({ key }) =>
        [0, 1].map((end) => {
          const value = (row.path === null ? undefined : twins?.[key][row.path]?.[end]) ?? null;
          return cell(significant(value), value);
        }),
      ),
    ]),
  };
  const name = `${relation?.name ?? ""}-properties`;
  return frame(
    {
      id: "properties",
      title: strings.properties,
      fileName: name,
      table,
      show: () => h("div", {}, propertyTable(summary, context), twins ? key() : null),
    },
    context,
  );
}

/** What the marks of the rows mean. */
function key(): HTMLElement {
  const { dot, diamond, twins } = strings.propertiesLegend;
  const entries = [
    { mark: "dot", text: dot },
    { mark: "diamond", text: diamond },
    { mark: "twins", text: twins },
  ] as const;
  return h("div", { class: "legend", "aria-hidden": "true" }, sceneSvg(legend(entries, 420, measureText), null));
}

/** A part that opens, and stays open when its tab is drawn again. */
function fold(id: string, title: string, content: HTMLElement, context: ViewContext): HTMLElement {
  const toggle = (event: Event) => {
    if (event.target instanceof HTMLDetailsElement) context.remember(`open.${id}`, event.target.open ? "yes" : "no");
  };
  const open = context.choice(`open.${id}`, "no") === "yes";
  return h("details", { class: "fold", "data-testid": id, open, ontoggle: toggle }, h("summary", {}, title), content);
}

function warningList(warnings: Report["warnings"], context: ViewContext): HTMLElement {
  return fold(
    "warnings",
    strings.warnings(warnings.length),
    h(
      "ul",
      { class: "warnings" },
      ...warnings.map(({ code, message, where }) =>
        h("li", { "data-code": code }, message, where !== "" && h("span", { class: "muted" }, ` (${where})`)),
      ),
    ),
    context,
  );
}

/** Everything needed to judge or repeat the run. */
function details(
  { model, settings, timing, relation, twins }: Partial<Report>,
  context: ViewContext,
): HTMLElement | null {
  if (!model || !settings) return null;
  const { facts } = strings;
  const entries: (readonly [string, string])[] = [
    [
      facts.model,
      `${model.id}; ${strings.modelShape(model.hiddenSize, model.layers, model.vocabularySize)}; ${model.dtype}`,
    ],
    [facts.rank, model.unembeddingRank === null ? "–" : facts.rankOf(model.unembeddingRank, model.hiddenSize)],
    [facts.excluded, String(model.excludedTokens)],
    ...model.checks.map(
      (check) =>
        [
          `${strings.check}: ${check.name}`,
          `${significant(check.value)}, ${strings.tolerance} ${significant(check.tolerance)}: ${check.ok ? strings.passed : strings.failed}`,
        ] as const,
    ),
    [facts.seed, String(settings.seed)],
    [facts.sections, settings.only.map((section) => tabNames[sectionTab[section]]).join(", ")],
    [facts.layers, typeof settings.layers === "string" ? settings.layers : settings.layers.join(", ")],
    [facts.bos, settings.bos],
    ...(twins ? [[facts.twins, facts.twinsOf(twins.count, significant(twins.condition))] as const] : []),
    [facts.version, settings.version],
    [facts.file, relation?.file ?? ""],
  ];
  if (timing) {
    const { load, tokenize, forward, analyse, total, tokens } = timing;
    const steps = facts.steps(seconds(load), seconds(tokenize), seconds(forward), seconds(analyse));
    entries.push([facts.time, `${seconds(total)} (${steps}); ${facts.tokens(tokens)}`]);
  }
  const list = entries.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]);
  return fold("details", strings.details, h("dl", { class: "facts" }, ...list), context);
}
