import type { ChatMessage, Relation } from "../../protocol/relation";
import { ProblemError } from "../../protocol/problem";
import type { Tokenizer } from "../models/languageModel";

/** A template as the model reads it, on both sides of its slot. */
export interface PromptForm {
  readonly before: string;
  readonly after: string;
  /** Between the prompt and its answer. */
  readonly answerSeparator: string;
}

const slot = "{}";
/** Stands for the slot while a chat template runs, which may write `{}` itself. */
const mark = "\uE000";

/** @param template with exactly one `{}` */
export function plainForm(template: string): PromptForm {
  const at = template.indexOf(slot);
  return { before: template.slice(0, at), after: template.slice(at + slot.length), answerSeparator: " " };
}

/**
 * By template: chats through the model's own chat template; where it has none, their contents with line ends between
 * them, as `relation.templates` has them.
 * @throws ProblemError where the chat template does not take the messages
 */
export function promptForms(relation: Relation, { chat }: Pick<Tokenizer, "chat">): PromptForm[] {
  return relation.templates.map((template, t) => {
    const messages = relation.chats?.[t] ?? null;
    if (messages === null || chat === undefined) return plainForm(template);
    const { text, answerSeparator } = chat.prompt(messages.map(marked));
    const [before = "", after, another] = text.split(mark);
    if (after === undefined || another !== undefined) throw slotLost(template, after === undefined);
    return { before, after, answerSeparator };
  });
}

export const noChatTemplate =
  "The model has no chat template: the messages of a chat are joined by line ends, without roles.";

/** Whether the relation has chats that the model has no template for. */
export function lacksChatTemplate({ chats = [] }: Relation, { chat }: Pick<Tokenizer, "chat">): boolean {
  return chat === undefined && chats.some((messages) => messages !== null);
}

const marked = ({ role, content }: ChatMessage): ChatMessage => ({ role, content: content.replace(slot, mark) });

const slotLost = (template: string, lost: boolean) =>
  new ProblemError([
    {
      kind: "model",
      code: "chat-template-slot",
      severity: "error",
      message: `The model's chat template ${lost ? "leaves out" : "repeats"} the message that the subject goes into, in the chat “${template.slice(0, 60)}”.`,
      remedy: "Put the subject into the user's message.",
    },
  ]);
