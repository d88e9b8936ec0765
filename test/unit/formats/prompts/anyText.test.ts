import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PromptFile } from "../../../../src/formats/prompts/promptFile";
import { readPromptFile } from "../../../../src/formats/prompts/readPromptFile";
import type { Position } from "../../../../src/protocol/problem";

const files = [
  "a.prompt.md", "a.prompty", "a.prompt", "promptfooconfig.yaml", "promptfooconfig.json", "a.txt", "a.md", "a.jsonl",
  "a.tsv", "questions-words.txt", "I01 [a].txt", "a.chat.json", "a.json", "a.yaml",
]; // prettier-ignore

const pieces = fc.constantFrom(
  "{{", "}}", "{", "}", "{}", "{{word}}", "{x}", "${input:a}", "${file}", "\\", "|trim", "{%", "%}", "if a", "raw", "endraw",
  "{#", "#}", "{{role \"user\"}}", "---\n", "\n", "\r\n", "\r", "user:\n", ": a\n", "\t", " ", "a", "prompts:\n", "  - ",
  "tests:\n", "vars: { word: b }\n", "sample: { word: b }\n", "input: { default: { x: b } }\n", '["a","b"]\n',
  '{"subject":"a","object":"b"}', '[{"role":"user","content":"{}"}]', '"prompts":["{{x}}"]', "messages", "é", "😀", "\0", "-", "~",
); // prettier-ignore

function expectInside(text: string, { line, column, endLine = line, endColumn = column }: Position): void {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  for (const [row, place] of [
    [line, column],
    [endLine, endColumn],
  ] as const) {
    expect(row).toBeGreaterThanOrEqual(1);
    expect(row).toBeLessThanOrEqual(lines.length);
    expect(place).toBeGreaterThanOrEqual(1);
    // Between the two characters of a line end is a place too.
    expect(place).toBeLessThanOrEqual(lines[row - 1]!.length + 2);
  }
}

function expectSound(text: string, prompt: PromptFile): void {
  expect(prompt.templates.length + prompt.samples.length).toBeGreaterThan(0);
  for (const { text: template, messages, position } of prompt.templates) {
    expect(template.split("{}")).toHaveLength(2);
    expect(template).toBe(template.trim());
    expect(template).not.toContain("\r");
    if (messages !== null) {
      expect(messages.filter(({ content }) => content.split("{}").length === 2)).toHaveLength(1);
      expect(messages.map(({ content }) => content).join("\n")).toBe(template);
    }
    expectInside(text, position);
  }
  expect(new Set(prompt.samples.map(({ sample }) => sample.subject)).size).toBe(prompt.samples.length);
  for (const { sample, position } of prompt.samples) {
    expect(sample.subject.trim()).not.toBe("");
    expectInside(text, position);
  }
}

describe("any text", () => {
  it("gives a sound prompt, or an error at a place of the text", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 120 }),
      fc.array(pieces, { maxLength: 30 }).map((found) => found.join("")),
      fc.array(pieces, { maxLength: 12 }).map((found) => `---\nsample: { word: b }\n---\n${found.join("")}`),
      fc.array(pieces, { maxLength: 6 }).map((found) => `prompts: [${JSON.stringify(found.join(""))}]\n`),
    );
    let prompts = 0;
    fc.assert(
      fc.property(texts, fc.constantFrom(...files), (text, file) => {
        const { prompt, problems } = readPromptFile(text, file);
        expect(prompt === null).toBe(problems.some(({ severity }) => severity === "error"));
        for (const { position } of problems) expectInside(text, position!);
        if (prompt === null) return;
        prompts += 1;
        expectSound(text, prompt);
      }),
      { numRuns: 6000, seed: 6 },
    );
    expect(prompts).toBeGreaterThan(500);
  });

  it("around a variable is the template, as it is written", () => {
    const words = fc.string({
      unit: fc.constantFrom("a", "b", " ", ".", ":", "?", "(", ")", "é", "\n", "😀"),
      maxLength: 40,
    });
    const forms = fc.constantFrom(
      ["a.txt", "{}"],
      ["a.txt", "{word}"],
      ["a.md", "{{ word }}"],
      ["a.prompt.md", "${input:word}"],
      ["a.prompty", "{{word|trim}}"],
      ["a.prompt", "{{{word}}}"],
    );
    fc.assert(
      fc.property(words, words, forms, (before, after, [file, variable]) => {
        const { prompt, problems } = readPromptFile(`a${before}${variable}${after}`, file);
        expect(problems).toEqual([]);
        expect(prompt?.templates[0]?.text).toBe(`a${before}{}${after}`.trim());
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});

describe("a text that is made to be slow", () => {
  const many = (piece: string) => piece.repeat(Math.floor(990_000 / piece.length));
  it.each([
    ["a.txt", many("{")],
    ["a.txt", many("{{a ")],
    ["a.txt", Array.from({ length: 100_000 }, (_, i) => `{a${String(i)}}`).join(" ")],
    ["a.txt", many("---\n")],
    ["a.prompty", many("{{")],
    ["a.prompty", `{{ a ${many("| ")} }}`],
    ["a.prompty", many("{%")],
    ["a.prompty", `user ${many(" ")}x`],
    ["a.prompty", many("user:\n")],
    ["a.prompt", many("\\{{{!--")],
    ["a.prompt.md", many("${input:a")],
    ["a.jsonl", many('["a"]\n')],
    ["a.tsv", many("a\t")],
    ["questions-words.txt", many(": a\n")],
    ["a.txt", many(" \t")],
  ])("ends soon: %s (%#)", (file, text) => {
    const began = performance.now();
    readPromptFile(text, file);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
