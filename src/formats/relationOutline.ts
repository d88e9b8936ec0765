import type { RelationOutline } from "../protocol/digest";
import { entryEnd, inkSpan } from "./inkSpan";
import { readLocated } from "./locatedText";
import { childOf, entryOf, type LocatedMapping, type LocatedNode, type LocatedScalar } from "./locatedNode";
import { nameFromFile, parseRelation } from "./relationFile";

/**
 * Where things of a relation file are written. Of a half-written file, whatever can be found: `problems` says what
 * keeps the rest from being read. Never throws.
 */
export function relationOutline(text: string, file: string): RelationOutline {
  const { content, root, lines } = readLocated(text, file);
  const { problems } = parseRelation(text, file);
  const mapping = root?.kind === "mapping" ? root : null;
  const name = wordOf(childOf(mapping ?? undefined, "name"));
  return {
    name:
      name === null
        ? { text: nameFromFile(file), position: null }
        : { text: name.text, position: lines.position(name.node) },
    templates: itemsOf(mapping, "prompt_templates").flatMap((node) =>
      node.kind === "scalar" && typeof node.value === "string"
        ? [{ text: node.value, position: lines.position(inkSpan(node, content)) }]
        : [],
    ),
    samples: itemsOf(mapping, "samples").flatMap((node) => {
      const subject = wordOf(childOf(node, "subject"));
      const object = wordOf(childOf(node, "object"));
      return subject === null
        ? []
        : [{ subject: subject.text, object: object?.text ?? null, position: lines.position(inkSpan(node, content)) }];
    }),
    expectations: expectationsOf(mapping).map((entry) => ({
      path: entry.key,
      expected: wordOf(entry.value)?.text ?? "",
      position: lines.position({ start: entry.keySpan.start, end: entryEnd(entry, content) }),
    })),
    problems,
  };
}

/** The text of a scalar as relations have it: as written, without the spaces around it. */
function wordOf(node: LocatedNode | undefined): { readonly text: string; readonly node: LocatedScalar } | null {
  if (node?.kind !== "scalar") return null;
  const text = (typeof node.value === "string" ? node.value : node.source).trim();
  return text === "" ? null : { text, node };
}

function itemsOf(root: LocatedMapping | null, key: string): readonly LocatedNode[] {
  const node = childOf(root ?? undefined, key);
  return node?.kind === "sequence" ? node.items : [];
}

function expectationsOf(root: LocatedMapping | null): LocatedMapping["entries"] {
  const value = entryOf(root ?? undefined, "expect")?.value;
  return value?.kind === "mapping" ? value.entries : [];
}
