import type { ProgressMessage, SteerOutcome, SteerParams } from "./engine";
import type { Problem } from "./problem";
import type { RelationsReport } from "./relationsReport";
import type { ReportBytes } from "./reportBytes";
import type { Report } from "./report";
import type { SimulationCheckpoint, SimulationReport, SimulationSettings } from "./simulation";

/** What a page of the webview shows; `data-page` of its body. */
export type PageKind = "report" | "relations" | "simulation";

/** Messages from the extension host to the panel's page. */
export type ToPanel =
  | { readonly type: "started"; readonly file: string }
  | { readonly type: "progress"; readonly progress: ProgressMessage; readonly ahead?: number }
  /** Of the figures that the next message with figures brings, which says in `ahead` how many are its own. */
  | { readonly type: "part"; readonly part: Uint8Array }
  | {
      readonly type: "report";
      readonly report: ReportBytes;
      readonly ahead?: number;
      readonly file: string;
      readonly problems: readonly Problem[];
    }
  | { readonly type: "problems"; readonly file: string; readonly problems: readonly Problem[] }
  | { readonly type: "cancelled"; readonly file: string }
  /** Answer to `steer` with the same `id`. */
  | { readonly type: "steered"; readonly id: number; readonly outcome: SteerOutcome }
  /** Opens a tab of the report, by its name in the page; one that is not there changes nothing. */
  | { readonly type: "showTab"; readonly tab: string }
  /** The file was edited after the report was made. */
  | { readonly type: "stale"; readonly stale: boolean };

export interface SavedTable {
  /** Of the file, without folder: `linearity.csv`. */
  readonly name: string;
  readonly text: string;
}

/** Messages from the panel's page to the extension host: what a person clicks, nothing else. */
export type FromPanel =
  /** The page listens; `hasReport` after a restored state. */
  | { readonly type: "ready"; readonly hasReport: boolean }
  | { readonly type: "cancel" }
  | { readonly type: "analyzeAgain" }
  /** Choose a second model, and analyse the relation in both. */
  | { readonly type: "compareModels" }
  | { readonly type: "openFile"; readonly file: string; readonly line?: number }
  /** A prompt of the report shown, steered by hand; only the latest one need be answered. */
  | { readonly type: "steer"; readonly id: number; readonly params: SteerParams }
  | { readonly type: "saveReport" }
  /** The whole report as one self-contained page. */
  | { readonly type: "saveHtml" }
  /** The tables of the whole report, a file each. */
  | { readonly type: "saveTables"; readonly tables: readonly SavedTable[] }
  /** Analyse again, and write the activations behind the figures. */
  | { readonly type: "saveActivations" }
  | { readonly type: "saveText"; readonly name: string; readonly text: string }
  | { readonly type: "savePicture"; readonly name: string; readonly dataUrl: string }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "showLog" };

/** Messages to the page that compares relations. */
export type ToRelationsPage =
  | { readonly type: "started"; readonly files: readonly string[] }
  | { readonly type: "progress"; readonly progress: ProgressMessage }
  | { readonly type: "relations"; readonly report: RelationsReport; readonly problems: readonly Problem[] }
  | { readonly type: "problems"; readonly problems: readonly Problem[] }
  | { readonly type: "cancelled" };

/** Messages to the page of the simulation. */
export type ToSimulationPage =
  | { readonly type: "started"; readonly settings: SimulationSettings }
  | { readonly type: "checkpoint"; readonly checkpoint: SimulationCheckpoint; readonly fraction: number }
  | { readonly type: "simulation"; readonly report: SimulationReport }
  | { readonly type: "problems"; readonly problems: readonly Problem[] }
  | { readonly type: "cancelled" };

/** Messages from those two pages; what they share with the panel means the same. */
export type FromPage =
  | Extract<
      FromPanel,
      {
        readonly type: "ready" | "cancel" | "openFile" | "saveReport" | "saveText" | "savePicture" | "copy" | "showLog";
      }
    >
  /** Run it again; a simulation with these settings. */
  | { readonly type: "again"; readonly settings?: SimulationSettings };

/** What those pages keep with `setState`. */
export type PageState =
  | {
      readonly page: "relations";
      readonly files: readonly string[];
      readonly report: RelationsReport | null;
      readonly choices?: Readonly<Record<string, string>>;
    }
  | { readonly page: "simulation"; readonly settings: SimulationSettings; readonly report: SimulationReport | null };

/** What the page keeps with `setState`, so that a reload draws again without the engine. */
export interface PanelState {
  readonly file: string;
  readonly report: Report | null;
  readonly tab: string;
  /** What was chosen in the tabs, such as a geometry. */
  readonly choices?: Readonly<Record<string, string>>;
}
