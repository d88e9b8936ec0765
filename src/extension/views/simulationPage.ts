import { join } from "node:path";
import * as vscode from "vscode";
import type { PageState, ToSimulationPage } from "../../protocol/panel";
import type { SimulationReport, SimulationSettings } from "../../protocol/simulation";
import type { EngineClient } from "../engineClient";
import type { EngineJobs } from "../engineJobs";
import { savePageReport } from "./exports";
import { WebviewPage } from "./webviewPage";

type State = Extract<PageState, { readonly page: "simulation" }>;

/** Enough to see linear directions appear, in a few seconds. */
const defaults: SimulationSettings = { concepts: 4, runs: 3, optimizer: "sgd", seed: 0 };

/** The simulation, drawn while it runs. */
export class SimulationPage implements vscode.Disposable {
  private readonly page: WebviewPage<State>;
  private readonly sent = new vscode.EventEmitter<ToSimulationPage>();
  readonly onDidSend = this.sent.event;
  private settings = defaults;
  private report: SimulationReport | null = null;

  constructor(
    extension: vscode.Uri,
    private readonly engine: EngineClient,
    private readonly jobs: EngineJobs,
    log: vscode.LogOutputChannel,
  ) {
    const place = () => join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", "origins");
    this.page = new WebviewPage<State>({
      kind: "simulation",
      title: vscode.l10n.t("Origins Simulation"),
      extension,
      log,
      place,
      onRestored: ({ settings, report }) => {
        this.settings = settings;
        this.report = report;
      },
      onAction: async (action) => {
        if (action.type === "again") await this.run(action.settings ?? this.settings);
        if (action.type === "cancel" && this.page.running) this.jobs.cancel();
        if (action.type === "saveReport" && this.report !== null) {
          await savePageReport(this.report, `origins-${this.report.concepts}`, place());
        }
      },
    });
  }

  /** Shows the page; one that is new begins with a run. */
  async open(): Promise<void> {
    const { isOpen } = this.page;
    this.page.show();
    if (!isOpen) await this.run({ ...defaults, seed: seedSetting() });
  }

  /** A saved report, without the engine. */
  openReport(report: SimulationReport): void {
    const { concepts, runs, optimizer, seed } = report;
    this.page.show();
    this.settings = { concepts, runs, optimizer, seed };
    this.report = report;
    this.send({ type: "started", settings: this.settings });
    this.send({ type: "simulation", report });
  }

  dispose(): void {
    this.page.dispose();
    this.sent.dispose();
  }

  private async run(settings: SimulationSettings): Promise<void> {
    await this.jobs.run<SimulationReport>({
      onStart: () => {
        this.settings = settings;
        this.send({ type: "started", settings });
      },
      ask: (token, fraction) =>
        this.engine.simulate({ settings }, token, {
          onCheckpoint: (message) => {
            fraction(message.fraction);
            this.send({ type: "checkpoint", ...message });
          },
        }),
      onEnd: (ended) => {
        if (ended.type === "done") {
          this.report = ended.value;
          this.send({ type: "simulation", report: ended.value });
        } else if (ended.type === "cancelled") this.send({ type: "cancelled" });
        else this.send({ type: "problems", problems: ended.problems });
      },
    });
  }

  private send(message: ToSimulationPage): void {
    this.page.send(message);
    this.sent.fire(message);
  }
}

function seedSetting(): number {
  const seed = vscode.workspace.getConfiguration("relationLens").get<unknown>("seed");
  return typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0 ? seed : 0;
}
