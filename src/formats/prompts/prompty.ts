import { childOf, type LocatedNode } from "../locatedNode";
import type { ProblemCollector } from "../problemCollector";
import { placeFrom, type DraftMessage, type PlacedText, type PromptDraft } from "./draft";
import { readFrontMatter } from "./frontMatter";
import { readValue, readValues, sampleOf, warnOfReference } from "./inputs";
import { readJinja } from "./jinja";
import { inkOf, plainTemplate } from "./plain";
import { roleNamed } from "./roles";
import type { PromptSource } from "./source";
import { longestTag } from "./tags";
import { textAt, textOf } from "./values";

interface Input {
  readonly name: string;
  readonly node: LocatedNode;
}

const roleLine = /^[ \t]*#?[ \t]*(system|user|assistant|developer|tool|function)[ \t]*(?:\[[^\]]*\][ \t]*)?:[ \t]*$/i;

/** A Prompty file: front matter with `inputs` and `sample`, then Jinja, in messages after lines such as `user:`. */
export function readPrompty({ content }: PromptSource, problems: ProblemCollector): PromptDraft {
  const { root, bodyStart } = readFrontMatter(content, problems);
  const span = inkOf(content, bodyStart, content.length);
  const messages = messagesBetweenRoleLines(content, bodyStart, problems);
  const described = describedInputs(childOf(root ?? undefined, "inputs"));
  const values = new Map([
    ...inputValues(described, problems),
    ...sampleValues(childOf(root ?? undefined, "sample"), problems),
  ]);
  const template =
    messages === null ? plainTemplate(content, span, readJinja, problems) : { ...span, messages, isChat: true };
  return {
    name: textAt(root, "name"),
    templates: span.start === span.end ? [] : [template],
    samples: sampleOf(values),
    declared: [...new Set([...described.map(({ name }) => name), ...values.keys()])],
    defaults: described.flatMap(({ name, node }) => (childOf(node, "default") === undefined ? [] : [name])),
    example: "{{word}}",
    valuesIn: "under sample: in the front matter",
  };
}

/** Null for a text without lines of roles; what stands before the first of them is the system's. */
function messagesBetweenRoleLines(content: string, from: number, problems: ProblemCollector): DraftMessage[] | null {
  const marks = [...content.slice(from).matchAll(/^.*$/gm)].flatMap(({ index, 0: line }) => {
    const name = line.length > longestTag ? undefined : roleLine.exec(line)?.[1];
    return name === undefined ? [] : [{ name, start: from + index, end: from + index + line.length }];
  });
  const [first] = marks;
  if (first === undefined) return null;
  return [{ name: "system", start: from, end: from }, ...marks].flatMap((mark, i): DraftMessage[] => {
    const role = roleNamed(mark.name, mark, problems);
    const { start, end } = inkOf(content, mark.end, marks[i]?.start ?? content.length);
    if (role === null || start === end) return [];
    return [{ role, parts: readJinja(content.slice(start, end), placeFrom(start), problems) }];
  });
}

/** Inputs are a mapping from names or a list with `name`, to a value or a description with a `default` or `sample`. */
function inputValues(inputs: readonly Input[], problems: ProblemCollector): Map<string, PlacedText> {
  const values = new Map<string, PlacedText>();
  for (const { name, node } of inputs) {
    const value = ["sample", "example", "value", "default"].flatMap((key) => childOf(node, key) ?? [])[0];
    const written = node.kind === "scalar" ? node : value;
    const text = written === undefined ? null : readValue(name, written, problems);
    if (text !== null) values.set(name, text);
  }
  return values;
}

function describedInputs(inputs: LocatedNode | undefined): Input[] {
  if (inputs?.kind === "mapping") return inputs.entries.map(({ key, value }) => ({ name: key, node: value }));
  if (inputs?.kind !== "sequence") return [];
  return inputs.items.flatMap((node) => {
    const name = textAt(node, "name");
    return name === null ? [] : [{ name, node }];
  });
}

function sampleValues(sample: LocatedNode | undefined, problems: ProblemCollector): Map<string, PlacedText> {
  if (sample !== undefined && textOf(sample) !== null) warnOfReference(sample, "Sample inputs", problems);
  return readValues(sample, problems);
}
