import * as v from "valibot";
import * as vscode from "vscode";
import type { Subjects } from "../../protocol/engine";
import type { EngineClient } from "../engineClient";
import { isRelationFile, openDocument } from "../relationFiles";
import { pickSubjects } from "./pickSubjects";

const key = "relationLens.subjects";

const sample = v.object({
  subject: v.string(),
  object: v.exactOptional(v.string()),
  label: v.exactOptional(v.string()),
});
const subjects = v.variant("kind", [
  v.object({ kind: v.literal("file"), file: v.string() }),
  v.object({ kind: v.literal("collection"), name: v.string() }),
  v.object({ kind: v.literal("samples"), samples: v.array(sample) }),
]);
const choices = v.record(v.string(), subjects);

/** Where the prompts of a file take their subjects from, as a person has chosen it; kept with the workspace. */
export class SubjectChoices implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly engine: Pick<EngineClient, "subjects">,
    private readonly memory: Pick<vscode.Memento, "get" | "update">,
  ) {}

  /** Undefined where nothing was chosen: the file's own samples, or a file beside it. */
  of(uri: vscode.Uri): Subjects | undefined {
    return this.all()[uri.toString()];
  }

  /**
   * Asks for subjects where a file has none and nothing beside it has; what else is wrong with it is for the analysis
   * to say.
   * @returns false where a person was asked and gave up
   */
  async ensure(uri: vscode.Uri): Promise<boolean> {
    if (isRelationFile(uri) || this.of(uri) !== undefined) return true;
    const outcome = await this.engine.subjects({ file: uri.fsPath, ...unsavedText(uri), others: [] });
    if (outcome?.ok !== true) return true;
    const { lacks, beside, namesake } = outcome.value;
    const complete = lacks === null || beside !== null || (lacks === "templates" && namesake !== null);
    return complete || this.choose(uri);
  }

  /** @returns whether something was chosen */
  async choose(uri: vscode.Uri): Promise<boolean> {
    const chosen = await pickSubjects(uri, this.of(uri), this.engine);
    if (chosen === null) return false;
    await this.memory.update(key, { ...this.all(), [uri.toString()]: chosen });
    this.changes.fire(uri);
    return true;
  }

  dispose(): void {
    this.changes.dispose();
  }

  private all(): Readonly<Record<string, Subjects>> {
    const parsed = v.safeParse(choices, this.memory.get(key));
    return parsed.success ? parsed.output : {};
  }
}

/** What the editor has of a file that was not saved yet. */
export function unsavedText(uri: vscode.Uri): { readonly text?: string } {
  const document = openDocument(uri);
  return document?.isDirty === true ? { text: document.getText() } : {};
}
