import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../../src/protocol/problem";
import { parseRelation } from "../../../src/formats/relationFile";

const head = 'name: superlative\nprompt_templates:\n  - "The superlative of {} is"\n';
const three =
  "samples:\n  - { subject: easy, object: easiest }\n  - { subject: big, object: biggest }\n  - { subject: old, object: oldest }\n";

function parse(text: string, file = "x.relation.yaml") {
  return parseRelation(text, file);
}

/** The text at which a problem points. */
function tokenAt(text: string, { position }: Problem): string {
  const lines = text.split("\n");
  const line = lines[position!.line - 1]!;
  const sameLine = position!.endLine === position!.line;
  return line.slice(position!.column - 1, sameLine ? position!.endColumn! - 1 : undefined);
}

describe("a relation file", () => {
  it("gives name, templates and samples", () => {
    const { relation, problems } = parse(head + three);
    expect(problems).toEqual([]);
    expect(relation).toEqual({
      name: "superlative",
      templates: ["The superlative of {} is"],
      samples: [
        { subject: "easy", object: "easiest" },
        { subject: "big", object: "biggest" },
        { subject: "old", object: "oldest" },
      ],
    });
  });

  it("gives everything that may be added", () => {
    const extra =
      'model: ./my-model\ncontrol_relations: [plural.relation.yaml]\nexpect:\n  linearity.faithfulness: ">= 0.6"\n' +
      "pairs:\n  - { from: easy, to: easiest }\n  - [big, biggest]\nproperties: { symmetric: false }\n";
    const samples = "samples:\n  - { subject: a, object: b, label: c }\n  - { subject: d }\n  - { subject: e }\n";
    const { relation, problems } = parse(head + samples + extra);
    expect(problems).toEqual([]);
    expect(relation).toMatchObject({
      model: "./my-model",
      controlRelations: ["plural.relation.yaml"],
      expect: { "linearity.faithfulness": ">= 0.6" },
      pairs: [
        { from: "easy", to: "easiest" },
        { from: "big", to: "biggest" },
      ],
      properties: { symmetric: false },
      samples: [{ subject: "a", object: "b", label: "c" }, { subject: "d" }, { subject: "e" }],
    });
  });

  it("may be a file of the LRE data set, unchanged", () => {
    const document = {
      name: "plays instrument",
      prompt_templates: ["{} is known for playing the"],
      prompt_templates_zs: ["Which instrument does {} play? It is the"],
      properties: { relation_type: "factual", domain_name: "person", range_name: "instrument", symmetric: false },
      samples: [
        { subject: "Ada", object: "violin" },
        { subject: "Ben", object: "piano" },
        { subject: "Ben", object: "piano" },
        { subject: "Cy", object: "guitar" },
        { subject: "Ada", object: "guitar" },
      ],
    };
    const { relation, problems } = parse(JSON.stringify(document, null, 2), "person_plays_instrument.json");
    expect(relation).toMatchObject({
      name: "plays instrument",
      templates: ["{} is known for playing the"],
      samples: [
        { subject: "Ada", object: "violin" },
        { subject: "Ben", object: "piano" },
        { subject: "Cy", object: "guitar" },
      ],
      properties: { relation_type: "factual", symmetric: false },
    });
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
      ["relation-duplicate-subject", "warning"],
      ["relation-duplicate-subject", "warning"],
    ]);
  });

  it("is called after its file where it has no name", () => {
    expect(parse(head.replace("name: superlative\n", "") + three, "/a/b/my.relation.yaml").relation?.name).toBe("my");
  });

  it("takes numbers and truth values as they are written, and says so", () => {
    const text =
      head +
      "samples:\n  - { subject: 1990, object: 0x10 }\n  - { subject: no, object: true }\n  - { subject: 1.50 }\n";
    const { relation, problems } = parse(text);
    expect(relation?.samples).toEqual([
      { subject: "1990", object: "0x10" },
      { subject: "no", object: "true" },
      { subject: "1.50" },
    ]);
    expect(problems.map((problem) => tokenAt(text, problem))).toEqual(["1990", "0x10", "true", "1.50"]);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["relation-value-as-text"]));
  });

  it("accepts a thousand samples", () => {
    const samples = Array.from({ length: 1000 }, (_, i) => `  - { subject: a${i}, object: b${i} }\n`).join("");
    const { relation, problems } = parse(`${head}samples:\n${samples}`);
    expect(problems).toEqual([]);
    expect(relation?.samples).toHaveLength(1000);
  });

  it("reads a text with a byte order mark and with CRLF lines", () => {
    const { relation, problems } = parse("\ufeff" + (head + three).replaceAll("\n", "\r\n"));
    expect(problems).toEqual([]);
    expect(relation?.samples).toHaveLength(3);
  });
});

