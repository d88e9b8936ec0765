import { describe, expect, it } from "vitest";
import { good, onlyProblem, pairsOf, textAt } from "./reading";

describe("a VS Code prompt file", () => {
  const text =
    "---\r\nmode: ask\r\nname: capital\r\n---\r\n\r\n# Capitals\r\nThe capital of ${input:country:France, say} is\r\n";

  it("gives its text after the front matter", () => {
    const { format, name, templates, samples, slots } = good(text, "a.prompt.md");
    expect({ format, name, samples, slots }).toEqual({ format: "vscodePrompt", name: "capital", samples: [] });
    expect(templates).toMatchObject([
      { text: "# Capitals\nThe capital of {} is", messages: null, slot: "input:country", position: { line: 6 } },
    ]);
  });

  it("may have no front matter, and braces that are text", () => {
    expect(good("Run ${HOME} {{x}} ${input:word}", "a.prompt.md").templates[0]?.text).toBe("Run ${HOME} {{x}} {}");
  });

  it.each([
    ["the editor's selection", "On ${selection}: ${input:a}", "prompt-editor-variable", "${selection}"],
    ["the editor's file", "In ${file:x} ${input:a}", "prompt-editor-variable", "${file:x}"],
    ["an input without name", "One ${input:} ${input:a}", "prompt-not-a-variable", "${input:}"],
    ["two inputs", "${input:a} in ${input:b:hint}", "prompt-variable-without-value", "${input:b:hint}"],
    ["one input twice", "${input:a} in ${input:a:b}", "prompt-subject-twice", "${input:a:b}"],
    ["another format's variable", "The capital of {{x}}", "prompt-no-slot", "The capital of {{x}}"],
    ["front matter that does not end", "---\nmode: ask\n${input:a}", "prompt-front-matter-open", "---"],
    ["front matter without keys", "---\nask\n---\n${input:a}", "prompt-wrong-type", "ask"],
    ["a key twice", "---\na: 1\na: 2\n---\n${input:a}", "prompt-duplicate-key", "a"],
    ["broken front matter", "---\na: [1\n---\n${input:a}", "prompt-bad-yaml", ""],
    ["front matter only", "---\nmode: ask\n---\n", "prompt-empty-file", ""],
  ])("with %s", (_, content, code, token) => {
    const problem = onlyProblem(content, "a.prompt.md");
    expect(problem).toMatchObject({ code, severity: "error" });
    if (token !== "") expect(textAt(content, problem.position!)).toBe(token);
  });

  it("prefers the input that is called subject", () => {
    const problem = onlyProblem("${input:a} ${input:subject}", "a.prompt.md");
    expect(problem.message).toContain("${input:a}");
  });
});

describe("a prompty file", () => {
  const text =
    "---\nname: Capital\ninputs:\n  word: { type: string }\n  language:\n    type: string\n    default: English\n" +
    "sample:\n  word: France\n---\nsystem:\nAnswer in {{language}}.\n\n# user:\nThe capital of {{ word | trim }} is\n\nassistant:\n";

  it("gives the messages of a chat, and its sample", () => {
    const prompt = good(text, "a.prompty");
    expect(prompt.templates).toMatchObject([
      {
        text: "Answer in English.\nThe capital of {} is",
        messages: [
          { role: "system", content: "Answer in English." },
          { role: "user", content: "The capital of {} is" },
        ],
        slot: "word",
        position: { line: 11, column: 1 },
      },
    ]);
    expect(prompt).toMatchObject({ name: "Capital", slots: ["language", "word"] });
    expect(pairsOf(text, prompt)).toEqual([["France", undefined, "France"]]);
  });

  it("may have the subject chosen", () => {
    const prompt = good(text, "a.prompty", { slot: "language" });
    expect(prompt.templates[0]?.text).toBe("Answer in {}.\nThe capital of France is");
    expect(pairsOf(text, prompt)).toEqual([["English", undefined, "English"]]);
  });

  it("without lines of roles is plain text", () => {
    expect(good("The capital of {{word}} is\n", "a.prompty").templates).toMatchObject([
      { text: "The capital of {} is", messages: null, slot: "word" },
    ]);
  });

  it("has what stands before the first role in the system's message", () => {
    expect(good('Be short.\nuser[name="x"]:\nWhat is {{word}}?\n', "a.prompty").templates[0]?.messages).toEqual([
      { role: "system", content: "Be short." },
      { role: "user", content: "What is {}?" },
    ]);
  });

  it.each([
    ["a list of inputs", "inputs:\n  - name: word\n    kind: string\n    example: France\n", "France"],
    ["inputs with samples", "inputs:\n  word:\n    type: string\n    sample: France\n", "France"],
    ["inputs that are values", "inputs:\n  word: 1990\n", "1990"],
    ["a sample", "sample: { word: France }\n", "France"],
  ])("takes the subject from %s", (_, front, subject) => {
    const content = `---\n${front}---\nA {{word}}`;
    expect(pairsOf(content, good(content, "a.prompty"))).toEqual([[subject, undefined, subject]]);
  });

  it("reads comments, raw text, white-space control, literals and defaults of Jinja", () => {
    const content =
      "{# {{no}} #}A {{- ' b' }} {% raw %}{{x}}{% endraw %}\n{{- word -}}\n. {{ lang | default('French') | safe }}";
    expect(good(content, "a.prompty").templates[0]?.text).toBe("A b {{x}}{}. French");
  });

  it.each([
    ["a condition", "{% if x %}{{word}}{% else %}b{% endif %}", "prompt-unsupported-block", "{% if x %}"],
    ["a loop", "{%- for w in words -%}a{% endfor %}{{word}}", "prompt-unsupported-block", "{%- for w in words -%}"],
    ["a filter", "a {{ word | upper }}", "prompt-unsupported-filter", "{{ word | upper }}"],
    ["a computation", "a {{ word + 1 }} {{word}}", "prompt-unsupported-expression", "{{ word + 1 }}"],
    ["braces that stay open", "a {{word}} {{ b", "prompt-unclosed-braces", "{{"],
    ["another role", "user:\na {{word}}\ntool:\nb", "prompt-unsupported-role", "tool:"],
    ["no subject", "user:\nThe capital of ${x}\n", "prompt-no-slot", "user:\nThe capital of ${x}"],
    ["a value missing", "{{word}} in {{tongue}}", "prompt-variable-without-value", "{{tongue}}"],
  ])("with %s is refused", (_, content, code, token) => {
    const problem = onlyProblem(content, "a.prompty");
    expect(problem).toMatchObject({ code, severity: "error" });
    expect(textAt(content, problem.position!)).toBe(token);
  });

  it("is told the input that a mistyped one means", () => {
    const content = "---\nsample: { word: a, language: b }\n---\n{{word}} in {{langauge}}";
    expect(onlyProblem(content, "a.prompty").remedy).toBe('Did you mean "language"?');
  });

  it("is told where a value may be given", () => {
    expect(onlyProblem("{{word}} in {{tongue}}", "a.prompty").remedy).toContain("sample:");
  });

  it.each([
    ["a sample in another file", "sample: sample.json", "prompt-reference-not-read", "sample.json"],
    ["a value that is a list", "sample: { word: [a, b] }", "prompt-value-not-text", "[a, b]"],
  ])("with %s is read without it", (_, front, code, token) => {
    const content = `---\n${front}\n---\nA {{word}}`;
    const problem = onlyProblem(content, "a.prompty");
    expect(problem).toMatchObject({ code, severity: "warning" });
    expect(textAt(content, problem.position!)).toBe(token);
  });
});

