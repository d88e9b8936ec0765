import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node, type Pair } from "yaml";
import type { YAMLError } from "yaml";
import type { Span } from "./lineIndex";
import { maximumDepth, type LocatedEntry, type LocatedNode, type ParsedText, type SyntaxProblem } from "./locatedNode";

/** Nodes that aliases may stand for in one file; enough for a shared list, too few for an expansion bomb. */
const maximumAliasedNodes = 10_000;
/** One mistake often makes many; the first ones say where. */
const reportedErrors = 3;

const parseOptions = {
  // Keys are compared later, in linear time and with both positions.
  uniqueKeys: false,
  prettyErrors: false,
  resolveKnownTags: false,
  logLevel: "error",
} as const;

/** Reads YAML 1.2 with the place of every value. */
export function parseYaml(text: string): ParsedText {
  const document = parseDocument(text, parseOptions);
  const errors = document.errors.slice(0, reportedErrors).map((error) => syntaxProblem(error, "error", text));
  if (errors.length > 0) return { root: null, problems: errors };
  const problems = document.warnings.slice(0, reportedErrors).map((warning) => syntaxProblem(warning, "warning", text));
  try {
    const root = document.contents === null ? null : new Locator().locate(document.contents, 0);
    return { root: isBlank(root, text) ? null : root, problems };
  } catch (error) {
    if (!(error instanceof YamlRefused)) throw error;
    return { root: null, problems: [...problems, error.problem] };
  }
}

/** What can be found in YAML with mistakes in it; null where that is nothing. */
export function parseHalfWrittenYaml(text: string): LocatedNode | null {
  const document = parseDocument(text, { ...parseOptions, strict: false });
  try {
    return document.contents === null ? null : new Locator().locate(document.contents, 0);
  } catch (error) {
    if (!(error instanceof YamlRefused)) throw error;
    return null;
  }
}

/** A document with nothing but comments is a null scalar of no length. */
function isBlank(root: LocatedNode | null, text: string): boolean {
  return root?.kind === "scalar" && root.value === null && text.slice(root.start, root.end).trim() === "";
}

class YamlRefused extends Error {
  constructor(readonly problem: SyntaxProblem) {
    super(problem.message);
  }
}

class Locator {
  private readonly anchors = new Map<string, Node>();
  private aliasedNodes = 0;
  private insideAlias = 0;

  locate(node: unknown, depth: number): LocatedNode {
    if (isAlias(node)) return this.expand(node.source, spanOf(node), depth);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) {
      return { kind: "scalar", value: null, source: "", start: 0, end: 0 };
    }
    const span = spanOf(node);
    if (depth > maximumDepth)
      refuse(span, "The file is nested too deeply.", "Write it as docs/relation-files.md shows.");
    if (this.insideAlias > 0 && ++this.aliasedNodes > maximumAliasedNodes) {
      refuse(span, "The file's aliases stand for too many values.", "Write the values out instead of using * and &.");
    }
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (isSeq(node)) {
      return { kind: "sequence", items: node.items.map((item) => this.locate(item, depth + 1)), ...span };
    }
    if (isMap(node)) {
      return { kind: "mapping", entries: node.items.map((pair) => this.entry(pair, depth)), ...span };
    }
    const value: unknown = node.value;
    const simple = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return { kind: "scalar", value: simple ? value : null, source: node.source ?? "", ...span };
  }

  private entry({ key, value }: Pair, depth: number): LocatedEntry {
    const located = this.locate(key, depth + 1);
    if (located.kind !== "scalar") {
      refuse(located, "A list or mapping stands where a key is expected.", "Put quotes around texts with { } or [ ].");
    }
    const keySpan = { start: located.start, end: located.end };
    const name = typeof located.value === "string" ? located.value : located.source;
    return {
      key: name,
      keySpan,
      value:
        value === null
          ? { kind: "scalar", value: null, source: "", start: keySpan.end, end: keySpan.end }
          : this.locate(value, depth + 1),
    };
  }

  private expand(anchor: string, span: Span, depth: number): LocatedNode {
    const target = this.anchors.get(anchor);
    if (target === undefined)
      refuse(span, `Nothing before this place is called &${anchor}.`, "Write the value itself.");
    this.insideAlias += 1;
    const node = this.locate(target, depth + 1);
    this.insideAlias -= 1;
    return node;
  }
}

function refuse(span: Span, message: string, remedy: string): never {
  throw new YamlRefused({ severity: "error", message, remedy, start: span.start, end: span.end });
}

function spanOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}

function syntaxProblem(error: YAMLError, severity: "error" | "warning", text: string): SyntaxProblem {
  // What is never closed is noticed at the end of the text: point at its last character instead.
  const lastInk = text.trimEnd().length;
  const start = Math.min(error.pos[0], Math.max(lastInk - 1, 0));
  const end = Math.max(Math.min(error.pos[1], lastInk), start);
  const sentence = error.message
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.:]?$/, ".");
  return { severity, message: `This is not valid YAML: ${sentence}`, remedy: remedyFor(error, text), start, end };
}

function remedyFor(error: YAMLError, text: string): string {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return "Indent with spaces instead of tabs.";
    case "MULTIPLE_DOCS":
      return "Keep one relation in a file: remove the line --- and what belongs to the other.";
    case "RESOURCE_EXHAUSTION":
      return "Nest less deeply, as docs/relation-files.md shows.";
    case "TAG_RESOLVE_FAILED":
      return "Remove the word that starts with an exclamation mark; put quotes around texts that start with one.";
    case "BAD_ALIAS":
      return "Write the value itself; put quotes around texts that start with * or &.";
    default: {
      const lineStart = text.lastIndexOf("\n", Math.max(error.pos[0] - 1, 0)) + 1;
      const before = /^\s*-\s*\{\}/.test(text.slice(lineStart));
      return before
        ? 'Put quotes around a template that starts with {}: - "{} is the capital of".'
        : "Check indentation, brackets and quotes here; put quotes around texts with : # { } [ ] or quotes in them.";
    }
  }
}
