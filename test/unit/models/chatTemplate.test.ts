import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chatTemplate, type ChatTemplate } from "../../../src/engine/models/chatTemplate";
import { fixedDate, formatDate } from "../../../src/engine/models/fixedDate";
import { readTokenizer, type Bos } from "../../../src/engine/models/tokenizer";
import type { ChatMessage } from "../../../src/protocol/relation";
import { newFolder, refusal } from "./support";

const root = join(import.meta.dirname, "../../..");

interface Case {
  readonly family: string;
  readonly chat: string;
  readonly messages: readonly ChatMessage[];
  readonly text?: string;
  readonly refusal?: string;
}
/** By Jinja2 itself: test/fixtures/references/chat_templates.py. */
const reference = JSON.parse(readFileSync(join(root, "test/fixtures/references/chat-templates.json"), "utf8")) as {
  readonly tokens: Record<string, string>;
  readonly templates: Record<string, string>;
  readonly cases: readonly Case[];
};

function family(name: string, leftOut = ""): ChatTemplate {
  const source = reference.templates[name] ?? "";
  return chatTemplate({ source, specialTokens: reference.tokens, leftOut, path: "model/tokenizer_config.json" });
}
const question: ChatMessage = { role: "user", content: "Opposite of hot?" };

describe("a chat template", () => {
  it.each(reference.cases)(
    "writes what Jinja2 writes: $family, $chat",
    ({ family: name, messages, text, refusal: no }) => {
      const write = () => family(name).prompt(messages).text;
      if (text !== undefined) expect(write()).toBe(text);
      else expect(write).toThrow(no);
    },
  );

  it("that refuses messages says so, with what to do", async () => {
    const problem = await refusal(() =>
      family("brackets").prompt([{ role: "system", content: "Be brief." }, question]),
    );
    expect(problem).toMatchObject({ code: "chat-template-failed", kind: "model" });
    expect(problem.message).toContain("System role not supported");
    expect(problem.remedy).toContain("system message");
  });

  it("that is no template is refused when a chat needs it, and not before", async () => {
    const broken = chatTemplate({ source: "{% for %}", specialTokens: {}, leftOut: "", path: "x" });
    expect((await refusal(() => broken.prompt([question]))).code).toBe("chat-template-failed");
  });

  it.each([
    ["turns", ""],
    ["headers", ""],
    ["brackets", " "],
    ["braces", " "],
  ])("of the family %s has %j before an answer", (name, separator) => {
    expect(family(name).prompt([question]).answerSeparator).toBe(separator);
  });

  it("lets the model go on with the assistant's last message", () => {
    const started = [question, { role: "assistant", content: "The opposite of hot is" }] as const;
    const { text, answerSeparator } = family("brackets").prompt(started);
    expect(text).toBe("<|endoftext|>[INST] Opposite of hot? [/INST] The opposite of hot is");
    expect(answerSeparator).toBe(" ");
  });

  it("leaves out the token that the tokeniser adds", () => {
    const { text } = family("brackets", "<|endoftext|>").prompt([question]);
    expect(text).toBe("[INST] Opposite of hot? [/INST]");
  });

  it("is told the same day on every day", () => {
    expect(formatDate(fixedDate, "%A, %d %B %Y (%a %b), %H:%M:%S %% %Q")).toBe(
      "Friday, 26 July 2024 (Fri Jul), 00:00:00 % %Q",
    );
  });
});

describe("the chat template of a model's folder", () => {
  function modelWith(config: object, files: Record<string, string> = {}, bos: Bos = "auto") {
    const folder = newFolder();
    cpSync(join(root, "models/embedded-small/tokenizer.json"), join(folder, "tokenizer.json"));
    writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify({ bos_token: "<|endoftext|>", ...config }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return readTokenizer(folder, bos, 0);
  }
  const said = (config: object, files?: Record<string, string>) =>
    modelWith(config, files).chat?.prompt([question]).text;

  it("is a text in tokenizer_config.json", () => {
    expect(said({ chat_template: "C {{ messages[0].content }}" })).toBe("C Opposite of hot?");
  });
  it("is the default one of several, else the first", () => {
    const named = (name: string) => ({ name, template: name });
    expect(said({ chat_template: [named("tool_use"), named("default")] })).toBe("default");
    expect(said({ chat_template: [named("rag"), named("tool_use")] })).toBe("rag");
  });
  it("is in a file of its own, which counts before the configuration", () => {
    expect(said({ chat_template: "config" }, { "chat_template.jinja": "own file" })).toBe("own file");
    expect(said({}, { "chat_template.json": JSON.stringify({ chat_template: "json" }) })).toBe("json");
    expect(said({ chat_template: "config" }, { "chat_template.json": "{" })).toBe("config");
  });
  it("is absent where there is none, or none that is a text", () => {
    expect(said({})).toBeUndefined();
    expect(said({ chat_template: 3 }, { "chat_template.json": "[]" })).toBeUndefined();
  });
  it("knows special tokens that are written as objects", () => {
    expect(said({ eos_token: { content: "</s>" }, chat_template: "{{ eos_token }}" })).toBe("</s>");
  });

  it.each([
    ["auto", [0]],
    ["always", [0]],
    ["never", []],
  ] as const)("with bos %s, its tokens start with %j", (bos, first) => {
    const tokenizer = modelWith({ chat_template: "{{ bos_token }}The opposite" }, {}, bos);
    const text = tokenizer.chat?.prompt([question]).text ?? "";
    const ids = tokenizer.encode(text);
    expect(ids.slice(0, first.length)).toEqual(first);
    expect(ids.slice(first.length)).not.toContain(0);
    expect(tokenizer.decode(ids.slice(first.length))).toBe("The opposite");
  });
});
