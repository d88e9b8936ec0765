import type { SteerOutcome, SteerParams } from "../../src/protocol/engine";
import type { FromPanel } from "../../src/protocol/panel";
import type { Report } from "../../src/protocol/report";
import type { Drawing } from "../charts/drawing";
import type { TabId } from "../strings";

/** What a person takes along from a figure. */
export type KeepMessage = Extract<FromPanel, { readonly type: "copy" | "saveText" | "savePicture" }>;

/** What the parts of any page may do. A view is made anew when what it shows changes. */
export interface PageContext {
  /** What a person chose in this view, such as a geometry; kept over reloads. */
  choice(key: string, fallback: string): string;
  /** Remembers a choice and draws the view again. */
  choose(key: string, value: string): void;
  /** Remembers a choice that the view has drawn itself. */
  remember(key: string, value: string): void;
  post(message: KeepMessage): void;
  /** Runs once the view is in the page and has a size. */
  afterMount(run: () => void): void;
  /** Redrawn at theme changes, destroyed with the view. */
  readonly track: (drawing: Drawing) => void;
}

/** What a view of a report draws from. */
export interface ViewContext extends PageContext {
  /** Whole, or the parts that are ready. */
  readonly report: Partial<Report>;
  /** An analysis runs: what is missing may still come. */
  readonly pending: boolean;
  openTab(tab: TabId): void;
  post(message: FromPanel): void;
  /** Steers a prompt; the latest request is answered. Null where no model is at hand, such as in a saved page. */
  readonly steer: ((params: SteerParams, show: (outcome: SteerOutcome) => void) => void) | null;
}

export interface View {
  /** The report's fields that it shows: it is drawn again when one of them changes. */
  readonly fields: readonly (keyof Report)[];
  render(context: ViewContext): HTMLElement;
}
