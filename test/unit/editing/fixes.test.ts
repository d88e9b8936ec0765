import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixesFor, safeEdits } from "../../../src/formats/editing/fixes";
import { readLocated } from "../../../src/formats/locatedText";
import { parseRelation } from "../../../src/formats/relationFile";
import { applyEdits } from "./applyEdits";

const yaml = (templates: string, samples: string, more = "") =>
  `name: x\nprompt_templates:\n${templates}\nsamples:\n${samples}\n${more}`;
const good = '  - "A {} b"';
const three = "  - { subject: a, object: b }\n  - { subject: c, object: d }\n  - { subject: e, object: f }";
const json = (templates: string, samples: string, more = "") =>
  `{\n  "name": "x",\n  "prompt_templates": [${templates}],\n  "samples": [\n${samples}\n  ]${more}\n}\n`;
const threeJson = '    { "subject": "a" },\n    { "subject": "c" },\n    { "subject": "e" }';

/** [code, kind of fix, text, what of it the fix changes] */
type Case = readonly [code: string, kind: string, text: string, from: string | RegExp, to: string];

const inYaml: readonly Case[] = [
  ["relation-template-no-slot", "writeSlot", yaml('  - "A {x} b"', three), "{x}", "{}"],
  ["relation-template-no-slot", "writeSlot", yaml('  - "A {{ word }} b"', three), "{{ word }}", "{}"],
  ["relation-template-no-slot", "writeSlot", yaml("  - 'It''s ${x} b'", three), "${x}", "{}"],
  ["relation-template-no-slot", "writeSlot", yaml("  - A [X] b # note", three), "A [X] b", '"A {} b"'],
  ["relation-template-no-slot", "writeSlot", yaml('["A <x> b"]'.padStart(14), three), "<x>", "{}"],
  ["relation-template-no-slot", "writeSlot", yaml("  - A %s b", three), "A %s b", '"A {} b"'],
  ["relation-template-no-slot", "subjectToSlot", yaml('  - "Is c right"', three), "Is c right", "Is {} right"],
  ["relation-template-no-slot", "appendSlot", yaml('  - "The word"', three), "The word", "The word {}"],
  ["relation-template-no-slot", "appendSlot", yaml("  - |\n    The word", three), "|\n    The word", '"The word {}"'],
  ["relation-template-two-slots", "keepFirstSlot", yaml('  - "A {} b {} c {}"', three), " b {} c {}", " b c"],
  ["relation-template-ends-in-space", "trim", yaml('  - "A {} b  "', three), "b  ", "b"],
  ["relation-template-empty", "removeTemplate", yaml(`${good}\n  - ""`, three), '  - ""\n', ""],
  ["relation-duplicate-template", "removeTemplate", yaml(`${good}\n${good} # again`, three), `${good} # again\n`, ""],
  ["relation-duplicate-template", "removeTemplate", yaml('  ["A {} b", "A {} b"]', three), ', "A {} b"', ""],
  ["relation-duplicate-subject", "removeSample", yaml(good, `${three}\n  - { subject: a, object: z }`), /.*z \}\n/, ""],
  [
    "relation-duplicate-subject",
    "removeSample",
    yaml(good, `${three}\n  - subject: a\n    object: z\n  # end`),
    / {2}- subject: a\n {4}object: z\n/,
    "",
  ],
  [
    "relation-duplicate-pair",
    "removePair",
    yaml(good, three, "pairs:\n  - [a, b]\n  - { from: a, to: b }\n"),
    / {2}- \{ from.*\n/,
    "",
  ],
  ["relation-duplicate-pair", "removePair", yaml(good, three, "pairs: [[a, b], [a, b], [c, d]]\n"), "[a, b], [c", "[c"],
  ["relation-same-words", "removePair", yaml(good, three, "pairs: [[a, b], [c, c]]\n"), ", [c, c]", ""],
  ["relation-missing-key", "removeSample", yaml(good, `${three}\n  - { object: z }`), / {2}- \{ object.*\n/, ""],
  ["relation-spaces-around", "trim", yaml(good, three.replace("object: b", 'object: " b"')), '" b"', '"b"'],
  ["relation-value-as-text", "quote", yaml(good, three.replace("object: b", "object: 1990")), "1990", '"1990"'],
  ["relation-value-as-text", "quote", yaml(good, three.replace("object: b", "object: true")), "true", '"true"'],
  ["relation-empty-word", "removeEntry", yaml(good, three.replace("object: b", 'object: ""')), ', object: ""', ""],
  ["relation-empty-word", "removeEntry", yaml(good, `${three}\n  - subject: g\n    object:`), "\n    object:", ""],
  ["relation-empty-word", "removeEntry", yaml(good, three).replace("name: x", 'name: ""'), 'name: ""\n', ""],
  ["relation-empty-word", "removeSample", yaml(good, `${three}\n  - { subject: "", object: z }`), / {2}- .*z \}\n/, ""],
  ["relation-empty-word", "removePair", yaml(good, three, 'pairs: [[a, b], [c, ""]]\n'), ', [c, ""]', ""],
  ["relation-unknown-key", "renameKey", yaml(good, three.replace("object: b", "objekt: b")), "objekt", "object"],
  ["relation-unknown-key", "renameKey", yaml(good, three, '"pair":\n  - [a, b]\n'), "pair", "pairs"],
  ["relation-unknown-key", "removeKey", yaml(good, three, "colour: # why\n  - a\n"), "colour: # why\n  - a\n", ""],
  ["relation-unknown-key", "removeKey", yaml(good, `${three}\n  - zzz: 1\n    subject: g`), "zzz: 1\n    ", ""],
  ["relation-duplicate-key", "removeKey", yaml(good, three, "name: y\n"), "name: y\n", ""],
  [
    "relation-wrong-type",
    "wrapInList",
    yaml("", three).replace("templates:\n", 'templates: "A {} b"'),
    '"A {} b"',
    '["A {} b"]',
  ],
  ["relation-bad-yaml", "quoteTemplate", yaml("  - Question: {} is", three), "Question: {} is", '"Question: {} is"'],
  ["relation-wrong-type", "quoteTemplate", yaml("  - Q: is {} b", three), "Q: is {} b", '"Q: is {} b"'],
  [
    "relation-bad-yaml",
    "quoteTemplate",
    yaml("  - {} is the capital of", three),
    "{} is the capital of",
    '"{} is the capital of"',
  ],
  [
    "relation-few-samples",
    "addSample",
    yaml(good, "  - { subject: a }\n  - { subject: c }"),
    "c }",
    "c }\n  - { subject: easy, object: easiest }",
  ],
  ["relation-no-samples", "addSample", yaml(good, ""), "samples:", "samples:\n  - { subject: easy, object: easiest }"],
  [
    "relation-no-samples",
    "addSample",
    `prompt_templates:\n${good}\n`,
    /$/,
    "samples:\n  - { subject: easy, object: easiest }\n",
  ],
  ["relation-no-templates", "addTemplate", yaml("", three), "templates:", 'templates:\n  - "The superlative of {} is"'],
];

