import * as v from "valibot";
import type * as vscode from "vscode";
import type { ReportDigest } from "../../protocol/digest";
import type { ModelsOfRun } from "../analysisRuns";

/** What is kept of an analysis, to show it in the text. */
export interface TextResult {
  readonly digest: ReportDigest;
  /** Fingerprint of what was analysed; null for a report that was opened, which does not tell. */
  readonly analysed: string | null;
  /** To run it again. */
  readonly models: ModelsOfRun;
  /** Place of the template whose figures stand behind the samples. */
  readonly shown: number;
  /** An earlier session left it, and the file has not been looked at since. */
  readonly restored: boolean;
}

const key = "relationLens.inText";
const mostFiles = 30;
/** Of JSON. What the editor keeps for a workspace is read and written whole. */
const mostCharacters = 1_000_000;

const text = v.string();
const figure = v.pipe(v.number(), v.finite());
const place = v.pipe(v.number(), v.integer(), v.minValue(0));

const promptSchema = v.object({
  answer: text,
  rank: place,
  probability: figure,
  predicted: text,
  heldOut: v.nullable(v.object({ fold: place, token: text, agrees: v.boolean() })),
});

const digestSchema: v.GenericSchema<unknown, ReportDigest> = v.object({
  relation: text,
  model: text,
  headline: v.array(text),
  brief: v.array(text),
  templates: v.array(text),
  samples: v.array(
    v.object({
      subject: text,
      object: v.nullable(text),
      prompts: v.array(v.nullable(promptSchema)),
      parallel: v.nullable(v.object({ cosine: figure, holds: v.boolean() })),
    }),
  ),
  expectations: v.array(
    v.object({ path: text, expected: text, found: v.nullable(text), ok: v.boolean(), message: v.nullable(text) }),
  ),
});

const storedSchema = v.array(
  v.object({
    uri: text,
    digest: digestSchema,
    analysed: v.nullable(text),
    models: v.object({ model: v.exactOptional(text), compare: v.exactOptional(text) }),
    shown: place,
  }),
);

/** The results of a session, by file; the last ones of them are there again in the next. */
export class ResultMemory {
  private readonly results = new Map<string, TextResult>();

  constructor(private readonly memento: Pick<vscode.Memento, "get" | "update">) {
    const stored = v.safeParse(storedSchema, memento.get(key));
    if (!stored.success) return;
    for (const { uri, ...result } of stored.output) this.results.set(uri, { ...result, restored: true });
  }

  get(uri: string): TextResult | undefined {
    return this.results.get(uri);
  }

  set(uri: string, result: TextResult): void {
    this.results.delete(uri);
    this.results.set(uri, result);
    this.store();
  }

  delete(uri: string): void {
    if (this.results.delete(uri)) this.store();
  }

  /** The newest that there is room for. */
  private store(): void {
    let room = mostCharacters;
    const kept = [...this.results]
      .reverse()
      .slice(0, mostFiles)
      .map(([uri, { digest, analysed, models, shown }]) => ({ uri, digest, analysed, models, shown }))
      .filter((entry) => (room -= JSON.stringify(entry).length) >= 0);
    void this.memento.update(key, kept.reverse());
  }
}
