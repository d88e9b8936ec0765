import type { ChatMessage } from "../../protocol/relation";
import { parseJinja, type JinjaTemplate } from "./jinja";
import { modelProblem } from "./modelProblem";

/** How a model wants a chat to be written. */
export interface ChatTemplate {
  /**
   * The text up to where the model answers. Where the last message is the assistant's, the model goes on with it.
   * @throws ProblemError where the template does not take the messages
   */
  prompt(messages: readonly ChatMessage[]): ChatPrompt;
}

export interface ChatPrompt {
  /** With the template's special tokens, but for what the tokeniser itself puts first. */
  readonly text: string;
  /** What the template writes between the prompt and an answer: nothing, a space or line ends. */
  readonly answerSeparator: string;
}

export interface ChatTemplateOptions {
  /** In Jinja. */
  readonly source: string;
  /** `bos_token`, `eos_token` … as the tokeniser's configuration has them. */
  readonly specialTokens: Readonly<Record<string, string>>;
  /** Texts of tokens that are not wanted at the start, since the tokeniser adds them or nobody asked for them. */
  readonly leftOut: string;
  /** For messages. */
  readonly path: string;
}

/** Private to this module; no prompt has it. */
const mark = "\uE001";

export function chatTemplate({ source, specialTokens, leftOut, path }: ChatTemplateOptions): ChatTemplate {
  let parsed: JinjaTemplate | undefined;
  const render = (messages: readonly ChatMessage[], addGenerationPrompt: boolean): string => {
    try {
      parsed ??= parseJinja(source);
      return parsed({
        ...specialTokens,
        messages,
        add_generation_prompt: addGenerationPrompt,
        tools: null,
        documents: null,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw modelProblem(
        "chat-template-failed",
        path,
        `The model's chat template does not take these messages: ${reason.replace(/\.$/, "")}.`,
        "Leave out what it does not know, such as a system message, or choose another model.",
      );
    }
  };
  const start = (text: string): string =>
    leftOut !== "" && text.startsWith(leftOut) ? text.slice(leftOut.length) : text;
  return {
    prompt: (messages) => {
      const last = messages.at(-1);
      if (last?.role === "assistant") {
        const marked = render([...messages.slice(0, -1), { ...last, content: last.content + mark }], false);
        const text = start(marked.split(mark, 1)[0] ?? "");
        return { text, answerSeparator: afterText(text) };
      }
      const text = render(messages, true);
      const answered = tried(() => render([...messages, { role: "assistant", content: mark }], false));
      const between = answered?.startsWith(text) === true ? answered.slice(text.length).split(mark, 1)[0] : undefined;
      return {
        text: start(text),
        answerSeparator: between !== undefined && between.trim() === "" ? between : afterText(text),
      };
    },
  };
}

/** Words follow a text after a space, unless it ends in one. */
const afterText = (text: string): string => (/\s$/.test(text) ? "" : " ");

/** Some templates take no chat that has been answered. */
function tried<T>(operation: () => T): T | null {
  try {
    return operation();
  } catch {
    return null;
  }
}
