import { describe, expect, it } from "vitest";
import { singleToken, tokenizeAnswer, tokenizePrompt } from "../../../src/engine/prompts/promptTokens";
import { wordTokenizer } from "./wordTokenizer";

const tokenizer = wordTokenizer();
const textOf = (ids: readonly number[]) => tokenizer.decode(ids);

describe("the subject's end", () => {
  it.each([
    ["The word {} is", "cat", "The word cat"],
    ["{} means", "cat", "cat"],
    ["Say {}", "elephant", "Say elephant"],
    ["The tail of {}, the", "elephant", "The tail of elephant"],
  ])("%s with %s", (template, subject, upTo) => {
    const prompt = tokenizePrompt(tokenizer, template, subject);
    expect(prompt.splitsCleanly).toBe(true);
    expect(textOf(prompt.ids.slice(0, prompt.subjectEnd + 1))).toBe(upTo);
    expect(prompt.text).toBe(template.replace("{}", subject));
  });

  it("is the token that covers it where a token spans the boundary", () => {
    const prompt = tokenizePrompt(tokenizer, "The {}'s tail", "dog");
    expect(prompt.splitsCleanly).toBe(false);
    expect(tokenizer.tokenText(prompt.ids[prompt.subjectEnd] ?? -1)).toBe(" dog's");
  });

  it("does not read dollar patterns in a subject as replacements", () => {
    expect(tokenizePrompt(tokenizer, "A {} b", "$&").text).toBe("A $& b");
  });
});

describe("the subject's start", () => {
  it.each([
    ["The word {} is", "cat", " cat"],
    ["{} means", "cat", "cat"],
    ["{} means", "elephant", "eleph"],
    ["Say {}", "elephant", " elep"],
    ["What of {}? It is", "ice cream", " ice"],
  ])("%s with %s", (template, subject, first) => {
    const prompt = tokenizePrompt(tokenizer, template, subject);
    expect(tokenizer.tokenText(prompt.ids[prompt.subjectStart] ?? -1)).toBe(
      first.slice(0, first.startsWith(" ") ? 5 : 4),
    );
    expect(textOf(prompt.ids.slice(prompt.subjectStart, prompt.subjectEnd + 1)).trim()).toBe(subject);
  });

  it("is the token that spans it where one does, and never after its end", () => {
    const prompt = tokenizePrompt(tokenizer, "The {}'s tail", "dog");
    expect(prompt.subjectStart).toBe(prompt.subjectEnd);
  });
});

describe("the answer's tokens", () => {
  it("start at the first token that differs from the prompt's", () => {
    const prompt = tokenizePrompt(tokenizer, "The young of {} is", "cat");
    const answer = tokenizeAnswer(tokenizer, prompt, "kitten");
    expect(answer?.start).toBe(prompt.ids.length);
    expect(textOf(answer?.ids.slice(answer.start) ?? [])).toBe(" kitten");
    expect(tokenizer.tokenText(answer?.first ?? -1)).toBe(" kitt");
  });

  it("are null for an object without a token of its own", () => {
    const prompt = tokenizePrompt(
      { ...tokenizer, encode: (text) => [0, ...Array.from(text.trimEnd(), () => 1)] },
      "{}",
      "a",
    );
    expect(
      tokenizeAnswer({ ...tokenizer, encode: (text) => [0, ...Array.from(text.trimEnd(), () => 1)] }, prompt, ""),
    ).toBeNull();
  });
});

describe("single tokens after a space", () => {
  it("have an id", () => {
    expect(tokenizer.tokenText(singleToken(tokenizer, "cat") ?? -1)).toBe(" cat");
  });
  it("do not exist for words that are split", () => {
    expect(singleToken(tokenizer, "elephant")).toBeNull();
    expect(singleToken(tokenizer, "ice cream")).toBeNull();
  });
});
