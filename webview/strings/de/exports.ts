import type { exportStrings as english } from "../exports";
import type { Translated } from "../translated";

export const exportStrings: Translated<typeof english> = {
  exports: {
    menu: "Exportieren",
    json: "Bericht (JSON)…",
    html: "Seite mit Diagrammen (HTML)…",
    htmlHelp: "Der Bericht mit seinen Diagrammen als eine Seite für den Browser",
    csv: "Tabellen (CSV)…",
    csvHelp: "Jede Tabelle des Berichts als eigene Datei in einem Ordner",
    latex: "Eigenschaften (LaTeX)…",
    latexHelp: "Die Tabelle der Eigenschaften, für das Paket booktabs",
    markdown: "Als Markdown kopieren",
    markdownHelp: "Die Sätze der Zusammenfassung und die Tabelle der Eigenschaften",
    activations: "Aktivierungen (safetensors)…",
    activationsHelp: "Analysiert die Relation erneut und schreibt die Aktivierungen hinter den Zahlen",
  },
};
