import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { chatTemplate, type ChatTemplate } from "./chatTemplate";

/** The longest in use have some 20 kB. */
const maximumBytes = 1 << 20;

const templates = v.union([v.string(), v.array(v.looseObject({ name: v.string(), template: v.string() }))]);
const withTemplate = v.looseObject({ chat_template: v.nullish(templates) });
const token = v.union([v.string(), v.looseObject({ content: v.string() })]);

/** What a tokeniser adds by itself. */
interface FirstTokens {
  /** Texts of the tokens that it puts before every text. */
  readonly added: string;
  /** Whether a first token is refused even where the template writes one. */
  readonly refused: boolean;
}

/**
 * The chat template of a model's folder: `chat_template.jinja`, or that of `tokenizer_config.json`, or of
 * `chat_template.json`. Undefined where there is none that is a text.
 * @param config of the tokeniser, parsed
 */
export function readChatTemplate(folder: string, config: unknown, first: FirstTokens): ChatTemplate | undefined {
  const own = join(folder, "chat_template.jinja");
  const ofConfig = v.safeParse(withTemplate, config);
  const candidates: readonly (readonly [path: string, source: () => string | undefined])[] = [
    [own, () => readSmall(own)],
    [
      join(folder, "tokenizer_config.json"),
      () => (ofConfig.success ? chosen(ofConfig.output.chat_template) : undefined),
    ],
    [join(folder, "chat_template.json"), () => fromJson(readSmall(join(folder, "chat_template.json")))],
  ];
  for (const [path, read] of candidates) {
    const source = read();
    if (source === undefined || source === "") continue;
    const specialTokens = specialTokensOf(config);
    const leftOut = first.refused ? (specialTokens["bos_token"] ?? "") : first.added;
    return chatTemplate({ source, specialTokens, leftOut, path });
  }
  return undefined;
}

/** Of several, the one for chats without tools or documents. */
function chosen(found: v.InferOutput<typeof templates> | null | undefined): string | undefined {
  if (found == null || typeof found === "string") return found ?? undefined;
  return (found.find(({ name }) => name === "default") ?? found[0])?.template;
}

function fromJson(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = v.safeParse(withTemplate, JSON.parse(text));
    return parsed.success ? chosen(parsed.output.chat_template) : undefined;
  } catch {
    return undefined;
  }
}

function readSmall(path: string): string | undefined {
  return existsSync(path) && statSync(path).size <= maximumBytes ? readFileSync(path, "utf8") : undefined;
}

/** `bos_token`, `eos_token` and the like, which templates name. */
function specialTokensOf(config: unknown): Record<string, string> {
  if (typeof config !== "object" || config === null) return {};
  return Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) => {
      const parsed = name.endsWith("_token") ? v.safeParse(token, value) : null;
      if (parsed?.success !== true) return [];
      return [[name, typeof parsed.output === "string" ? parsed.output : parsed.output.content]];
    }),
  );
}
