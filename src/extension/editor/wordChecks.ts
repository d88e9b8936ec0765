import type * as vscode from "vscode";
import type { Problem } from "../../protocol/problem";
import type { EngineClient } from "../engineClient";
import { isRelationFile } from "../relationFiles";
import { analyzeSettings } from "../settings";

/** Asks an engine that runs already what the model's tokeniser makes of a file's words. Starts none. */
export class WordChecks {
  constructor(
    private readonly engine: EngineClient,
    private readonly onAnswer: (uri: vscode.Uri, problems: readonly Problem[]) => void,
  ) {}

  async check(document: vscode.TextDocument): Promise<void> {
    const { uri, version } = document;
    if (!isRelationFile(uri) || uri.scheme !== "file") return;
    const { model, bos } = analyzeSettings(uri);
    const text = document.getText();
    const outcome = await this.engine.checkWords({ file: uri.fsPath, text, model, bos });
    if (outcome?.ok !== true || document.isClosed || document.version !== version) return;
    this.onAnswer(uri, outcome.problems);
  }
}