/** Each text with the code, the severity, the line and the token at which the problem points. */
const bad: [string, string, string, Problem["severity"], number, string][] = [
  ["broken YAML", head + three + "pairs: [\n", "relation-bad-yaml", "error", 8, ""],
  ["tabs", head + "samples:\n\t- { subject: a }\n", "relation-bad-yaml", "error", 5, "\t"],
  ["an unquoted slot first", "prompt_templates:\n  - {} is a\n" + three, "relation-bad-yaml", "error", 2, "is a"],
  ["two documents", head + three + "---\nname: y\n", "relation-bad-yaml", "error", 8, "---"],
  ["nothing", "", "relation-empty-file", "error", 1, ""],
  ["only a comment", "# name: x\n", "relation-empty-file", "error", 1, ""],
  ["a list", "- a\n- b\n", "relation-not-a-mapping", "error", 1, "- a"],
  ["binary content", "name: \0\0\n", "relation-file-binary", "error", 1, "\0"],
  ["a key twice", head + three + "name: again\n", "relation-duplicate-key", "error", 8, "name"],
  ["no templates", "name: x\n" + three, "relation-no-templates", "error", 1, ""],
  [
    "an empty list of templates",
    "prompt_templates: []\n" + three,
    "relation-no-templates",
    "error",
    1,
    "prompt_templates",
  ],
  [
    "a missing slot",
    head + '  - "Nothing is more"\n' + three,
    "relation-template-no-slot",
    "error",
    4,
    '"Nothing is more"',
  ],
  ["two slots", head + "  - from {} to {}\n" + three, "relation-template-two-slots", "error", 4, "from {} to {}"],
  ["an empty template", head + '  - ""\n' + three, "relation-template-empty", "error", 4, '""'],
  ["a blank template", head + '  - "  "\n' + three, "relation-template-empty", "error", 4, '"  "'],
  [
    "a template that ends in a space",
    head + '  - "a {} is "\n' + three,
    "relation-template-ends-in-space",
    "warning",
    4,
    '"a {} is "',
  ],
  [
    "a template twice",
    head + "  - The superlative of {} is\n" + three,
    "relation-duplicate-template",
    "warning",
    4,
    "The superlative of {} is",
  ],
  ["a template that is a number", head + "  - 12\n" + three, "relation-wrong-type", "error", 4, "12"],
  [
    "a template that YAML reads as a mapping",
    head + "  - Question: is {}\n" + three,
    "relation-wrong-type",
    "error",
    4,
    "Question: is {}",
  ],
  ["templates that are a text", "prompt_templates: is {}\n" + three, "relation-wrong-type", "error", 1, "is {}"],
  ["no samples", head, "relation-no-samples", "error", 1, ""],
  ["an empty list of samples", head + "samples: []\n", "relation-no-samples", "error", 4, "samples"],
  ["one sample", head + "samples:\n  - { subject: a, object: b }\n", "relation-few-samples", "warning", 4, "samples"],
  ["a sample that is a text", head + three + "  - easy\n", "relation-wrong-type", "error", 8, "easy"],
  [
    "a sample that is a list",
    head + three + "  - [easy, easiest]\n",
    "relation-wrong-type",
    "error",
    8,
    "[easy, easiest]",
  ],
  [
    "a sample without subject",
    head + three + "  - { object: b }\n",
    "relation-missing-key",
    "error",
    8,
    "{ object: b }",
  ],
  ["a subject that is a list", head + three + "  - { subject: [a] }\n", "relation-wrong-type", "error", 8, "[a]"],
  ["an empty subject", head + three + '  - { subject: "" }\n', "relation-empty-word", "error", 8, '""'],
  ["a subject of spaces", head + three + '  - { subject: "  " }\n', "relation-empty-word", "error", 8, '"  "'],
  ["a subject left out", head + three + "  - subject:\n    object: b\n", "relation-empty-word", "error", 8, ""],
  ["an empty object", head + three + '  - { subject: a, object: "" }\n', "relation-empty-word", "error", 8, '""'],
  ["a null object", head + three + "  - { subject: a, object: ~ }\n", "relation-empty-word", "error", 8, "~"],
  ["spaces around a word", head + three + '  - { subject: " a" }\n', "relation-spaces-around", "warning", 8, '" a"'],
  [
    "a sample twice",
    head + three + "  - { subject: big, object: biggest }\n",
    "relation-duplicate-subject",
    "error",
    8,
    "big",
  ],
  [
    "a subject with two objects",
    head + three + "  - { subject: big, object: bigger }\n",
    "relation-duplicate-subject",
    "error",
    8,
    "big",
  ],
  ["an unknown key", head + three + "pair: []\n", "relation-unknown-key", "warning", 8, "pair"],
  [
    "an unknown key in a sample",
    head + three + "  - { subject: a, objekt: b }\n",
    "relation-unknown-key",
    "warning",
    8,
    "objekt",
  ],
  ["a pair of three", head + three + "pairs:\n  - [a, b, c]\n", "relation-wrong-type", "error", 9, "[a, b, c]"],
  ["half a pair", head + three + "pairs:\n  - { from: a }\n", "relation-wrong-type", "error", 9, "{ from: a }"],
  ["a pair of one word", head + three + "pairs:\n  - [a, a]\n", "relation-same-words", "error", 9, "[a, a]"],
  [
    "a pair twice",
    head + three + "pairs:\n  - [a, b]\n  - [a, b]\n",
    "relation-duplicate-pair",
    "warning",
    10,
    "[a, b]",
  ],
  ["an expectation that is a list", head + three + "expect: { kl: [3] }\n", "relation-wrong-type", "error", 8, "[3]"],
  [
    "an expectation of no figure",
    head + three + "expect: { linearty.kl: 3 }\n",
    "relation-expectation-path",
    "warning",
    8,
    "linearty.kl",
  ],
  [
    "an expectation that cannot be read",
    head + three + "expect: { linearity.kl: '> few' }\n",
    "relation-expectation-unreadable",
    "warning",
    8,
    "'> few'",
  ],
  ["an unknown alias", head + three + "pairs: *p\n", "relation-bad-yaml", "error", 8, "*p"],
  ["an unknown tag", head.replace("superlative", "!thing x") + three, "relation-bad-yaml", "warning", 1, "!thing"],
];

