import type { Section } from "../../protocol/report";
import { expectationPaths } from "../expectations/expectationPaths";
import { inkSpan } from "../inkSpan";
import type { Span } from "../lineIndex";
import { childOf, type LocatedNode } from "../locatedNode";
import type { LocatedText } from "../locatedText";
import { withoutSelectors } from "./expectSuggestions";
import { placeAt, type Place } from "./place";
import { describeKey } from "./schemaText";

/** What is worth knowing about a place of a relation file. */
export type HoverText = Span &
  (
    | { readonly kind: "key"; readonly key: string; readonly description: string }
    /** Prompts as the model reads them, with the answers that are expected of it. */
    | { readonly kind: "prompts"; readonly prompts: readonly FilledPrompt[]; readonly more: number }
    | {
        readonly kind: "figure";
        readonly path: string;
        readonly section: Section | null;
        readonly values: readonly string[];
        readonly selectors: readonly string[];
      }
  );

export interface FilledPrompt {
  readonly text: string;
  readonly object: string | null;
}

const shownPrompts = 5;

/** @param keys whether keys are explained, which an editor that reads the schema does already */
export function hoverAt(located: LocatedText, offset: number, keys = true): HoverText | null {
  if (located.root === null) return null;
  const place = placeAt(located.root, offset);
  const { node, path, onKey, entry } = place;
  if (onKey && entry !== null) {
    const description = keys ? describeKey(path) : null;
    if (description !== null) return { kind: "key", key: entry.key, description, ...entry.keySpan };
    return path[0] === "expect" && path.length === 2 ? figureHover(entry.key, entry.keySpan) : null;
  }
  return node.start <= offset && offset <= inkSpan(node, located.content).end
    ? promptsHover(located.root, place, located.content)
    : null;
}

function figureHover(path: string, span: Span): HoverText | null {
  const known = expectationPaths.find((figure) => figure.path === withoutSelectors(path));
  if (known === undefined) return null;
  const { section, values, selectors } = known;
  return { kind: "figure", path, section, values, selectors, start: span.start, end: span.end };
}

function promptsHover(root: LocatedNode, { node, path }: Place, content: string): HoverText | null {
  const [top, index] = path;
  if (typeof index !== "number") return null;
  const templates = itemsOf(root, "prompt_templates").flatMap((item) => wordOf(item) ?? []);
  const samples = itemsOf(root, "samples");
  const sample = top === "samples" ? samples[index] : top === "prompt_templates" ? samples[0] : undefined;
  const subject = wordOf(childOf(sample, "subject"));
  if (sample === undefined || subject === null) return null;
  const template = top === "prompt_templates" ? wordOf(node) : null;
  const asked = top === "prompt_templates" ? (template === null ? [] : [template]) : templates;
  const object = wordOf(childOf(sample, "object"));
  const prompts = asked
    .filter((text) => text.includes("{}"))
    .map((text) => ({ text: text.replace("{}", () => subject), object }));
  const span = top === "samples" ? inkSpan(sample, content) : inkSpan(node, content);
  const more = Math.max(0, prompts.length - shownPrompts);
  return prompts.length === 0 ? null : { kind: "prompts", prompts: prompts.slice(0, shownPrompts), more, ...span };
}

function itemsOf(root: LocatedNode, key: string): readonly LocatedNode[] {
  const list = childOf(root, key);
  return list?.kind === "sequence" ? list.items : [];
}

function wordOf(node: LocatedNode | undefined): string | null {
  if (node?.kind !== "scalar") return null;
  const text = typeof node.value === "string" ? node.value : node.source;
  return text.trim() === "" ? null : text;
}
