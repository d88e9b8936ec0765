import * as vscode from "vscode";
import { relationSymbols, type RelationSymbol } from "../../formats/editing/symbols";
import { readLocated } from "../../formats/locatedText";
import { spanRange } from "./ranges";

const kinds: Readonly<Record<RelationSymbol["kind"], vscode.SymbolKind>> = {
  relation: vscode.SymbolKind.Module,
  group: vscode.SymbolKind.Array,
  template: vscode.SymbolKind.String,
  sample: vscode.SymbolKind.Constant,
  pair: vscode.SymbolKind.Constant,
  figure: vscode.SymbolKind.Boolean,
  value: vscode.SymbolKind.Property,
};

/** The outline: a relation with its templates, samples, pairs and expectations. */
export class RelationSymbols implements vscode.DocumentSymbolProvider {
  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    const file = document.uri.fsPath;
    const toSymbol = ({ kind, name, detail, span, selection, children }: RelationSymbol): vscode.DocumentSymbol => {
      const [whole, chosen] = [spanRange(document, span), spanRange(document, selection)];
      const symbol = new vscode.DocumentSymbol(name, detail, kinds[kind], whole, chosen);
      symbol.children = children.map(toSymbol);
      return symbol;
    };
    return relationSymbols(readLocated(document.getText(), file), file).map(toSymbol);
  }
}
