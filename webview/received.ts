import type { Progress } from "../src/protocol/engine";
import type { ToPanel } from "../src/protocol/panel";
import type { Report } from "../src/protocol/report";
import type { ReportBytes } from "../src/protocol/reportBytes";

/** A message from the host, its figures read. */
export type Received =
  | Exclude<ToPanel, { type: "report" | "progress" | "part" }>
  | (Omit<Extract<ToPanel, { type: "report" }>, "report" | "ahead"> & { readonly report: Report })
  | { readonly type: "progress"; readonly progress: Progress };

/** Puts messages together from what comes; null as long as only parts of one have come. */
export function receiver(): (message: ToPanel) => Received | null {
  let before: ReportBytes = [];
  // What was on its way to the page that a reload has ended may come to this one too, and is none of the message's own.
  const whole = (last: ReportBytes, ahead = 0) => {
    const figures = read([...before.slice(before.length - ahead), ...last]);
    before = [];
    return figures;
  };
  return (message) => {
    switch (message.type) {
      case "part":
        before = [...before, message.part];
        return null;
      case "report": {
        const { ahead, ...report } = message;
        return { ...report, report: whole(report.report, ahead) as Report };
      }
      case "progress": {
        const { partial, ...progress } = message.progress;
        return {
          type: "progress",
          progress: partial === undefined ? progress : { ...progress, partial: whole(partial, message.ahead) },
        };
      }
      default:
        return message;
    }
  };
}

/** The engine's own, so its shape is not checked again. */
function read(parts: ReportBytes): Partial<Report> {
  const decoder = new TextDecoder();
  const text = parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
  return JSON.parse(text) as Partial<Report>;
}
