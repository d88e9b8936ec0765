import * as v from "valibot";
import * as vscode from "vscode";
import type { PromptChoice, Subjects } from "../../protocol/engine";
import type { EngineClient } from "../engineClient";
import { isRelationFile, openDocument } from "../relationFiles";
import { pickSubjects } from "./pickSubjects";
import type { Chosen } from "./subjectItem";

const key = "relationLens.subjects";
const readingKey = "relationLens.promptChoices";

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
const readings = v.record(
  v.string(),
  v.object({ slot: v.exactOptional(v.string()), list: v.exactOptional(v.string()) }),
);

/**
 * Where the prompts of a file take their subjects from, and which of its variables or lists is read, as a person has
 * chosen it; kept with the workspace.
 */
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

  /** Undefined where nothing was chosen: the file's likeliest variable, and its first list. */
  readingOf(uri: vscode.Uri): PromptChoice | undefined {
    return this.readings()[uri.toString()];
  }

  /** For the engine. */
  chosen(uri: vscode.Uri): Chosen {
    const found = this.of(uri);
    const choice = this.readingOf(uri);
    return { ...(found && { subjects: found }), ...(choice && { choice }) };
  }

  /**
   * Asks for subjects where a file has none and nothing beside it has; what else is wrong with it is for the analysis
   * to say.
   * @returns false where a person was asked and gave up
   */
  async ensure(uri: vscode.Uri): Promise<boolean> {
    if (isRelationFile(uri) || this.of(uri) !== undefined) return true;
    const params = { file: uri.fsPath, ...unsavedText(uri), ...this.chosen(uri), others: [] };
    const outcome = await this.engine.subjects(params);
    if (outcome?.ok !== true) return true;
    const { lacks, beside, namesake } = outcome.value;
    const complete = lacks === null || beside !== null || (lacks === "templates" && namesake !== null);
    // Who chose a variable first still has to say which words take its place.
    return complete || ((await this.choose(uri)) && this.ensure(uri));
  }

  /** @returns whether something was chosen */
  async choose(uri: vscode.Uri): Promise<boolean> {
    const chosen = await pickSubjects(uri, this.chosen(uri), this.engine);
    if (chosen === null) return false;
    const { subjects: found, choice } = chosen;
    if (found) await this.memory.update(key, { ...this.all(), [uri.toString()]: found });
    if (choice) await this.memory.update(readingKey, { ...this.readings(), [uri.toString()]: choice });
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

  private readings(): Readonly<Record<string, PromptChoice>> {
    const parsed = v.safeParse(readings, this.memory.get(readingKey));
    return parsed.success ? parsed.output : {};
  }
}

/** What the editor has of a file that was not saved yet. */
export function unsavedText(uri: vscode.Uri): { readonly text?: string } {
  const document = openDocument(uri);
  return document?.isDirty === true ? { text: document.getText() } : {};
}