const inJson: readonly Case[] = [
  ["relation-template-no-slot", "writeSlot", json('"A {x} b"', threeJson), "{x}", "{}"],
  ["relation-template-ends-in-space", "trim", json('"A {} b "', threeJson), "b ", "b"],
  ["relation-duplicate-template", "removeTemplate", json('"A {}", "A {}"', threeJson), ', "A {}"', ""],
  [
    "relation-duplicate-subject",
    "removeSample",
    json('"A {}"', `${threeJson},\n    { "subject": "a" }`),
    /,\n {4}\{ "subject": "a" \}(?=\n {2}\])/,
    "",
  ],
  ["relation-value-as-text", "quote", json('"A {}"', threeJson.replace('"a"', "1990")), "1990", '"1990"'],
  ["relation-spaces-around", "trim", json('"A {}"', threeJson.replace('"a"', '"a "')), '"a "', '"a"'],
  [
    "relation-empty-word",
    "removeEntry",
    json('"A {}"', threeJson.replace('"a"', '"a", "object": null')),
    ', "object": null',
    "",
  ],
  ["relation-unknown-key", "renameKey", json('"A {}"', threeJson, ',\n  "pair": [["a", "b"]]'), '"pair"', '"pairs"'],
  ["relation-unknown-key", "removeKey", json('"A {}"', threeJson, ',\n  "colour": 1'), ',\n  "colour": 1', ""],
  [
    "relation-duplicate-pair",
    "removePair",
    json('"A {}"', threeJson, ',\n  "pairs": [["a", "b"], ["a", "b"]]'),
    ', ["a", "b"]',
    "",
  ],
  ["relation-wrong-type", "wrapInList", json('"A {}"', threeJson).replace('["A {}"]', '"A {}"'), '"A {}"', '["A {}"]'],
  [
    "relation-few-samples",
    "addSample",
    json('"A {}"', '    { "subject": "a" },\n    { "subject": "c" }'),
    '"c" }',
    '"c" },\n    { "subject": "easy", "object": "easiest" }',
  ],
  ["relation-no-templates", "addTemplate", json("", threeJson), "[]", '["The superlative of {} is"]'],
  [
    "relation-no-samples",
    "addSample",
    '{ "prompt_templates": ["A {}"] }',
    "] }",
    '], "samples": [{ "subject": "easy", "object": "easiest" }] }',
  ],
];

