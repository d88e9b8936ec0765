import { describe, expect, it } from "vitest";
import { readPromptFile } from "../../../../src/formats/prompts/readPromptFile";
import { good, onlyProblem, pairsOf, textAt } from "./reading";

describe("JSON Lines of pairs", () => {
  it.each([
    ["subject and object", '{"subject": "easy", "object": "easiest"}'],
    ["input and output", '{"id": 3, "output": "easiest", "input": "easy"}'],
    ["prompt and completion", '{"prompt": " easy", "completion": " easiest\\n"}'],
    ["a list of two", '["easy", "easiest"]'],
  ])("with %s", (_, line) => {
    const text = `\ufeff${line}\r\n\r\n  ["big", "biggest"]`;
    const prompt = good(text, "a.jsonl");
    expect(prompt).toMatchObject({ format: "pairs", name: "a", templates: [] });
    expect(prompt.samples.map(({ sample }) => sample)).toEqual([
      { subject: "easy", object: "easiest" },
      { subject: "big", object: "biggest" },
    ]);
    expect(prompt.samples[1]?.position).toMatchObject({ line: 3, column: 11, endColumn: 20 });
  });

  it("may lack objects and have labels", () => {
    const text = '{"subject": "a", "label": "x"}\n["b"]\n{"input": 1990, "output": null}\n';
    const prompt = good(text, "a.jsonl");
    expect(prompt.samples.map(({ sample }) => sample)).toEqual([
      { subject: "a", label: "x" },
      { subject: "b" },
      { subject: "1990" },
    ]);
    expect(pairsOf(text, prompt).map(([, , token]) => token)).toEqual(['"a"', '"b"', "1990"]);
  });

  it.each([
    ["broken JSON", '["a", "b"]\n  ["c" "d"]', "prompt-bad-json", "error", '"'],
    ["other keys", '{"question": "a"}', "prompt-bad-line", "error", '{"question": "a"}'],
    ["a conversation", '{"messages": []}', "prompt-bad-line", "error", '{"messages": []}'],
    ["three words", '["a", "b", "c"]', "prompt-bad-line", "error", '["a", "b", "c"]'],
    ["a list as object", '["a", []]', "prompt-bad-line", "error", '["a", []]'],
    ["a single word", '"a"', "prompt-bad-line", "error", '"a"'],
    ["an empty subject", '["", "b"]', "prompt-empty-word", "error", '""'],
    ["an empty object", '["a", " "]', "prompt-empty-word", "error", '" "'],
    ["a subject twice", '["a", "b"]\n["a", "c"]', "prompt-duplicate-subject", "warning", '["a", "c"]'],
  ])("with %s", (_, text, code, severity, token) => {
    const problem = onlyProblem(text, "a.jsonl");
    expect(problem).toMatchObject({ code, severity });
    expect(textAt(text, problem.position!)).toBe(token);
  });

  it("says which of two objects counts", () => {
    const { prompt, problems } = readPromptFile('["a", "b"]\n["a", "c"]', "a.jsonl");
    expect(prompt?.samples.map(({ sample }) => sample.object)).toEqual(["b"]);
    expect(problems[0]?.message).toContain("line 1");
    expect(problems[0]?.message).toContain("another object");
  });

  it("reports the first of many wrong lines", () => {
    const { problems } = readPromptFile("x\n".repeat(500), "a.jsonl");
    expect(problems).toHaveLength(20);
  });

  it("takes a thousand pairs, and no more", () => {
    const lines = (count: number) => Array.from({ length: count }, (_, i) => `["a${String(i)}", "b"]\n`).join("");
    expect(good(lines(1000), "a.jsonl").samples).toHaveLength(1000);
    expect(onlyProblem(lines(1001), "a.jsonl")).toMatchObject({
      code: "prompt-too-many-samples",
      position: { line: 1001 },
    });
  });
});