describe("a relation file with", () => {
  it.each(bad)("%s", (_, text, code, severity, line, token) => {
    const { relation, problems } = parse(text);
    const problem = problems.find((found) => found.code === code);
    expect(problem, JSON.stringify(problems)).toBeDefined();
    expect(problem).toMatchObject({ kind: "input", severity, file: "x.relation.yaml", position: { line } });
    if (token !== "") expect(tokenAt(text, problem!)).toBe(token);
    expect(problem!.message).toMatch(/^[A-Z].*[.]$/s);
    expect(problem!.remedy).toMatch(/[.?"]$/);
    expect(relation === null).toBe(severity === "error");
  });

  it("5,000 samples is refused, with a remedy", () => {
    const samples = Array.from({ length: 5000 }, (_, i) => `  - { subject: a${i}, object: b${i} }\n`).join("");
    const { relation, problems } = parse(`${head}samples:\n${samples}`);
    expect(relation).toBeNull();
    expect(problems).toMatchObject([
      { code: "relation-too-many-samples", severity: "error", position: { line: 4, column: 1 } },
    ]);
    expect(problems[0]!.message).toContain("5000");
  });

  it("two megabytes is refused", () => {
    expect(parse(`${head}# ${"x".repeat(2_000_000)}`).problems).toMatchObject([{ code: "relation-file-too-large" }]);
  });

  it("a subject with two objects names both lines", () => {
    const { problems } = parse(head + three + "  - { subject: big, object: bigger }\n");
    expect(problems[0]!.position?.line).toBe(8);
    expect(problems[0]!.message).toContain("line 6");
  });

  it("a mistyped key is told the right one", () => {
    for (const [typed, meant] of [
      ["prompt_template", "prompt_templates"],
      ["templates", "prompt_templates"],
      ["sampels", "samples"],
      ["Pairs", "pairs"],
    ]) {
      const { problems } = parse(`${head}${three}${typed}: 1\n`);
      expect(problems.find(({ code }) => code === "relation-unknown-key")?.remedy).toContain(`"${meant}"`);
    }
  });

  it("aliases is read, unless they expand without end", () => {
    const shared = "pairs: &p\n  - [a, b]\nproperties: { again: *p }\n";
    expect(parse(head + three + shared).relation?.properties).toEqual({ again: [["a", "b"]] });
    const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 12; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    const { relation, problems } = parse(bomb.join("\n"));
    expect(relation).toBeNull();
    expect(problems[0]).toMatchObject({ code: "relation-bad-yaml", severity: "error" });
    expect(problems[0]!.message).toContain("aliases");
    expect(parse("a: &a [*a, *a]").relation).toBeNull();
  });

  it("several mistakes lists them in the order of the text", () => {
    const { problems } = parse('prompt_templates:\n  - ""\n  - a\nsamples:\n  - { subject: "" }\nzzz: 1\n');
    const lines = problems.map(({ position }) => position!.line);
    expect(lines).toEqual([2, 3, 5, 6]);
  });
});

const pieces = fc.constantFrom(
  "name: ", "prompt_templates:", "samples:", "\n", "  - ", "{}", "{ subject: a, object: b }", "subject: ", '"', "'", "[", "]",
  "{", "}", ": ", "&a ", "*a", "!!str ", "|", ">", "\t", "#", "---\n", "? ", "\0", "é", "😀", "null", "1", "<<: *a", "\r", "%",
); // prettier-ignore

describe("any text", () => {
  it("never throws, and gives a relation or an error", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(pieces, { maxLength: 40 }).map((p) => p.join("")),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom("x.yaml", "x.json"), (text, file) => {
        const { relation, problems } = parseRelation(text, file);
        const errors = problems.filter(({ severity }) => severity === "error");
        expect(relation === null).toBe(errors.length > 0);
        const lines = text.split(/\r\n|\r|\n/);
        for (const { position } of problems) {
          expect(position!.line).toBeLessThanOrEqual(lines.length);
          expect(position!.column).toBeLessThanOrEqual(lines[position!.line - 1]!.length + 2);
        }
      }),
      { numRuns: 3000, seed: 3 },
    );
  });

  it.each([
    ["[".repeat(100_000), "x.yaml"],
    ["- ".repeat(20_000), "x.yaml"],
    ["{a: ".repeat(20_000), "x.yaml"],
    ["[".repeat(100_000), "x.json"],
    [Array.from({ length: 20_000 }, (_, i) => `k${i}: *a`).join("\n"), "x.yaml"],
    [`a: &a [b]\n${Array.from({ length: 20_000 }, (_, i) => `k${i}: *a`).join("\n")}`, "x.yaml"],
  ])("that is made to be slow or deep ends soon (%#)", (text, file) => {
    const began = performance.now();
    const { relation } = parseRelation(text, file);
    expect(relation).toBeNull();
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe("the places of the samples", () => {
  it("are those of their objects, or of the samples without one", () => {
    const text = `${head}samples:\n  - { subject: big, object: biggest }\n  - subject: old\n`;
    const { samplePositions } = parse(text);
    expect(samplePositions.map(({ line, column }) => [line, column])).toEqual([
      [text.split("\n").findIndex((line) => line.includes("biggest")) + 1, 29],
      [text.split("\n").findIndex((line) => line.includes("old")) + 1, 5],
    ]);
  });
});
