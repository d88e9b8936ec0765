import type { PropertyRow, Report } from "../../protocol/report";
import { exportName, figureText, intervalText, probabilityText, rangeText, sizeText } from "./figureText";
import { escapeLatex } from "./latexEscape";

/** The table of properties as a LaTeX table of the package booktabs, with a caption that says what is in it. */
export function reportLatex(report: Report): string {
  const { relation, model, summary, settings } = report;
  const nulls = [...new Set(summary.properties.filter((row) => row.null !== null).map(({ nullName }) => nullName))];
  const head = ["Property", "Value", "95\\% interval", "Null", "$p$", "$n$", "Equivalent models"];
  const line = (cells: readonly string[]) => `    ${cells.join(" & ")} \\\\`;
  return [
    `% Made with Relation Lens ${settings.version}; needs \\usepackage{booktabs} and, under pdflatex, \\usepackage[T1]{fontenc}.`,
    "\\begin{table}",
    "  \\centering",
    "  \\small",
    `  \\caption{${caption(report, nulls)}}`,
    `  \\label{tab:${label(relation.name)}-${label(model.id)}}`,
    "  \\begin{tabular}{lrlrrrl}",
    "    \\toprule",
    line(head),
    "    \\midrule",
    ...summary.properties.map((row) => line(cells(row, nulls, report))),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

function cells(row: PropertyRow, nulls: readonly string[], { twins }: Report): readonly string[] {
  const place = nulls.indexOf(row.nullName);
  return [
    escapeLatex(row.property),
    number(figureText(row.value)),
    number(intervalText(row.interval)),
    row.null === null ? "--" : `${number(figureText(row.null))}\\textsuperscript{${letter(place)}}`,
    number(probabilityText(row.p)),
    String(row.n),
    number(rangeText(row, twins)),
  ];
}

function caption(report: Report, nulls: readonly string[]): string {
  const { relation, model, twins, comparison } = report;
  const sentences = [
    `Linear properties of the relation \\emph{${escapeLatex(relation.name)}} in ${escapeLatex(model.id)} (${escapeLatex(sizeText(report))}).`,
    ...(nulls.length === 0
      ? []
      : [`Nulls: ${nulls.map((name, i) => `\\textsuperscript{${letter(i)}}~${escapeLatex(name)}`).join("; ")}.`]),
    ...(twins === null
      ? []
      : [
          `Equivalent models: range over ${twins.count} exact twins of each family; \\emph{same} where every model with this next-token distribution has the figure.`,
        ]),
    ...(comparison === null ? [] : [`The report compares it with ${escapeLatex(comparison.model.id)}.`]),
  ];
  return sentences.join(" ");
}

/** Figures in math mode where they have a sign that text would set otherwise. */
const number = (text: string) =>
  text
    .replaceAll("–", "--")
    .replace(/<(?=\d)/g, "$<$")
    .replace(/-(?=\d)/g, "$-$")
    .replace(/^\[/, "{[}");

const letter = (place: number) => String.fromCharCode(97 + Math.max(0, place));

/** What a label may have in every engine. */
const label = (text: string) => exportName(text).replace(/[^a-z0-9-]/g, "");
