import type { Comparison, PropertyRow, Report } from "../../protocol/report";
import { figureText, intervalText, missing, probabilityText, rangeText, sizeText } from "./figureText";

/** Sentences and table of a report in GitHub's Markdown, to paste into an issue, a pull request or notes. */
export function reportMarkdown(report: Report): string {
  const { relation, model, summary, comparison, settings, twins } = report;
  const caveats = [...new Set(summary.properties.flatMap(({ caveat }) => caveat ?? []))];
  const paragraphs = [
    `**${escapeMarkdown(relation.name)}** in **${escapeMarkdown(model.id)}**: ${sizeText(report)}`,
    ...(model.note === null ? [] : [escapeMarkdown(model.note)]),
    list(summary.headline),
    ...(summary.properties.length === 0 ? [] : [propertyTable(report, caveats)]),
    ...(caveats.length === 0 ? [] : [caveats.map((text, i) => `${i + 1}. ${escapeMarkdown(text)}`).join("\n")]),
    ...(comparison === null ? [] : compared(comparison)),
    [
      `Relation Lens ${settings.version}`,
      "intervals are 95%",
      ...(twins === null ? [] : [`ranges are over ${twins.count} exact twins of each family`]),
    ].join("; ") + ".",
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

function propertyTable({ summary, twins }: Report, caveats: readonly string[]): string {
  const head = ["property", "value", "95% interval", "null", "p", "n", "verdict", "equivalent models"];
  const cells = (row: PropertyRow) => [
    escapeMarkdown(row.property),
    figureText(row.value),
    intervalText(row.interval),
    row.null === null ? missing : `${figureText(row.null)} (${escapeMarkdown(row.nullName)})`,
    // A tag could begin with this sign.
    probabilityText(row.p).replace("<", "\\<"),
    String(row.n),
    row.caveat === null
      ? escapeMarkdown(row.verdict)
      : `${escapeMarkdown(row.verdict)} (note ${caveats.indexOf(row.caveat) + 1})`,
    rangeText(row, twins),
  ];
  const rule = ["---", "--:", "---", "--:", "--:", "--:", "---", "---"];
  return [head, rule, ...summary.properties.map(cells)].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function compared({ model, headline }: Comparison): readonly string[] {
  return [`Compared with **${escapeMarkdown(model.id)}**:`, list(headline)];
}

const list = (sentences: readonly string[]) => sentences.map((text) => `- ${escapeMarkdown(text)}`).join("\n");

/** Text that shows as it is, also in a cell of a table and at the start of a line. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&]/g, "\\$&")
    .replace(/^(\s*)([-+])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/, "$1\\$2")
    .replace(/\s*[\r\n]+\s*/g, " ");
}
