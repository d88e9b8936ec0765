import type { ProgressMessage, ReportBytes } from "../src/protocol/engine";
import type { Progress } from "../src/protocol/engine";
import type { ToPanel } from "../src/protocol/panel";
import type { Report } from "../src/protocol/report";

/** A message from the host, its figures read. */
export type Received =
  | Exclude<ToPanel, { type: "report" | "progress" }>
  | (Omit<Extract<ToPanel, { type: "report" }>, "report"> & { readonly report: Report })
  | { readonly type: "progress"; readonly progress: Progress };

export function received(message: ToPanel): Received {
  switch (message.type) {
    case "report":
      return { ...message, report: read(message.report) as Report };
    case "progress":
      return { type: "progress", progress: withFigures(message.progress) };
    default:
      return message;
  }
}

function withFigures({ partial, ...progress }: ProgressMessage): Progress {
  return partial === undefined ? progress : { ...progress, partial: read(partial) };
}

/** The engine's own, so its shape is not checked again. */
const read = (bytes: ReportBytes) => JSON.parse(new TextDecoder().decode(bytes)) as Partial<Report>;