describe("pairs between tabs", () => {
  it("have the subject first", () => {
    const text = "New York\tAlbany\r\neasy \t easiest\tadjective\r\nalone\r\n";
    const prompt = good(text, "a.tsv");
    expect(prompt.samples.map(({ sample }) => sample)).toEqual([
      { subject: "New York", object: "Albany" },
      { subject: "easy", object: "easiest", label: "adjective" },
      { subject: "alone" },
    ]);
    expect(pairsOf(text, prompt).map(([, , token]) => token)).toEqual(["Albany", "easiest", "alone"]);
  });

  it("may have names of columns in any order", () => {
    const text = "id\tOutput\tLabel\tInput\n1\teasiest\tx\teasy\n2\t\t\tbig\n";
    expect(good(text, "a.tsv").samples.map(({ sample }) => sample)).toEqual([
      { subject: "easy", object: "easiest", label: "x" },
      { subject: "big" },
    ]);
  });

  it.each([
    ["too many columns", "a\tb\tc\td", "prompt-bad-line", "a\tb\tc\td"],
    ["too few for its names", "object\tsubject\na\n", "prompt-bad-line", "a"],
    ["an empty subject", "subject\tobject\nc\td\n \tb\n", "prompt-empty-word", ""],
  ])("with %s", (_, text, code, token) => {
    const problem = onlyProblem(text, "a.tsv");
    expect(problem).toMatchObject({ code, severity: "error" });
    expect(textAt(text, problem.position!)).toBe(token);
  });

  it("without a subject are not read from the next column", () => {
    expect(onlyProblem("a\tb\n\tc\n", "a.tsv").position).toMatchObject({ line: 2, column: 1 });
  });
});

describe("lists of analogies", () => {
  const google =
    "// a comment\n: capitals\nAthens Greece Berlin Germany\nBerlin Germany Athens Greece\nAthens Greece New_York USA\n: family\nboy girl king queen\n";

  it("of Google give the pairs of the first list, each once, and the others' names", () => {
    const { prompt, problems } = readPromptFile(google, "a.txt");
    expect(problems).toMatchObject([{ code: "prompt-several-lists", severity: "warning", position: { line: 2 } }]);
    expect(prompt).toMatchObject({
      format: "analogies",
      name: "capitals",
      lists: ["capitals", "family"],
      templates: [],
    });
    expect(pairsOf(google, prompt!)).toEqual([
      ["Athens", "Greece", "Greece"],
      ["Berlin", "Germany", "Germany"],
      ["New York", "USA", "USA"],
    ]);
  });

  it("of Google give the list that is chosen", () => {
    const prompt = good(google, "questions-words.txt", { list: "family" });
    expect(prompt.name).toBe("family");
    expect(pairsOf(google, prompt).map(([subject]) => subject)).toEqual(["boy", "king"]);
    expect(onlyProblem(google, "a.txt", { list: "families" })).toMatchObject({ code: "prompt-unknown-list" });
  });

  it.each(["I01 [noun - plural_reg].txt", "plural.txt"])("of BATS in %s give the first answer", (file) => {
    const text = "album\talbums\r\naircraft\tplane/airplane\r\nivory_coast\tyamoussoukro\r\n";
    const prompt = good(text, file);
    expect(prompt).toMatchObject({ format: "analogies", templates: [] });
    expect(pairsOf(text, prompt)).toEqual([
      ["album", "albums", "albums"],
      ["aircraft", "plane", "plane"],
      ["ivory coast", "yamoussoukro", "yamoussoukro"],
    ]);
  });

  it("with a wrong line are refused", () => {
    const problem = onlyProblem(": a\nAthens Greece Berlin Germany\nAthens Greece Berlin\n", "a.txt");
    expect(problem).toMatchObject({ code: "prompt-bad-line", severity: "error", position: { line: 3, column: 1 } });
  });

  it("are not what a plain prompt is", () => {
    expect(good(": note\nThe capital of {} is", "a.txt").format).toBe("plain");
    expect(good("Word\t{}\nAnswer\tis", "a.txt").format).toBe("plain");
  });
});
