import { describe, expect, it } from "vitest";
import { readPromptFile } from "../../../../src/formats/prompts/readPromptFile";
import { good, onlyProblem, pairsOf, textAt } from "./reading";

const file = "promptfooconfig.yaml";
const prompts = 'prompts:\n  - "The capital of {{country}} is"\n';

describe("a promptfoo file", () => {
  it("gives templates, subjects and objects", () => {
    const text =
      `description: Capitals\n${prompts}  - |\n    What is the capital of {{ country }}?\n    It is\n` +
      "tests:\n  - vars: { country: France }\n    assert:\n      - { type: icontains, value: par }\n      - { type: equals, value: Paris }\n" +
      "  - vars: { country: Italy }\n    assert: [{ type: contains, value: Rome }]\n";
    const prompt = good(text, file);
    expect(prompt.name).toBe("Capitals");
    expect(prompt.templates).toMatchObject([
      { text: "The capital of {} is", messages: null, slot: "country", position: { line: 3, column: 5 } },
      { text: "What is the capital of {}?\nIt is", messages: null, slot: "country", position: { line: 4 } },
    ]);
    expect(pairsOf(text, prompt)).toEqual([
      ["France", "Paris", "Paris"],
      ["Italy", undefined, "Italy"],
    ]);
  });

  it("may give variables and assertions to all tests", () => {
    const text =
      "prompts: 'In {{language}}, the capital of {{country}} is'\n" +
      'defaultTest:\n  vars: { language: English }\n  assert: [{ type: equals, value: "{{ answer }}" }]\n' +
      "tests:\n  - vars: { country: France, answer: Paris }\n  - vars: { country: Italy, answer: Rome }\n";
    const prompt = good(text, file);
    expect(prompt.templates[0]?.text).toBe("In English, the capital of {} is");
    expect(pairsOf(text, prompt)).toEqual([
      ["France", "Paris", "Paris"],
      ["Italy", "Rome", "Rome"],
    ]);
  });

  it("expands lists of variables", () => {
    const text = `${prompts}tests:\n  - vars: { country: [France, Italy, 1990] }\n`;
    expect(pairsOf(text, good(text, file))).toEqual([
      ["France", undefined, "France"],
      ["Italy", undefined, "Italy"],
      ["1990", undefined, "1990"],
    ]);
  });

  it("has as subject the variable that varies, and keeps one value of the others", () => {
    const template = "prompts: ['{{tone}}: in {{language}}, the capital of {{country}} is']\n";
    const vars = (language: string, country: string) =>
      `  - vars: { tone: dry, language: ${language}, country: ${country} }\n`;
    const one = `${template}tests:\n${vars("English", "France")}${vars("English", "Italy")}`;
    expect(good(one, file)).toMatchObject({
      templates: [{ text: "dry: in English, the capital of {} is", slot: "country" }],
    });

    const two = `${one}${vars("French", "France")}`;
    const problem = onlyProblem(two, file, { slot: "country" });
    expect(problem).toMatchObject({ code: "prompt-other-values", severity: "warning" });
    expect(problem.message).toContain('language "English"');
    expect(textAt(two, problem.position!)).toContain("French");
    const { prompt } = readPromptFile(two, file, { slot: "country" });
    expect(prompt?.samples.map(({ sample }) => sample.subject)).toEqual(["France", "Italy"]);
    expect(prompt?.slots).toEqual(["tone", "language", "country"]);
  });

  it("may have chats as prompts, in JSON and YAML", () => {
    const text =
      `prompts:\n  - '[{"role": "system", "content": "Be short."}, {"role": "user", "content": "What is {{word}}?"}]'\n` +
      "  - |\n    - role: user\n      content: One {{word}}\n  - { label: x, raw: 'Two {{word}}' }\n";
    expect(good(text, file).templates).toMatchObject([
      { text: "Be short.\nWhat is {}?", messages: [{ role: "system" }, { role: "user", content: "What is {}?" }] },
      { text: "One {}", messages: [{ role: "user", content: "One {}" }] },
      { text: "Two {}", messages: null },
    ]);
  });

  it("may be JSON", () => {
    const text = JSON.stringify({ prompts: ["A {{x}}"], tests: [{ vars: { x: "b" } }] });
    expect(good(text, "promptfooconfig.json")).toMatchObject({
      templates: [{ text: "A {}" }],
      samples: [{ sample: { subject: "b" } }],
    });
    expect(good(text, "other.json").format).toBe("promptfoo");
  });
});

