import { describe, expect, it } from "vitest";
import { good, onlyProblem, textAt } from "./reading";

describe("plain text", () => {
  it.each([
    ["The capital of {} is", "The capital of {} is", "{}"],
    ["The capital of {country} is\n", "The capital of {} is", "country"],
    ["The capital of {{ country }} is  \r\n\r\n", "The capital of {} is", "country"],
    ["The capital of {{}} is", "The capital of {} is", "{}"],
    ["\n\n  One {Größe}", "One {}", "Größe"],
    ["\ufeffWhat is {{subject}}?\r\nIt is\r", "What is {}?\nIt is", "subject"],
    ['As {"a": 1}, {{x}} and {y}', 'As {"a": 1}, {} and {y}', "x"],
    ["\\{a\\} {b} {{{{c}}}}", "{a} {} {{c}}", "b"],
    ["{{}", "{{}", "{}"],
  ])("%j", (text, template, slot) => {
    expect(good(text, "a.txt").templates).toMatchObject([{ text: template, messages: null, slot }]);
  });

  it("may have several templates between lines ---", () => {
    const text = "The capital of {} is\r\n---\r\n\r\nWhat is the capital of {}?\r\nIt is\r\n---  \r\n";
    const { templates, samples } = good(text, "a.txt");
    expect(templates.map((template) => [template.text, textAt(text, template.position)])).toEqual([
      ["The capital of {} is", "The capital of {} is"],
      ["What is the capital of {}?\nIt is", "What is the capital of {}?\r\nIt is"],
    ]);
    expect(samples).toEqual([]);
  });

  it("may call the subject differently in each template", () => {
    const { templates } = good("The {x} is\n---\nOne {y}", "a.txt");
    expect(templates.map(({ slot }) => slot)).toEqual(["x", "y"]);
  });

  it("may have the subject chosen, if the other variables have values", () => {
    const text = "{a} and {b}";
    const problem = onlyProblem(text, "a.txt", { slot: "b" });
    expect(problem.code).toBe("prompt-variable-without-value");
    expect(textAt(text, problem.position!)).toBe("{a}");
    expect(onlyProblem("{a}", "a.txt", { slot: "b" })).toMatchObject({ code: "prompt-unknown-slot" });
  });
});

describe("Markdown", () => {
  it("has its front matter left out, but for the name", () => {
    const text = "---\ntitle: Capitals\n---\n\nThe capital of {} is\n";
    const { name, templates } = good(text, "a.md");
    expect(name).toBe("Capitals");
    expect(templates).toMatchObject([{ text: "The capital of {} is", position: { line: 5, column: 1 } }]);
  });

  it("may begin with a line --- that is none", () => {
    const { templates } = good("---\nThe {} is\n---\nOne {}\n", "a.md");
    expect(templates.map(({ text }) => text)).toEqual(["The {} is", "One {}"]);
    expect(good("---\nThe {} is\n", "a.md").templates).toHaveLength(1);
  });
});

describe("plain text with", () => {
  it.each([
    ["no place for the subject", "The capital of is", "prompt-no-slot", "The capital of is", "Write {}"],
    ["another tool's place", "The capital of [X] is", "prompt-no-slot", "The capital of [X] is", "instead of [X]"],
    ["a format specifier", "The capital of %s", "prompt-no-slot", "The capital of %s", "instead of %s"],
    ["two places", "{} and\n{}", "prompt-subject-twice", "{}", "Keep one"],
    ["two of a name", "{{a}} and {{a}}", "prompt-subject-twice", "{{a}}", "Keep one"],
    ["two variables", "{a} and {b}", "prompt-variable-without-value", "{b}", "words in its place"],
    ["a variable beside {}", "{} in {language}", "prompt-variable-without-value", "{language}", "words"],
    ["a slot of its own", "{a} \\{\\}", "prompt-slot-in-text", "{a} \\{\\}", "{ }"],
    ["a block", "a\n{{#if x}} {{y}}", "prompt-not-a-variable", "{{#if x}}", "{{subject}}"],
  ])("%s", (_, text, code, token, remedy) => {
    const problem = onlyProblem(text, "a.txt");
    expect(problem).toMatchObject({ code, severity: "error", kind: "input", file: "a.txt" });
    expect(textAt(text, problem.position!)).toBe(token);
    expect(problem.remedy).toContain(remedy);
  });

  it("the second of two places of the subject is shown", () => {
    expect(onlyProblem("{} and\n{}", "a.txt").position).toMatchObject({ line: 2, column: 1 });
  });

  it("a template twice has one of them", () => {
    const problem = onlyProblem("a {}\n---\na {x}\n---\nb {}", "a.txt");
    expect(problem).toMatchObject({ code: "prompt-duplicate-template", severity: "warning", position: { line: 3 } });
  });

  it("more than fifty templates is refused", () => {
    const text = Array.from({ length: 51 }, (_, i) => `${String(i)} {}`).join("\n---\n");
    expect(onlyProblem(text, "a.txt")).toMatchObject({ code: "prompt-too-many-templates", position: { line: 101 } });
  });
});
