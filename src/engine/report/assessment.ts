import { escapeMarkdown, reportMarkdown } from "../../formats/exports/markdown";
import { figureText, intervalText } from "../../formats/exports/figureText";
import type { Assessment } from "../../protocol/engine";
import type { Comparison, Interval, Report, ReportWarning } from "../../protocol/report";
import { digest } from "./digest";

/** What an analysis found, for tests and for assistants, without the report itself. */
export function assessment(report: Report): Assessment {
  const { model, settings } = report;
  return { model: model.id, seed: settings.seed, digest: digest(report), text: assistantText(report) };
}

/** The report's Markdown and what a reader without its charts needs besides: how to read it, and its warnings. */
function assistantText(report: Report): string {
  const { comparison, warnings } = report;
  const paragraphs = [
    reportMarkdown(report).trimEnd(),
    ...(comparison === null ? [] : [comparedVerdicts(report.model.id, comparison)]),
    ...(warnings.length === 0 ? [] : [`Warnings:\n${warningLines(warnings)}`]),
    reading,
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

const reading = [
  "How to read it: a figure means something only beside its null and with its interval; n counts subjects or word pairs.",
  'Under "equivalent models", "same" is true of every model with this next-token distribution; a range shows that the',
  "figure depends on the basis of the representations, so nothing follows from its size. Quote the verdicts with their",
  "figures, and mention the notes and warnings.",
].join(" ");

function comparedVerdicts(left: string, { model, verdicts }: Comparison): string {
  const head = `| property | ${escapeMarkdown(left)} | ${escapeMarkdown(model.id)} | verdict |`;
  const rows = verdicts.map(({ property, left: one, right: other, leftInterval, rightInterval, verdict }) =>
    [escapeMarkdown(property), cell(one, leftInterval), cell(other, rightInterval), verdict].join(" | "),
  );
  return [head, "| --- | --: | --: | --- |", ...rows.map((row) => `| ${row} |`)].join("\n");
}

const cell = (value: number | null, interval: Interval | null) =>
  interval === null ? figureText(value) : `${figureText(value)} ${intervalText(interval)}`;

/** One of each kind: the like of it for other templates and layers would bury the rest. */
function warningLines(warnings: readonly ReportWarning[]): string {
  const kinds = [...new Set(warnings.map(({ code }) => code))];
  return kinds
    .map((kind) => {
      const [first, ...others] = warnings.filter(({ code }) => code === kind);
      const more = others.length === 0 ? "" : ` (and ${others.length} more of this kind)`;
      return `- [${kind}] ${escapeMarkdown(first?.message ?? "")}${more}`;
    })
    .join("\n");
}
