import * as v from "valibot";
import * as vscode from "vscode";
import { textSha256 } from "../../formats/fingerprint";
import { readTextFile } from "../../formats/readTextFile";
import type { ReportDigest } from "../../protocol/digest";
import type { AnalysisRuns, RunEvent } from "../analysisRuns";
import { openDocument } from "../relationFiles";

const common = {
  /** Milliseconds since 1970. */
  time: v.number(),
  /** Of the text that was analysed; null where it could not be read. */
  sha256: v.nullable(v.string()),
};

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const resultSchema = v.variant("type", [
  v.object({
    type: v.literal("report"),
    ...common,
    model: v.string(),
    headline: v.array(v.string()),
    /** With how many of the answers that the file gives the model puts first. */
    templates: v.array(v.object({ text: v.string(), right: count, asked: count })),
    /** Entries of `expect` that do not hold. */
    failed: count,
  }),
  v.object({ type: v.literal("problems"), ...common, message: v.string() }),
]);

/** What is remembered of the last analysis of a file. */
export type LastResult = v.InferOutput<typeof resultSchema>;
export type ReportResult = Extract<LastResult, { readonly type: "report" }>;

const memorySchema = v.record(v.string(), resultSchema);
const key = "relationLens.lastResults";
/** Files; those analysed longest ago are forgotten. */
const most = 300;

/** The last result of each file of the workspace, over reloads. */
export class LastResults implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  /** With the file whose analysis began or ended. */
  readonly onDidChange = this.changes.event;
  private readonly subscription: vscode.Disposable;
  private results: Readonly<Record<string, LastResult>>;
  private current: { readonly uri: string; readonly sha256: Promise<string | null> } | null = null;

  constructor(
    private readonly memory: Pick<vscode.Memento, "get" | "update">,
    runs: Pick<AnalysisRuns, "onDidHappen">,
  ) {
    const parsed = v.safeParse(memorySchema, memory.get(key));
    this.results = parsed.success ? parsed.output : {};
    this.subscription = runs.onDidHappen((event) => void this.onEvent(event));
  }

  of(uri: vscode.Uri): LastResult | null {
    return this.results[uri.toString()] ?? null;
  }

  /** The files that have one. */
  files(): readonly vscode.Uri[] {
    return Object.keys(this.results).map((uri) => vscode.Uri.parse(uri));
  }

  isRunning(uri: vscode.Uri): boolean {
    return this.current?.uri === uri.toString();
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
  }

  private async onEvent(event: RunEvent): Promise<void> {
    if (event.type === "progress") return;
    const uri = event.uri.toString();
    const sha256 = this.current?.uri === uri ? this.current.sha256 : currentSha256(event.uri);
    this.current = event.type === "started" ? { uri, sha256: currentSha256(event.uri) } : null;
    const result = resultOf(event);
    if (result !== null) await this.remember(uri, { ...result, time: Date.now(), sha256: await sha256 });
    this.changes.fire(event.uri);
  }

  private async remember(uri: string, result: LastResult): Promise<void> {
    const newest = Object.entries({ ...this.results, [uri]: result }).sort(([, a], [, b]) => b.time - a.time);
    this.results = Object.fromEntries(newest.slice(0, most));
    await this.memory.update(key, this.results);
  }
}

/** Of the text as the editor has it, else as it is on disk. */
export async function currentSha256(uri: vscode.Uri): Promise<string | null> {
  const text = openDocument(uri)?.getText() ?? (await readTextFile(uri.fsPath)).text;
  return text === null ? null : textSha256(text);
}

type Told<T> = T extends LastResult ? Omit<T, "time" | "sha256"> : never;

/** A saved report that was opened, and a run that was cancelled, say nothing of the file as it is. */
function resultOf(event: RunEvent): Told<LastResult> | null {
  if (event.type === "report" && event.live) return { type: "report", ...wordsOf(event.digest) };
  const problem = event.type === "problems" || event.type === "crashed" ? event.problems[0] : undefined;
  return problem === undefined ? null : { type: "problems", message: `${problem.message} ${problem.remedy}` };
}

function wordsOf({
  model,
  headline,
  templates,
  samples,
  expectations,
}: ReportDigest): Omit<Told<ReportResult>, "type"> {
  const asked = samples.filter(({ object }) => object !== null);
  return {
    model,
    headline: [...headline],
    templates: templates.map((text, t) => ({
      text,
      right: asked.filter(({ prompts }) => prompts[t]?.rank === 1).length,
      asked: asked.length,
    })),
    failed: expectations.filter(({ ok }) => !ok).length,
  };
}
