import type { Tokenizer } from "../models/languageModel";
import { plainForm, type PromptForm } from "./promptForms";

/** A prompt, tokenised, with the positions that the analyses read (linear-properties section 3). */
export interface TokenizedPrompt {
  /** x_i ⊕ q: template with the subject filled in. */
  readonly text: string;
  readonly ids: readonly number[];
  /** Index of the subject's first token; `subjectEnd` for a subject of one token. */
  readonly subjectStart: number;
  /** Index of the subject's last token, where x_i ends. */
  readonly subjectEnd: number;
  /** Whether x_i ⊕ q tokenises to x_i's own tokens first; where not, a token spans the end of the subject. */
  readonly splitsCleanly: boolean;
}

/** @param template with exactly one `{}`; the file reader guarantees it. */
export function tokenizePrompt(tokenizer: Tokenizer, template: string, subject: string): TokenizedPrompt {
  return promptTokenizer(tokenizer, plainForm(template))(subject);
}

/** As `tokenizePrompt`, for many subjects. */
export function promptTokenizer(tokenizer: Tokenizer, form: PromptForm): (subject: string) => TokenizedPrompt {
  // The space before a subject belongs to its first token; a line end does not.
  const before = tokenizer.encode(form.before.replace(/ +$/, ""));
  return (subject) => withSubject(tokenizer, form, before, subject);
}

function withSubject(
  tokenizer: Tokenizer,
  form: PromptForm,
  before: readonly number[],
  subject: string,
): TokenizedPrompt {
  const upToSubject = form.before + subject;
  const text = upToSubject + form.after;
  const ids = tokenizer.encode(text);
  const subjectIds = tokenizer.encode(upToSubject);
  const splitsCleanly = subjectIds.every((id, i) => ids[i] === id);
  const subjectEnd = splitsCleanly ? subjectIds.length - 1 : lastTokenOf(tokenizer, ids, upToSubject);
  const differs = ids.findIndex((id, i) => id !== before[i]);
  const subjectStart = Math.min(differs < 0 ? ids.length : differs, subjectEnd);
  return { text, ids, subjectStart, subjectEnd, splitsCleanly };
}

/** Index of the first token at whose end the decoded text covers all of `prefix`. */
function lastTokenOf(tokenizer: Tokenizer, ids: readonly number[], prefix: string): number {
  const wanted = prefix.trimStart().length;
  for (let k = 0; k < ids.length; k++) {
    if (tokenizer.decode(ids.slice(0, k + 1)).trimStart().length >= wanted) return k;
  }
  return ids.length - 1;
}

/** An object after a prompt, as tokens. */
export interface AnswerTokens {
  /** Tokenisation of `prompt ⊕ separator ⊕ object`. */
  readonly ids: readonly number[];
  /** Index of the first token in which it differs from the prompt's. */
  readonly start: number;
  /** ids[start]: what the first-token figures are about. */
  readonly first: number;
}

/**
 * @param separator between the prompt and its answer, as `PromptForm` has it
 * @returns null when the object adds no token of its own.
 */
export function tokenizeAnswer(
  tokenizer: Tokenizer,
  prompt: TokenizedPrompt,
  object: string,
  separator = " ",
): AnswerTokens | null {
  const ids = tokenizer.encode(prompt.text + separator + object);
  let start = 0;
  while (start < prompt.ids.length && ids[start] === prompt.ids[start]) start++;
  const first = ids[start];
  return first === undefined ? null : { ids, start, first };
}

/**
 * Id of `" " + word` where that is a single token, else null. Position-initial forms are not used:
 * they are other tokens with other rows of g.
 */
export function singleToken(tokenizer: Tokenizer, word: string): number | null {
  const anchor = ".";
  const alone = tokenizer.encode(anchor);
  const ids = tokenizer.encode(`${anchor} ${word}`);
  if (ids.length !== alone.length + 1 || !alone.every((id, i) => ids[i] === id)) return null;
  return ids[alone.length] ?? null;
}