describe("a promptfoo file with", () => {
  it.each([
    ["no prompts", "tests: []\n", "prompt-no-prompts", "error", ""],
    ["broken YAML", "prompts: [a\n", "prompt-bad-yaml", "error", "a"],
    ["a prompt that is a list", "prompts:\n  - [a]\n", "prompt-wrong-type", "error", "[a]"],
    ["prompts of other files only", "prompts: [file://a.txt]\n", "prompt-reference-not-read", "error", "file://a.txt"],
    [
      "a prompt of another file",
      `${prompts}  - prompts/b*.txt\n`,
      "prompt-reference-not-read",
      "warning",
      "prompts/b*.txt",
    ],
    [
      "tests of another file",
      `${prompts}tests: file://t.csv\n`,
      "prompt-reference-not-read",
      "warning",
      "file://t.csv",
    ],
    [
      "a test of another file",
      `${prompts}tests:\n  - file://t.yaml\n`,
      "prompt-reference-not-read",
      "warning",
      "file://t.yaml",
    ],
    [
      "values of another file",
      `${prompts}tests:\n  - vars: { country: file://a }\n`,
      "prompt-reference-not-read",
      "warning",
      "file://a",
    ],
    [
      "a value that is a mapping",
      `${prompts}tests:\n  - vars: { country: { a: b } }\n`,
      "prompt-value-not-text",
      "warning",
      "{ a: b }",
    ],
    [
      "a message without content",
      `prompts: ['[{"role": "user"}]']\n`,
      "prompt-bad-message",
      "error",
      `'[{"role": "user"}]'`,
    ],
    [
      "a block",
      'prompts: ["{% if a %}{{b}}{% endif %}"]\n',
      "prompt-unsupported-block",
      "error",
      '"{% if a %}{{b}}{% endif %}"',
    ],
    ["a key twice", `${prompts}prompts: a\n`, "prompt-duplicate-key", "error", "prompts"],
    ["an empty value", `${prompts}tests:\n  - vars: { country: "" }\n`, "prompt-empty-word", "error", '""'],
    [
      "a test without the subject",
      `${prompts}tests:\n  - vars: { country: a }\n  - vars: { county: b }\n`,
      "prompt-sample-without-subject",
      "warning",
      "vars: { county: b }",
    ],
    [
      "a subject twice",
      `${prompts}tests:\n  - vars: { country: a }\n  - vars: { country: a }\n`,
      "prompt-duplicate-subject",
      "warning",
      "vars: { country: a }",
    ],
    [
      "a template without the subject of the others",
      `${prompts}  - "A {{land}}"\ntests:\n  - vars: { country: a, land: b }\n`,
      "prompt-no-slot",
      "error",
      '"A {{land}}"',
    ],
  ])("%s", (_, text, code, severity, token) => {
    const problem = onlyProblem(text, file);
    expect(problem).toMatchObject({ code, severity });
    if (token !== "") expect(textAt(text, problem.position!).trim()).toBe(token);
  });

  it("more than a thousand samples is refused, without making them all", () => {
    const list = Array.from({ length: 40 }, (_, i) => `w${String(i)}`).join(", ");
    const text = `prompts: ["{{a}} {{b}} {{c}}"]\ntests:\n  - vars: { a: [${list}], b: [${list}], c: [${list}] }\n`;
    expect(onlyProblem(text, file).code).toBe("prompt-too-many-samples");
  });
});
