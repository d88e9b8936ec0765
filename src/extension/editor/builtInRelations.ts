import * as vscode from "vscode";
import { parseRelation } from "../../formats/relationFile";
import type { Relation } from "../../protocol/relation";

/** The relations that come with the product, read when one of them is asked for. */
export class BuiltInRelations {
  private readonly folder: vscode.Uri;

  constructor(extension: vscode.Uri) {
    this.folder = vscode.Uri.joinPath(extension, "relations");
  }

  /** Null where there is none of this name. */
  async find(name: string): Promise<Relation | null> {
    const file = `${name.trim().toLowerCase().replace(/\s+/g, "-")}.relation.yaml`;
    if (!/^[\w-]+\.relation\.yaml$/.test(file)) return null;
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.folder, file));
      return parseRelation(new TextDecoder().decode(bytes), file).relation;
    } catch {
      return null;
    }
  }
}