describe("a dotprompt file", () => {
  const front =
    "---\nmodel: any\ninput:\n  schema:\n    word: string\n    language?: string, a tongue\n  default:\n    language: English\n---\n";

  it("gives its text, with the defaults", () => {
    const prompt = good(
      `${front}{{!-- a {{comment}} --}}\nIn {{language}}, the capital of {{ word }} is\n`,
      "a.prompt",
    );
    expect(prompt.templates).toMatchObject([
      { text: "In English, the capital of {} is", messages: null, slot: "word" },
    ]);
    expect(prompt.samples).toEqual([]);
  });

  it("gives the messages of its roles", () => {
    const content = `${front}First.\n{{role "system"}}\nBe {{{language}}}.{{history}}\n{{~role 'user'~}}\nThe capital of {{word}} is\n{{role "model"}}\nIt is `;
    expect(good(content, "a.prompt").templates[0]?.messages).toEqual([
      { role: "user", content: "First." },
      { role: "system", content: "Be English." },
      { role: "user", content: "The capital of {} is" },
      { role: "assistant", content: "It is" },
    ]);
  });

  it("may have a default for the subject, which is then its sample", () => {
    const content = "---\ninput: { default: { word: France } }\n---\nThe capital of {{word}} is \\{{ x }}";
    const prompt = good(content, "a.prompt");
    expect(prompt.templates[0]?.text).toBe("The capital of {} is {{ x }}");
    expect(pairsOf(content, prompt)).toEqual([["France", undefined, "France"]]);
  });

  it("knows the names of a JSON Schema", () => {
    const schema = "---\ninput: { schema: { type: object, properties: { word: { type: string } } } }\n---\n";
    expect(onlyProblem(`${schema}{{subject}} {{words}}`, "a.prompt").remedy).toBe('Did you mean "word"?');
  });

  it.each([
    ["a condition", "{{#if x}}a{{else}}b{{/if}} {{word}}", "prompt-unsupported-block", "{{#if x}}"],
    ["a loop", "{{#each x}}a{{/each}} {{word}}", "prompt-unsupported-block", "{{#each x}}"],
    ["a partial", "{{>head}} {{word}}", "prompt-unsupported-block", "{{>head}}"],
    ["an image", "{{media url=x}} {{word}}", "prompt-unsupported-block", "{{media url=x}}"],
    ["the caller's state", "{{@state.name}} {{word}}", "prompt-unsupported-block", "{{@state.name}}"],
    ["a helper", "{{upper x}} {{word}}", "prompt-unsupported-expression", "{{upper x}}"],
    ["braces that stay open", "{{word}} {{ b", "prompt-unclosed-braces", "{{"],
    ["another role", '{{role "tool"}} {{word}}', "prompt-unsupported-role", '{{role "tool"}}'],
    ["no subject", "The capital of {x}", "prompt-no-slot", "The capital of {x}"],
  ])("with %s is refused", (_, content, code, token) => {
    const problem = onlyProblem(content, "a.prompt");
    expect(problem).toMatchObject({ code, severity: "error" });
    expect(textAt(content, problem.position!)).toBe(token);
  });
});
