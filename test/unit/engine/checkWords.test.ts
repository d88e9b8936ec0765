import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkWords } from "../../../src/engine/checkWords";

const model = join(import.meta.dirname, "../../../models/embedded-small");
const text = (...objects: string[]) =>
  `prompt_templates:\n  - "The superlative of {} is"\nsamples:\n${objects
    .map((object, i) => `  - { subject: word${String(i)}, object: "${object}" }\n`)
    .join("")}`;
const check = (content: string, from: string | null = model) =>
  checkWords({ file: "x.relation.yaml", text: content, model: from, bos: "auto" });

describe("what the tokeniser makes of answers", () => {
  it("is nothing for words of one token that differ", () => {
    expect(check(text("easiest", "biggest", "oldest"))).toEqual({ ok: true, value: null, problems: [] });
  });

  it("tells of answers with one first token, at the later of them", () => {
    const { problems } = check(text("easiest", "zzqa", "zzqb"));
    const [collision] = problems.filter(({ code }) => code === "answers-share-first-token");
    expect(collision).toMatchObject({ severity: "warning", position: { line: 6 } });
    expect(collision?.message).toContain("“zzqa”, “zzqb”");
  });

  it("tells of answers of several tokens, with the tokens", () => {
    const { problems } = check(text("easiestzz", "biggest", "oldest"));
    expect(problems.map(({ code }) => code)).toEqual(["answer-several-tokens"]);
    expect(problems[0]).toMatchObject({ position: { line: 4 } });
    expect(problems[0]?.message).toMatch(/is \d+ tokens of the model: “/);
  });

  it("leaves what is wrong with the file or the model to others", () => {
    expect(check("samples: [").problems).toEqual([]);
    expect(check(text("a"), "/nowhere").problems).toEqual([]);
    expect(check(text("a"), "nobody/nothing-here").problems).toEqual([]);
  });
});
