import * as vscode from "vscode";
import type { OpenTexts } from "./openTexts";
import { sampleFinder } from "./sampleFinder";
import type { TextResults } from "./textResults";
import { textSettings } from "./textSettings";
import { whenShownAnew } from "./whenShownAnew";

/** Marks samples whose answer the model does not put first, in the text and the ruler; off unless asked for. */
export class WrongAnswers implements vscode.Disposable {
  private readonly mark = vscode.window.createTextEditorDecorationType({
    borderColor: new vscode.ThemeColor("relationLens.wrongAnswer"),
    borderStyle: "none none dotted none",
    borderWidth: "1px",
    overviewRulerColor: new vscode.ThemeColor("relationLens.wrongAnswer"),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly results: TextResults,
    private readonly texts: OpenTexts,
  ) {
    const drawAll = () => {
      for (const editor of vscode.window.visibleTextEditors) this.draw(editor);
    };
    this.subscriptions = vscode.Disposable.from(
      this.mark,
      whenShownAnew(results, texts, drawAll),
      vscode.window.onDidChangeVisibleTextEditors(drawAll),
    );
    drawAll();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const result = this.results.of(document.uri);
    if (result === undefined) return;
    const wanted = textSettings(document.uri).markWrongAnswers;
    const contents = wanted ? this.texts.of(document) : null;
    const find = sampleFinder(result.digest);
    const wrong = (contents?.samples ?? []).filter((written) => {
      const prompt = find(written)?.prompts[result.shown];
      return prompt != null && prompt.rank > 1;
    });
    editor.setDecorations(
      this.mark,
      wrong.map(({ span: { start, end } }) => new vscode.Range(start.line, start.character, end.line, end.character)),
    );
  }
}
