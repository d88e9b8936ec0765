import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Tokenizer } from "../../../src/engine/models/languageModel";
import { readTokenizer } from "../../../src/engine/models/tokenizer";
import { lacksChatTemplate, promptForms } from "../../../src/engine/prompts/promptForms";
import { buildPrompts } from "../../../src/engine/prompts/promptSet";
import type { ChatMessage, Relation } from "../../../src/protocol/relation";
import { newFolder, refusal } from "../models/support";

const root = join(import.meta.dirname, "../../..");
const { templates } = JSON.parse(readFileSync(join(root, "test/fixtures/references/chat-templates.json"), "utf8")) as {
  templates: Record<string, string>;
};

/** The embedded model's tokeniser with a chat template. */
function tokenizerWith(chatTemplate?: string): Tokenizer {
  const folder = newFolder();
  cpSync(join(root, "models/embedded-small/tokenizer.json"), join(folder, "tokenizer.json"));
  const config = { bos_token: "<|endoftext|>", eos_token: "<|endoftext|>", chat_template: chatTemplate };
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify(config));
  return readTokenizer(folder, "auto", 0);
}

const chat: readonly ChatMessage[] = [{ role: "user", content: "The superlative of {} is what?" }];
const relation: Relation = {
  name: "superlative",
  templates: ["The superlative of {} is what?", "Nothing is more {} than this: it is the"],
  chats: [chat, null],
  samples: [
    { subject: "easy", object: "easiest" },
    { subject: "dangerous", object: "most dangerous" },
  ],
};
const prompts = (tokenizer: Tokenizer, of = relation) => buildPrompts(of, { tokenizer });

describe("the prompts of a chat", () => {
  it.each(["turns", "headers", "braces"])("are written by the model's template: %s", (family) => {
    const tokenizer = tokenizerWith(templates[family]);
    const { prompts: all } = prompts(tokenizer);
    for (const { tokens, sample, template, answer } of all) {
      const { subject = "" } = relation.samples[sample] ?? {};
      const between = tokenizer.decode(tokens.ids.slice(tokens.subjectStart, tokens.subjectEnd + 1));
      expect(between.trim()).toBe(subject);
      expect(tokens.splitsCleanly).toBe(true);
      expect(tokens.ids.filter((id) => id === 0)).toEqual([0]);
      expect(tokens.text.includes("assistant")).toBe(template === 0);
      expect(answer?.ids.slice(0, tokens.ids.length)).toEqual(tokens.ids);
    }
  });

  it("end where the model answers, and an answer follows as the template has it", () => {
    const tokenizer = tokenizerWith(templates["turns"]);
    const [prompt] = prompts(tokenizer).prompts;
    expect(prompt?.tokens.text).toBe("<|turn|>user\nThe superlative of easy is what?<|end|>\n\n<|turn|>assistant\n\n");
    expect(tokenizer.decode(prompt?.answer?.ids.slice(prompt.answer.start) ?? [])).toBe("easiest");
  });

  it("keep their subject's first token where it begins a line", () => {
    const bare: Relation = { ...relation, templates: ["{}"], chats: [[{ role: "user", content: "{}" }]] };
    const tokenizer = tokenizerWith(templates["turns"]);
    const [prompt] = prompts(tokenizer, bare).prompts;
    const { ids = [], subjectStart = 0, subjectEnd = 0 } = prompt?.tokens ?? {};
    expect(tokenizer.decode(ids.slice(subjectStart, subjectEnd + 1))).toBe("easy");
  });

  it("are the contents with line ends where the model has no template", () => {
    const tokenizer = tokenizerWith();
    expect(lacksChatTemplate(relation, tokenizer)).toBe(true);
    expect(prompts(tokenizer).prompts[0]?.tokens.text).toBe("The superlative of easy is what?");
    expect(lacksChatTemplate({ ...relation, chats: [null, null] }, tokenizer)).toBe(false);
    expect(lacksChatTemplate(relation, tokenizerWith(templates["turns"]))).toBe(false);
  });

  it.each([
    ["loses", "{{ 'a prompt of its own' }}", "leaves out"],
    ["repeats", "{{ messages[0].content }} {{ messages[0].content }}", "repeats"],
  ])("are refused where the template %s the subject", async (_, source, says) => {
    const problem = await refusal(() => promptForms(relation, tokenizerWith(source)));
    expect(problem.code).toBe("chat-template-slot");
    expect(problem.message).toContain(says);
  });
});
