import * as vscode from "vscode";
import { isRelationFile } from "../../formats/prompts/promptFormat";
import type { ReportDigest } from "../../protocol/digest";
import { canBeAnalyzed } from "./canBeAnalyzed";
import type { OpenTexts } from "./openTexts";
import type { TextResult } from "./resultMemory";
import type { TextContents } from "./textContents";
import type { TextResults } from "./textResults";
import { textSettings } from "./textSettings";
import { whenShownAnew } from "./whenShownAnew";

/** What can be done with a file, above its name, and what the last analysis found, there and above each template. */
export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changes.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly results: TextResults,
    private readonly texts: OpenTexts,
  ) {
    this.subscriptions = vscode.Disposable.from(
      whenShownAnew(results, texts, () => this.changes.fire()),
      vscode.languages.registerCodeLensProvider({ scheme: "file" }, this),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { uri } = document;
    const result = this.results.of(uri);
    if (!(result !== undefined || canBeAnalyzed(document)) || !textSettings(uri).codeLens) return [];
    const contents = this.texts.of(document);
    const line = contents?.name.start.line ?? lineOfName(document);
    const fresh = result === undefined || contents === null || this.results.isFresh(result, contents);
    return [
      ...this.overFile(uri, result, fresh).map((command) => lens(line, command)),
      ...(result === undefined || contents === null ? [] : overTemplates(uri, result, contents)),
    ];
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.changes.dispose();
  }

  private overFile(uri: vscode.Uri, result: TextResult | undefined, fresh: boolean): vscode.Command[] {
    const analyze = { command: "relationLens.analyze", arguments: [uri] };
    return [
      this.results.isRunning(uri)
        ? { title: `$(loading~spin) ${vscode.l10n.t("Analyzing… Cancel")}`, command: "relationLens.cancel" }
        : fresh
          ? { title: `$(graph-line) ${vscode.l10n.t("Analyze")}`, ...analyze }
          : { title: `$(history) ${vscode.l10n.t("Stale: Analyze Again")}`, ...analyze },
      { title: vscode.l10n.t("Compare Models…"), command: "relationLens.compareModels", arguments: [uri] },
      ...(result === undefined ? [] : [found(uri, result.digest)]),
    ];
  }
}

function found(uri: vscode.Uri, { brief, model, headline }: ReportDigest): vscode.Command {
  return {
    title: [...brief, model].join(" · "),
    tooltip: headline.join("\n"),
    command: "relationLens.showResult",
    arguments: [uri, "overview"],
  };
}

function overTemplates(uri: vscode.Uri, { digest, shown }: TextResult, { templates }: TextContents): vscode.CodeLens[] {
  return templates.flatMap(({ text, span }) => {
    const t = digest.templates.indexOf(text);
    if (t < 0) return [];
    const prompts = { command: "relationLens.showResult", arguments: [uri, "prompts"] };
    const own = [lens(span.start.line, { title: answered(digest, t), ...prompts })];
    if (digest.templates.length < 2) return own;
    const choice =
      t === shown
        ? { title: `$(eye) ${vscode.l10n.t("shown behind the samples")}`, command: "" }
        : {
            title: vscode.l10n.t("Show Behind the Samples"),
            command: "relationLens.showTemplateInText",
            arguments: [uri, t],
          };
    return [...own, lens(span.start.line, choice)];
  });
}

/** Without objects, the model's own answers are the labels, and none is wrong. */
function answered({ samples }: ReportDigest, t: number): string {
  const asked = samples.flatMap(({ object, prompts }) => {
    const prompt = prompts[t];
    return object === null || prompt == null ? [] : [prompt];
  });
  if (asked.length === 0) return vscode.l10n.t("{0} answers, no objects given", samples.length);
  return vscode.l10n.t("{0} of {1} right", asked.filter(({ rank }) => rank === 1).length, asked.length);
}

function lens(line: number, command: vscode.Command): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command);
}

/** Before a file has results, it is not read for its name's line alone; a prompt file's first line will do. */
function lineOfName(document: vscode.TextDocument): number {
  if (!isRelationFile(document.uri.path)) return 0;
  const last = Math.min(document.lineCount, 100);
  for (let line = 0; line < last; line++) if (/^\s*"?name"?\s*:/.test(document.lineAt(line).text)) return line;
  return 0;
}
