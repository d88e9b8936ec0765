import { csvText } from "../../src/formats/exports/csv";
import { exportName } from "../../src/formats/exports/figureText";
import { reportLatex } from "../../src/formats/exports/latex";
import { reportMarkdown } from "../../src/formats/exports/markdown";
import { reportTables } from "../../src/formats/exports/reportTables";
import type { Report } from "../../src/protocol/report";
import { hasHost, post } from "../host";
import { strings } from "../strings";
import { menu, type MenuItem } from "./menu";

/** Every form in which the whole report can be taken along. @param report the complete one, as it is now */
export function exportMenu(report: () => Report | null): HTMLElement {
  const texts = strings.exports;
  const withReport = (run: (report: Report) => void) => () => {
    const made = report();
    if (made !== null) run(made);
  };
  const saveTables = (made: Report) =>
    post({
      type: "saveTables",
      tables: reportTables(made).map((table) => ({ name: `${table.name}.csv`, text: csvText(table) })),
    });
  const saveLatex = (made: Report) =>
    post({ type: "saveText", name: `${exportName(made.relation.name)}.tex`, text: reportLatex(made) });
  const items: readonly (MenuItem | false)[] = [
    { id: "save-report", label: texts.json, choose: () => post({ type: "saveReport" }) },
    // What needs the editor: a saved page is one already, and has no model.
    hasHost && { id: "save-html", label: texts.html, help: texts.htmlHelp, choose: () => post({ type: "saveHtml" }) },
    { id: "save-tables", label: texts.csv, help: texts.csvHelp, choose: withReport(saveTables) },
    { id: "save-latex", label: texts.latex, help: texts.latexHelp, choose: withReport(saveLatex) },
    {
      id: "copy-markdown",
      label: texts.markdown,
      help: texts.markdownHelp,
      choose: withReport((made) => post({ type: "copy", text: reportMarkdown(made) })),
    },
    hasHost && {
      id: "save-activations",
      label: texts.activations,
      help: texts.activationsHelp,
      choose: () => post({ type: "saveActivations" }),
    },
  ];
  return menu(
    texts.menu,
    "export-menu",
    items.filter((item) => item !== false),
  );
}
