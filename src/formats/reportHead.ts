import { open } from "node:fs/promises";
import * as v from "valibot";

/** What a saved report begins with: enough to list it, without reading its figures. */
export type ReportHead =
  | {
      readonly kind: "report";
      readonly relation: { readonly name: string; readonly file: string; readonly sha256?: string };
      readonly model: { readonly id: string; readonly file?: string; readonly fingerprint?: string | null };
      /** The second model, as it stood in the settings. */
      readonly compare: string | null;
    }
  | { readonly kind: "relations"; readonly relations: readonly string[]; readonly model: string }
  | { readonly kind: "origins"; readonly concepts: number; readonly runs: number };

const version = { schemaVersion: v.literal(1) };
const text = v.pipe(v.string(), v.nonEmpty());

const heads = v.union([
  v.pipe(
    v.object({
      ...version,
      kind: v.exactOptional(v.never()),
      relation: v.object({ name: v.string(), file: text, sha256: v.exactOptional(text) }),
      model: v.object({ id: text, file: v.exactOptional(text), fingerprint: v.exactOptional(v.nullable(text)) }),
      settings: v.object({ compare: v.exactOptional(text) }),
    }),
    v.transform(({ relation, model, settings }): ReportHead => ({
      kind: "report",
      relation,
      model,
      compare: settings.compare ?? null,
    })),
  ),
  v.pipe(
    v.object({
      ...version,
      kind: v.literal("relations"),
      relations: v.array(v.object({ name: v.string() })),
      model: v.object({ id: text }),
    }),
    v.transform(({ relations, model }): ReportHead => ({
      kind: "relations",
      relations: relations.map(({ name }) => name),
      model: model.id,
    })),
  ),
  v.pipe(
    v.object({ ...version, kind: v.literal("origins"), concepts: v.number(), runs: v.number() }),
    v.transform(({ concepts, runs }): ReportHead => ({ kind: "origins", concepts, runs })),
  ),
]);

/** Bytes that are read at most: the head of a relation with some ten thousand samples. */
const most = 2 ** 20;
const step = 2 ** 16;

/** The head of a saved report; null where the file cannot be read or is none. */
export async function readReportHead(path: string): Promise<ReportHead | null> {
  try {
    const file = await open(path);
    try {
      const members = new TopMembers();
      const decoder = new TextDecoder();
      for (let position = 0; position < most;) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(step), 0, step, position);
        position += bytesRead;
        members.add(decoder.decode(buffer.subarray(0, bytesRead), { stream: bytesRead === step }));
        const head = headOf(members.found);
        if (head !== null || bytesRead < step || members.broken) return head;
      }
      return null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

function headOf(members: ReadonlyMap<string, string>): ReportHead | null {
  try {
    const values = Object.fromEntries([...members].map(([name, json]) => [name, JSON.parse(json) as unknown]));
    const parsed = v.safeParse(heads, values);
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

const wanted = new Set(["schemaVersion", "kind", "relation", "relations", "model", "settings", "concepts", "runs"]);

/** Finds the members of a JSON object as its text comes in, without reading what they hold. */
class TopMembers {
  /** By name, the text of those that are wanted and complete. */
  readonly found = new Map<string, string>();
  broken = false;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private name: string | null = null;
  /** Of the member or of its name. */
  private collected = "";

  add(text: string): void {
    let from = 0;
    for (let i = 0; i < text.length && !this.broken; i++) {
      const unit = text.charCodeAt(i);
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (unit === backslash) this.escaped = true;
        else if (unit === quote) this.inString = false;
        continue;
      }
      if (unit === quote) this.inString = true;
      else if (unit === openBrace || unit === openBracket) {
        if (++this.depth === 1) {
          this.broken = unit !== openBrace;
          from = i + 1;
        }
      } else if (this.depth === 0) this.broken = !isSpace(unit);
      else if (unit === closeBrace || unit === closeBracket) {
        if (--this.depth === 0) {
          this.end(text.slice(from, i));
          return;
        }
      } else if (this.depth === 1 && (unit === comma || unit === colon)) {
        this.end(text.slice(from, i), unit === colon);
        from = i + 1;
      }
    }
    this.collect(text.slice(from));
  }

  private end(rest: string, isName = false): void {
    this.collect(rest);
    if (this.isWanted && this.name !== null) this.found.set(this.name, this.collected);
    this.name = isName ? this.collected.trim().slice(1, -1) : null;
    this.collected = "";
  }

  private collect(text: string): void {
    if (this.isWanted) this.collected += text;
  }

  /** A name, or the value of a member that somebody asks for. */
  private get isWanted(): boolean {
    return this.name === null || wanted.has(this.name);
  }
}

const code = (char: string) => char.charCodeAt(0);
const [quote, backslash, comma, colon] = [code('"'), code("\\"), code(","), code(":")];
const [openBrace, closeBrace, openBracket, closeBracket] = [code("{"), code("}"), code("["), code("]")];

const isSpace = (unit: number) => unit === 32 || (unit >= 9 && unit <= 13);
