import { describe, expect, it } from "vitest";
import { good, onlyProblem, textAt } from "./reading";

const system = { role: "developer", content: "Answer in a word." };
const user = { role: "user", content: "The capital of {{country}} is" };

describe("messages of a chat", () => {
  it.each([
    ["a list", [system, user]],
    ["under a key", { model: "x", messages: [system, user], temperature: 0 }],
  ])("as %s", (_, value) => {
    const text = JSON.stringify(value, null, 2);
    const prompt = good(text, "capital.chat.json");
    expect(prompt).toMatchObject({ format: "chat", name: "capital", samples: [] });
    expect(prompt.templates).toMatchObject([
      {
        text: "Answer in a word.\nThe capital of {} is",
        slot: "country",
        messages: [
          { role: "system", content: "Answer in a word." },
          { role: "user", content: "The capital of {} is" },
        ],
      },
    ]);
    expect(textAt(text, prompt.templates[0]!.position)).toMatch(/^\[.*\]$/s);
  });

  it("may have parts that are texts", () => {
    const text = JSON.stringify([
      {
        role: "user",
        content: [
          { type: "text", text: "The {} " },
          { type: "text", text: "is" },
        ],
      },
    ]);
    expect(good(text, "a.messages.json").templates[0]?.messages).toEqual([{ role: "user", content: "The {} is" }]);
    expect(good(text, "other.json").format).toBe("chat");
  });

  it.each([
    ["broken JSON", "[", "prompt-bad-json", ""],
    ["no messages", '{"a": 1}', "prompt-no-messages", '{"a": 1}'],
    ["an empty list", "[]", "prompt-no-messages", "[]"],
    [
      "a message without role",
      '[{"role": "user", "content": "{}"}, {"content": "a"}]',
      "prompt-bad-message",
      '{"content": "a"}',
    ],
    ["an image", '[{"role": "user", "content": [{"text": "{}"}, {"url": "a"}]}]', "prompt-bad-message", '{"url": "a"}'],
    [
      "another role",
      '[{"role": "tool", "content": "a"}, {"role": "user", "content": "{}"}]',
      "prompt-unsupported-role",
      '"tool"',
    ],
    [
      "the subject in two messages",
      '[{"role": "user", "content": "{}"}, {"role": "user", "content": "a {}"}]',
      "prompt-subject-twice",
      '"a {}"',
    ],
    [
      "no place for the subject",
      '[{"role": "user", "content": "a"}]',
      "prompt-no-slot",
      '[{"role": "user", "content": "a"}]',
    ],
  ])("with %s are refused", (_, text, code, token) => {
    const problem = onlyProblem(text, "a.chat.json");
    expect(problem).toMatchObject({ code, severity: "error" });
    if (token !== "") expect(textAt(text, problem.position!)).toBe(token);
  });
});