function fixed(text: string, file: string, code: string, kind: string): string {
  const { problems } = parseRelation(text, file);
  const problem = problems.find((found) => found.code === code);
  expect(problem, `${code} is not among ${problems.map((found) => found.code).join(", ")}`).toBeDefined();
  const located = readLocated(text, file);
  const offset = located.lines.offset(problem!.position!);
  const fixes = fixesFor(located, { code, severity: problem!.severity, offset });
  const found = fixes.find((fix) => fix.kind === kind);
  expect(found, `${kind} is not among ${fixes.map((fix) => fix.kind).join(", ")}`).toBeDefined();
  return applyEdits(text, found!.edits);
}

const unreadable = ["relation-bad-yaml", "relation-bad-json"];
const name = ([code, kind, , from]: Case) => `${code}: ${kind} (${String(from)})`;

for (const [language, file, cases] of [
  ["YAML", "x.relation.yaml", inYaml],
  ["JSON", "x.relation.json", inJson],
] as const) {
  describe(`a fix in ${language}`, () => {
    it.each(cases.map((example) => [name(example), ...example] as const))("%s", (_, code, kind, text, from, to) => {
      const result = fixed(text, file, code, kind);
      // The last place: what is there twice is removed where it is written again.
      const at = typeof from === "string" ? text.lastIndexOf(from) : text.search(from);
      const length = typeof from === "string" ? from.length : from.exec(text)![0].length;
      expect(result).toBe(text.slice(0, at) + to + text.slice(at + length));
      const count = (problems: readonly { code: string }[]) => problems.filter((found) => found.code === code).length;
      const { problems } = parseRelation(result, file);
      expect(count(problems), JSON.stringify(problems)).toBe(count(parseRelation(text, file).problems) - 1);
      expect(problems.filter((found) => unreadable.includes(found.code))).toEqual([]);
    });
  });
}

describe("fix all", () => {
  const text = yaml(
    '  - "A {} b "\n  - "A {} b "\n  - "No slot"',
    `${three.replace("object: b", "object: 1990")}\n  - { subject: " g", object: 3 }`,
    "pairs: [[a, b], [a, b]]\ncolour: red\n",
  );

  it("changes what does not change the relation, and nothing else", () => {
    const edits = safeEdits(text, "x.relation.yaml");
    const result = applyEdits(text, edits);
    expect(parseRelation(result, "x.relation.yaml").problems.map(({ code }) => code)).toEqual([
      "relation-template-no-slot",
      "relation-unknown-key",
    ]);
    expect(safeEdits(result, "x.relation.yaml")).toEqual([]);
  });

  it("keeps the relation as it is read", () => {
    const readable = text.replace('\n  - "No slot"', "");
    const before = parseRelation(readable, "x.relation.yaml").relation;
    const after = parseRelation(applyEdits(readable, safeEdits(readable, "x.relation.yaml")), "x.relation.yaml");
    expect(before).not.toBeNull();
    expect(after.relation).toEqual({ ...before, templates: ["A {} b"] });
  });
});

describe("fixes of half-written files", () => {
  const sources = [...inYaml.map((c) => c[2]), ...inJson.map((c) => c[2])];

  it("never throw, and never break the syntax of what could be read", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        fc.nat(),
        fc.nat({ max: 9 }),
        fc.boolean(),
        (source, at, cut, isJson) => {
          const from = at % source.length;
          const text = source.slice(0, from) + source.slice(from + cut);
          const file = isJson ? "x.relation.json" : "x.relation.yaml";
          const { problems } = parseRelation(text, file);
          const located = readLocated(text, file);
          for (const { code, severity, position } of problems) {
            const offset = located.lines.offset(position!);
            for (const { edits } of fixesFor(located, { code, severity, offset })) {
              const result = parseRelation(applyEdits(text, edits), file);
              if (unreadable.includes(code)) continue;
              const broken = result.problems.filter((found) => unreadable.includes(found.code));
              if (problems.every((found) => !unreadable.includes(found.code))) expect(broken, text).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
