import type { FromPage, FromPanel, PageState, PanelState } from "../src/protocol/panel";
import type { Report } from "../src/protocol/report";
import type { Host } from "./host";

/** Where a saved page carries its report. */
const reportElement = "report-data";

/** A page saved as a file shows the report that it carries, and gives files to the browser to keep. */
export function savedPageHost(): Host {
  const report = carriedReport();
  let state: PanelState | PageState | undefined = report && { file: report.relation.file, report, tab: "overview" };
  return {
    getState: () => state,
    setState: (next) => {
      state = next;
    },
    postMessage: (message) => answer(message, report),
  };
}

function carriedReport(): Report | undefined {
  const text = document.getElementById(reportElement)?.textContent;
  return text === undefined ? undefined : (JSON.parse(text) as Report);
}

function answer(message: FromPanel | FromPage, report: Report | undefined): void {
  switch (message.type) {
    case "copy":
      void navigator.clipboard.writeText(message.text);
      break;
    case "saveText":
      download(message.name, URL.createObjectURL(new Blob([message.text], { type: "text/plain" })));
      break;
    case "saveTables":
      for (const { name, text } of message.tables) {
        download(name, URL.createObjectURL(new Blob([text], { type: "text/csv" })));
      }
      break;
    case "savePicture":
      download(message.name, message.dataUrl);
      break;
    case "saveReport":
      if (report) {
        const text = `${JSON.stringify(report, null, 2)}\n`;
        download(`${report.relation.name}.report.json`, URL.createObjectURL(new Blob([text])));
      }
      break;
    default:
      // Asked of the editor, which is not here; nothing in a saved page offers it.
      break;
  }
}

function download(name: string, href: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
  if (href.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
