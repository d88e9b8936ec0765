import * as vscode from "vscode";
import type { SampleDigest } from "../../protocol/digest";
import { hintText } from "./hintText";
import { hintTooltip } from "./hintTooltip";
import type { OpenTexts } from "./openTexts";
import type { TextResult } from "./resultMemory";
import { sampleFinder } from "./sampleFinder";
import type { TextResults } from "./textResults";
import { textSettings } from "./textSettings";
import { whenShownAnew } from "./whenShownAnew";

/** A hint that knows what its tooltip is about, which is written when somebody looks. */
class SampleHint extends vscode.InlayHint {
  constructor(
    position: vscode.Position,
    label: string,
    readonly about: { readonly result: TextResult; readonly sample: SampleDigest; readonly fresh: boolean },
  ) {
    super(position, label);
    this.paddingLeft = true;
  }
}

/** The last analysis's figures behind each sample that it was about. */
export class Hints implements vscode.InlayHintsProvider<SampleHint>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.changes.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly results: TextResults,
    private readonly texts: OpenTexts,
  ) {
    this.subscriptions = vscode.Disposable.from(
      whenShownAnew(results, texts, () => this.changes.fire()),
      vscode.languages.registerInlayHintsProvider({ scheme: "file" }, this),
    );
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): SampleHint[] {
    const { uri } = document;
    const result = this.results.of(uri);
    const contents = result === undefined ? null : this.texts.of(document);
    if (result === undefined || contents === null) return [];
    const { inlayHints } = textSettings(uri);
    if (inlayHints === "off") return [];
    const fresh = this.results.isFresh(result, contents);
    const find = sampleFinder(result.digest);
    return contents.samples.flatMap((written) => {
      const position = new vscode.Position(written.span.end.line, written.span.end.character);
      const sample = range.contains(position) ? find(written) : undefined;
      if (sample === undefined) return [];
      const label = hintText(sample, { template: result.shown, all: inlayHints === "all", fresh });
      return label === null ? [] : [new SampleHint(position, label, { result, sample, fresh })];
    });
  }

  resolveInlayHint(hint: SampleHint): SampleHint {
    const { result, sample, fresh } = hint.about;
    hint.tooltip = hintTooltip(result.digest, sample, fresh);
    return hint;
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.changes.dispose();
  }
}
