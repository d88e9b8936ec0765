import type { ChatMessage } from "../../protocol/relation";
import type { Span } from "../lineIndex";
import type { ProblemCollector } from "../problemCollector";

/** What different programs call the three roles of a chat. */
const roles = new Map<string, ChatMessage["role"]>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["human", "user"],
  ["assistant", "assistant"],
  ["model", "assistant"],
  ["ai", "assistant"],
]);

/** Null, and reported, for a role that no chat template has. */
export function roleNamed(name: string, at: Span, problems: ProblemCollector): ChatMessage["role"] | null {
  const role = roles.get(name.toLowerCase());
  if (role !== undefined) return role;
  const message = `A message of the role "${name}" cannot be a part of the prompt.`;
  problems.error("prompt-unsupported-role", at, message, "Keep the messages of system, user and assistant.");
  return null;
}
