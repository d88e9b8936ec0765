import type { Identifiable, PropertyRow, Report, ReportWarning, TwinRanges } from "../protocol/report";
import { renderComparison } from "./comparisonSummary";
import { count, figure, inColumns, intervalText, type Column } from "./figureColumns";
import { style, wrap, type Style } from "./style";

const width = 100;

/** The report's summary as text of at most 100 columns, for people. */
export function renderSummary(report: Report, colour: boolean): string {
  const paint = style(colour);
  const { relation, model, settings, summary, warnings, comparison } = report;
  const counts = `${count(relation.samples.length, "sample")} × ${count(relation.templates.length, "template")}`;
  const lines = [
    ...wrap(`${relation.name} · ${model.id} · ${counts} · seed ${settings.seed}`, width).map(paint.bold),
    ...(model.note === null ? [] : wrap(model.note, width).map(paint.dim)),
    "",
    ...summary.headline.flatMap((sentence) => wrap(sentence, width)),
    "",
    ...propertyTable(summary.properties, report.twins, paint),
    ...(comparison === null ? [] : renderComparison(comparison, model.id, paint)),
    ...warningLines(warnings, paint),
    paint.dim(timingLine(report)),
  ];
  return `${lines.join("\n")}\n`;
}

const columnsWith = (twins: TwinRanges | null): readonly Column<PropertyRow>[] => [
  { title: "value", align: "right", cell: ({ value }) => figure(value) },
  { title: "95% interval", align: "left", cell: ({ interval }) => intervalText(interval) },
  { title: "null", align: "right", cell: (row) => figure(row.null) },
  { title: "p", align: "right", cell: ({ p }) => probability(p) },
  { title: "n", align: "right", cell: ({ n }) => String(n) },
  { title: "equivalent models", align: "left", cell: (row) => equivalentModels(row, twins) },
  { title: "null is", align: "left", cell: ({ nullName }) => nullName },
];

/** A property's name and verdict, and below it its figures, in columns over the whole table. */
function propertyTable(rows: readonly PropertyRow[], twins: TwinRanges | null, paint: Style): string[] {
  if (rows.length === 0) return [];
  const [head = "", ...figures] = inColumns(rows, columnsWith(twins)).map((line) => `    ${line}`.slice(0, width));
  const body = rows.flatMap((row, i) => [
    ...wrap(`${row.property}: ${row.verdict}`, width).map((line) => paint.bold(line)),
    figures[i] ?? "",
  ]);
  return [paint.dim(head), ...body, "", ...legend(rows, twins).map(paint.dim), ""];
}

function legend(rows: readonly PropertyRow[], twins: TwinRanges | null): string[] {
  const explained: [Identifiable, string][] = [
    ["always", "same: in every model with the same next-token distribution."],
    ["underDiversity", "same, if diverse: in every such model whose embeddings and unembeddings span their space."],
    ["never", `a range: the figure depends on the basis; over ${count(twins?.count ?? 0, "exact twin")} of the model.`],
    [null, "untested: not on f, or the twin test was left out."],
  ];
  return explained.filter(([kind]) => rows.some((row) => row.identifiable === kind)).map(([, words]) => words);
}

function warningLines(warnings: readonly ReportWarning[], paint: Style): string[] {
  if (warnings.length === 0) return [];
  const codes = [...new Set(warnings.map(({ code }) => code))];
  const lines = codes.flatMap((code) => {
    const [first, ...others] = warnings.filter((warning) => warning.code === code);
    if (first === undefined) return [];
    const place = first.where === "" ? "" : ` (${first.where})`;
    // The like of it for other templates and layers would bury the rest; the report has them all.
    const more = others.length === 0 ? "" : ` and ${others.length} more of this kind`;
    const text = `${first.message}${place} [${code}]${more}`;
    return wrap(text, width - 4).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`));
  });
  return [paint.warning(count(warnings.length, "warning")), ...lines, ""];
}

function timingLine({ timing }: Report): string {
  const { load, forward, analyse, total, tokens } = timing;
  const part = (seconds: number) => seconds.toFixed(1);
  return `${part(total)} s: model ${part(load)}, forward ${part(forward)} (${tokens} tokens), analyses ${part(analyse)}`;
}

function probability(p: number | null): string {
  if (p === null) return "–";
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

function equivalentModels({ identifiable, path }: PropertyRow, twins: TwinRanges | null): string {
  switch (identifiable) {
    case null:
      return "untested";
    case "always":
      return "same";
    case "underDiversity":
      return "same, if diverse";
    case "never": {
      const range = path === null ? undefined : twins?.changeOfBasis[path];
      return range === undefined ? "other" : `${figure(range[0])} to ${figure(range[1])}`;
    }
  }
}
