import { describe, expect, it } from "vitest";
import { expectationPaths } from "../../../src/formats/expectations/expectationPaths";
import { cursorAt } from "../../../src/formats/editing/cursor";
import { suggestionsAt } from "../../../src/formats/editing/suggestions";
import { describeKey } from "../../../src/formats/editing/schemaText";
import { parseRelation } from "../../../src/formats/relationFile";
import { pairKeys, relationKeys, sampleKeys } from "../../../src/formats/relationSchema";
import { snippetText } from "./snippetText";

const known = { relationFiles: ["plural.relation.yaml", "more/2 b.relation.yaml"], models: ["embedded-small", "a/b"] };
const file = "word.relation.yaml";

/** @param text with | where the cursor is */
function at(text: string, name = file) {
  const offset = text.indexOf("|");
  const content = text.replace("|", "");
  const cursor = cursorAt(content, offset);
  return { content, cursor, suggestions: cursor === null ? [] : suggestionsAt(cursor, name, known) };
}

const labels = (text: string, name?: string) => at(text, name).suggestions.map(({ label }) => label);

/** The text once a suggestion is taken. */
function taken(text: string, label: string): string {
  const { content, cursor, suggestions } = at(text);
  const found = suggestions.find((suggestion) => suggestion.label === label);
  expect(found, `${label} is not among ${suggestions.map((s) => s.label).join(", ")}`).toBeDefined();
  const { start, end } = cursor!.replace;
  return content.slice(0, start) + snippetText(found!.body) + content.slice(end);
}

const otherKeys = relationKeys.filter((key) => !["prompt_templates", "samples"].includes(key));
const rest = "prompt_templates:\n  - a {} b\nsamples:\n  - { subject: a }\n  - { subject: b }\n  - { subject: c }\n";

describe("what is suggested in YAML", () => {
  it.each<readonly [string, string, readonly string[]]>([
    ["keys of a relation", `na|\n${rest}`, otherKeys],
    ["keys without what was typed", `|\n${rest}`, otherKeys],
    ["keys at the end", `${rest}|`, otherKeys],
    ["keys of a sample", "samples:\n  - { subject: a, | }\n", ["object", "label"]],
    ["keys of a sample that is open", "samples:\n  - { subject: a, obj|\n", ["object", "label"]],
    ["keys of a sample in lines", "samples:\n  - subject: a\n    o|\n  - { subject: b }\n", ["object", "label"]],
    ["a sample or its keys", "samples:\n  - |\n", ["sample", "subject", "object", "label"]],
    ["a sample with its dash", "samples:\n  |\n", ["sample"]],
    ["a pair or its keys", "pairs:\n  - |\n", ["pair", "from", "to"]],
    ["a template", "prompt_templates:\n  - |\n", ["template"]],
    ["relation files", `control_relations:\n  - |\n${rest}`, known.relationFiles],
    ["relation files behind a word", `control_relations:\n  - plu|\n${rest}`, known.relationFiles],
    ["relation files in quotes", `control_relations: ["|"]\n${rest}`, known.relationFiles],
    ["relation files in a list", `control_relations: [a, |]\n${rest}`, known.relationFiles],
    ["models", `model: |\n${rest}`, known.models],
    ["models in quotes", `model: "emb|\n${rest}`, known.models],
    ["nothing for a word", "samples:\n  - { subject: a| }\n", []],
    ["nothing in a comment", `# na|\n${rest}`, []],
    ["nothing in a template", 'prompt_templates:\n  - "The |"\n', []],
    ["nothing behind name", `name: |\n${rest}`, []],
  ])("%s", (_, text, expected) => expect(labels(text).toSorted()).toEqual(expected.toSorted()));

  it("a whole relation in an empty file, which can be read", () => {
    expect(labels("|")[0]).toBe("relation");
    const { relation, problems } = parseRelation(taken("|", "relation"), file);
    expect(problems).toEqual([]);
    expect(relation?.name).toBe("word");
  });

  it.each([
    ["samples:\n  - |\n", "sample", "samples:\n  - { subject: easy, object: easiest }\n"],
    ["samples:\n  |\n", "sample", "samples:\n  - { subject: easy, object: easiest }\n"],
    ["sam|: []\n", "samples", "samples: []\n"],
    ["control_relations:\n  - plu|\n", known.relationFiles[1]!, 'control_relations:\n  - "more/2 b.relation.yaml"\n'],
    ["control_relations: |\n", known.relationFiles[0]!, "control_relations: [plural.relation.yaml]\n"],
    ["expect:\n  linearity.|\n", "linearity.faithfulness", 'expect:\n  linearity.faithfulness: ">= 0.6"\n'],
    ["expect:\n  linearity.faithfulness: >= 0.|\n", ">= 0.6", 'expect:\n  linearity.faithfulness: ">= 0.6"\n'],
    ['expect:\n  linearity.faithfulness: "|"\n', ">= 0.6", 'expect:\n  linearity.faithfulness: ">= 0.6"\n'],
    ["expect:\n  linearity.faithfulness: |\n", "interval > 0", 'expect:\n  linearity.faithfulness: "interval > 0"\n'],
  ])("is written whole: %j, %s", (text, label, expected) => expect(taken(text, label)).toBe(expected));

  it("every figure that something can be expected of, but for those that are there", () => {
    const text = 'expect:\n  linearity.faithfulness: ">= 0.6"\n  |\n';
    expect(labels(text)).toHaveLength(expectationPaths.length - 1);
    expect(labels(text)).not.toContain("linearity.faithfulness");
  });

  it("what a figure in words may say", () => {
    const figure = expectationPaths.find(({ values }) => values.length > 1)!;
    expect(labels(`expect:\n  ${figure.path}: |\n`)).toEqual(figure.values);
  });

  it("only what the schema does not say, where the schema is read", () => {
    const plain = (text: string) => suggestionsAt(cursorAt(text, text.length)!, file, known, false);
    expect(plain("na")).toEqual([]);
    expect(plain("model: ").map(({ label }) => label)).toEqual(known.models);
  });
});

it("in JSON: names and figures inside quotes", () => {
  const json = (text: string) => labels(text, "x.relation.json");
  expect(json('{ "control_relations": ["|"] }')).toEqual(known.relationFiles);
  expect(json('{ "model": "|" }')).toEqual(known.models);
  expect(json('{ "expect": { "linear|": ">= 1" } }')).toContain("linearity.faithfulness");
  expect(json('{ "expect": { "linearity.faithfulness": "|" } }')).toContain(">= 0.6");
});

it("the schema describes every key that may be written", () => {
  for (const key of relationKeys) expect(describeKey([key]), key).toMatch(/\.$/);
  for (const key of sampleKeys) expect(describeKey(["samples", 0, key]), key).toMatch(/\.$/);
  for (const key of pairKeys) expect(describeKey(["pairs", 0, key]), key).toMatch(/\.$/);
  expect(describeKey(["constructor"])).toBeNull();
});
