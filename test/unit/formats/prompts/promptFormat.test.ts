import { describe, expect, it } from "vitest";
import { isRelationContent } from "../../../../src/formats/prompts/formatOfContent";
import { isPromptFile, nameFromPromptFile, promptFormatOf } from "../../../../src/formats/prompts/promptFormat";
import { onlyProblem } from "./reading";

describe("the format of a file's name", () => {
  it.each([
    ["prompts/capital.prompt.md", "vscodePrompt", "capital"],
    ["capital.prompty", "prompty", "capital"],
    ["Capital.PROMPT", "dotprompt", "Capital"],
    ["promptfooconfig.yaml", "promptfoo", "promptfooconfig"],
    ["promptfooconfig.capitals.yml", "promptfoo", "promptfooconfig.capitals"],
    ["promptfooconfig.json", "promptfoo", "promptfooconfig"],
    ["capital.promptfoo.yaml", "promptfoo", "capital"],
    ["capital.chat.json", "chat", "capital"],
    ["capital.messages.json", "chat", "capital"],
    ["capital.jsonl", "pairs", "capital"],
    ["c:\\lists\\capital.tsv", "pairs", "capital"],
    ["I01 [noun - plural_reg].txt", "analogies", "noun - plural_reg"],
    ["questions-words.txt", "analogies", "questions-words"],
    ["notes.v2.txt", "plain", "notes.v2"],
    ["README.md", "plain", "README"],
  ])("of %s", (file, format, name) => {
    expect(promptFormatOf(file)).toBe(format);
    expect(isPromptFile(file)).toBe(true);
    expect(nameFromPromptFile(file)).toBe(name);
  });

  it.each(["a.relation.yaml", "a.relation.json", "a.json", "a.yaml", "prompt", "a.ts", "folder.md/a.csv", ""])(
    "is none of %j",
    (file) => {
      expect(promptFormatOf(file)).toBeNull();
      expect(isPromptFile(file)).toBe(false);
    },
  );
});

describe("the content", () => {
  const relation = { name: "a", prompt_templates: ["{} is"], samples: [{ subject: "a", object: "b" }] };

  it("tells relations of the LRE data set from other JSON", () => {
    expect(isRelationContent(JSON.stringify(relation), "capital.json")).toBe(true);
    expect(isRelationContent("\ufeffprompt_templates: []\nsamples: []\n", "capital.yaml")).toBe(true);
    expect(isRelationContent(JSON.stringify({ prompt_templates: [] }), "capital.json")).toBe(false);
    expect(isRelationContent('[{"role": "prompt_templates samples"}]', "capital.json")).toBe(false);
    expect(isRelationContent("{ prompt_templates", "capital.json")).toBe(false);
    expect(isRelationContent(JSON.stringify(relation), "capital.txt")).toBe(false);
  });

  it("of a relation is not read as a prompt", () => {
    expect(onlyProblem(JSON.stringify(relation), "capital.json").code).toBe("prompt-is-relation");
    expect(onlyProblem("a", "capital.relation.yaml").code).toBe("prompt-is-relation");
  });

  it("of another kind is told which kinds there are", () => {
    expect(onlyProblem("a: 1", "a.yaml")).toMatchObject({ code: "prompt-unknown-format" });
    expect(onlyProblem("[1]", "a.json").remedy).toContain(".promptfoo.yaml");
  });

  it.each(["a.md", "a.txt", "a.prompty", "a.jsonl", "a.tsv", "a.prompt.md", "a.chat.json", "a.promptfoo.yaml"])(
    "of an empty %s is reported",
    (file) => {
      for (const text of ["", "\ufeff", " \r\n\t\n"]) {
        expect(onlyProblem(text, file)).toMatchObject({ code: "prompt-empty-file", severity: "error" });
      }
    },
  );

  it("that is binary or too large is refused", () => {
    expect(onlyProblem("a {}\nb\0", "a.txt")).toMatchObject({
      code: "prompt-file-binary",
      position: { line: 2, column: 2 },
    });
    const { code, message } = onlyProblem("{}".padEnd(2_000_000, "x"), "a.txt");
    expect([code, message]).toEqual(["prompt-file-too-large", "The file is too large for a prompt file: 2.0 MB."]);
  });
});
