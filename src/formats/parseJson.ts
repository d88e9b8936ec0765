import type { Span } from "./lineIndex";
import { maximumDepth, type LocatedEntry, type LocatedNode, type ParsedText } from "./locatedNode";

/** Reads JSON (RFC 8259) with the place of every value; accepts exactly what `JSON.parse` accepts. */
export function parseJson(text: string): ParsedText {
  try {
    return { root: new JsonReader(text).document(), problems: [] };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { message, remedy, span } = error;
    return { root: null, problems: [{ severity: "error", message, remedy, ...span }] };
  }
}

class JsonError extends Error {
  constructor(
    readonly span: Span,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

const literals = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

class JsonReader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): LocatedNode | null {
    this.skipSpace();
    if (this.at === this.text.length) return null;
    const root = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) {
      this.fail("There is more after the end of the JSON value.", "Remove what follows the last closing bracket.");
    }
    return root;
  }

  private value(depth: number): LocatedNode {
    if (depth > maximumDepth) this.fail("The file is nested too deeply.", "Write it as docs/relation-files.md shows.");
    const start = this.at;
    switch (this.text[start]) {
      case "{":
        return this.mapping(depth);
      case "[":
        return this.sequence(depth);
      case '"': {
        const value = this.string();
        return { kind: "scalar", value, source: value, start, end: this.at };
      }
      default:
        return this.literal();
    }
  }

  private mapping(depth: number): LocatedNode {
    const start = this.at++;
    const entries: LocatedEntry[] = [];
    this.listOf("}", () => {
      const keyStart = this.at;
      if (this.text[keyStart] !== '"') {
        this.fail("Expected a key in double quotes.", 'Write keys as "samples": in JSON they need double quotes.');
      }
      const key = this.string();
      const keySpan = { start: keyStart, end: this.at };
      this.skipSpace();
      if (this.text[this.at] !== ":")
        this.fail("Expected a colon after the key.", "Put a colon between key and value.");
      this.at += 1;
      this.skipSpace();
      entries.push({ key, keySpan, value: this.value(depth + 1) });
    });
    return { kind: "mapping", entries, start, end: this.at };
  }

  private sequence(depth: number): LocatedNode {
    const start = this.at++;
    const items: LocatedNode[] = [];
    this.listOf("]", () => items.push(this.value(depth + 1)));
    return { kind: "sequence", items, start, end: this.at };
  }

  /** Members between commas up to the closing bracket, which is consumed. */
  private listOf(closing: "}" | "]", member: () => void): void {
    this.skipSpace();
    let comma: number | null = null;
    while (this.text[this.at] !== closing || comma !== null) {
      if (comma !== null && this.text[this.at] === closing) {
        this.at = comma;
        this.fail(`There is a comma before ${closing}.`, "Remove the comma: JSON has none after the last member.");
      }
      member();
      this.skipSpace();
      comma = this.text[this.at] === "," ? this.at : null;
      if (comma !== null) {
        this.at += 1;
        this.skipSpace();
      } else if (this.text[this.at] !== closing) {
        this.fail(`Expected a comma or ${closing}.`, `Put a comma between the members and ${closing} after the last.`);
      }
    }
    this.at += 1;
  }

  private string(): string {
    const start = this.at;
    for (let i = start + 1; i < this.text.length; i++) {
      const code = this.text.charCodeAt(i);
      if (code === 0x22) {
        this.at = i + 1;
        return this.decoded(start);
      }
      if (code === 0x5c) i += 1;
      if (code < 0x20) {
        this.at = i;
        this.fail(
          "A line break, tab or control character stands inside a text.",
          "Close the quotes, or write \\n or \\t.",
        );
      }
    }
    throw new JsonError(
      { start, end: this.text.length },
      "The quotes that open here are never closed.",
      "Add the closing double quote.",
    );
  }

  private decoded(start: number): string {
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      throw new JsonError(
        { start, end: this.at },
        "A backslash in this text starts no known escape.",
        "Write a backslash itself as two backslashes.",
      );
    }
  }

  private literal(): LocatedNode {
    const start = this.at;
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = start;
    const source = number.exec(this.text)?.[0] ?? /[a-z]*/y.exec(this.text.slice(start, start + 8))?.[0] ?? "";
    const value = literals.has(source) ? (literals.get(source) ?? null) : source === "" ? NaN : Number(source);
    if (typeof value === "number" && Number.isNaN(value)) {
      const comment =
        this.text.startsWith("//", start) || this.text.startsWith("/*", start) || this.text[start] === "#";
      this.fail(
        start === this.text.length ? "The file ends where a value is expected." : "Expected a value.",
        comment
          ? "Remove the comment: JSON has none; a .yaml file may have comments."
          : "Put texts in double quotes, lists in [ ] and mappings in { }.",
      );
    }
    this.at = start + source.length;
    return { kind: "scalar", value, source, start, end: this.at };
  }

  private skipSpace(): void {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  private fail(message: string, remedy: string): never {
    throw new JsonError({ start: this.at, end: Math.min(this.at + 1, this.text.length) }, message, remedy);
  }
}
