import { childOf, entryOf, type LocatedNode } from "../locatedNode";
import { parseJson } from "../parseJson";
import type { ProblemCollector } from "../problemCollector";
import { unnamed, type DraftSample, type PlacedText, type PromptDraft } from "./draft";
import { pairKeysOf } from "./pairKeys";
import { FirstProblems } from "./firstProblems";
import type { PromptSource } from "./source";
import { inkedLines, type TextLine } from "./textLines";
import { textAt, textOf } from "./values";

const shape = 'Write {"subject": "easy", "object": "easiest"} or ["easy", "easiest"] on each line.';

/** JSON Lines of pairs: a mapping or a list of two on each line. */
export function readJsonLines({ content }: PromptSource, problems: ProblemCollector): PromptDraft {
  const first = new FirstProblems(problems);
  const samples = inkedLines(content).flatMap((line) => readLine(line, first) ?? []);
  return { name: null, templates: [], samples, declared: [], defaults: [], example: "{}", valuesIn: null };
}

function readLine(line: TextLine, problems: FirstProblems): DraftSample | null {
  const { root, problems: syntax } = parseJson(line.text);
  const [broken] = syntax;
  if (root === null) {
    const span = broken === undefined ? line : { start: line.start + broken.start, end: line.start + broken.end };
    problems.error("prompt-bad-json", span, broken?.message ?? "The line is empty.", broken?.remedy ?? shape);
    return null;
  }
  const [subjectNode, objectNode] = pairIn(root);
  const inFile = (node: LocatedNode | undefined): PlacedText | null => {
    const text = textOf(node);
    return text === null ? null : { text: text.text, start: line.start + text.start, end: line.start + text.end };
  };
  const [subject, object] = [inFile(subjectNode), inFile(objectNode)];
  if (subject === null || (objectNode !== undefined && object === null && !isNull(objectNode))) {
    const message =
      entryOf(root, "messages") === undefined
        ? "The line is not a pair of words."
        : "The line is a whole conversation; an analysis needs a subject and an object.";
    problems.error("prompt-bad-line", line, message, shape);
    return null;
  }
  const label = textAt(root, "label");
  return {
    values: new Map([[unnamed, subject]]),
    object,
    ...(label !== null && { label }),
    start: line.start,
    end: line.end,
  };
}

function pairIn(root: LocatedNode): readonly [LocatedNode | undefined, LocatedNode | undefined] {
  if (root.kind === "sequence") return root.items.length > 2 ? [undefined, undefined] : [root.items[0], root.items[1]];
  const keys = root.kind === "mapping" ? pairKeysOf(root.entries.map(({ key }) => key)) : null;
  return keys === null ? [undefined, undefined] : [childOf(root, keys[0]), childOf(root, keys[1])];
}

/** A null object is none. */
function isNull(node: LocatedNode): boolean {
  return node.kind === "scalar" && node.value === null;
}
