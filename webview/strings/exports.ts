/** The menu of everything that a report can be taken along as. */
export const exportStrings = {
  exports: {
    menu: "Export",
    json: "Report (JSON)…",
    html: "Page with charts (HTML)…",
    htmlHelp: "The report with its charts as one page for a browser",
    csv: "Tables (CSV)…",
    csvHelp: "Every table of the report, a file each, in a folder",
    latex: "Properties (LaTeX)…",
    latexHelp: "The table of properties, for the package booktabs",
    markdown: "Copy as Markdown",
    markdownHelp: "The sentences of the summary and the table of properties",
    activations: "Activations (safetensors)…",
    activationsHelp: "Analyses the relation again, and writes the activations behind the figures",
  },
} as const;
