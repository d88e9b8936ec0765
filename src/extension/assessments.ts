import type * as vscode from "vscode";
import type { AnalyzeSettings, Assessment } from "../protocol/engine";
import type { EngineClient } from "./engineClient";
import type { Ended, EngineJobs } from "./engineJobs";
import { openDocument } from "./relationFiles";
import { analyzeSettings, modelLocation } from "./settings";
import type { SubjectChoices } from "./subjects/subjectChoices";
import { restrictions } from "./trust";

/** What is not as the settings have it. */
export interface AssessmentChoice {
  /** In place of the file's own text. */
  readonly text?: string;
  /** As it would stand in the settings. */
  readonly model?: string;
  /** A second model. */
  readonly compare?: string;
  readonly settings?: Partial<Pick<AnalyzeSettings, "only" | "seed" | "twins">>;
}

/** Analyses that no panel shows. */
export class Assessments {
  constructor(
    private readonly engine: EngineClient,
    private readonly jobs: EngineJobs,
    private readonly subjects: Pick<SubjectChoices, "chosen">,
  ) {}

  /** Takes the place of whatever the engine is busy with; ends early once `cancellation` asks for it. */
  assess(
    uri: vscode.Uri,
    choice: AssessmentChoice,
    cancellation: vscode.CancellationToken,
  ): Promise<Ended<Assessment>> {
    return this.jobs.run({
      ask: async (token, fraction) => {
        const stop = cancellation.onCancellationRequested(() => this.jobs.cancel());
        try {
          const asked = { ...analysed(uri, choice), ...this.subjects.chosen(uri) };
          const params = { file: uri.fsPath, ...asked, ...restrictions() };
          return await this.engine.assess(params, token, (progress) => fraction(progress.fraction));
        } finally {
          stop.dispose();
        }
      },
    });
  }
}

function analysed(uri: vscode.Uri, { text, model, compare, settings }: AssessmentChoice) {
  const document = openDocument(uri);
  const unsaved = text ?? (document?.isDirty === true ? document.getText() : undefined);
  return {
    ...(unsaved !== undefined && { text: unsaved }),
    ...(compare !== undefined && { compare: modelLocation(compare, uri) }),
    settings: {
      ...analyzeSettings(uri),
      ...settings,
      ...(model !== undefined && { model: modelLocation(model, uri) }),
    },
  };
}
