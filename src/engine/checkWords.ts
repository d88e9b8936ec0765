import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CheckWordsOutcome, CheckWordsParams } from "../protocol/engine";
import { ProblemError, type Position, type Problem } from "../protocol/problem";
import type { Relation } from "../protocol/relation";
import { parseRelation } from "../formats/relationFile";
import { chooseModel } from "./modelStore";
import { findModel } from "./models/findModel";
import { CachedRepository } from "./models/hubCache";
import { hubSettings } from "./models/hubSettings";
import type { Tokenizer } from "./models/languageModel";
import { readTokenizer } from "./models/tokenizer";
import { collisionProblem } from "./prepareStudy";
import { buildPrompts, type PromptSet } from "./prompts/promptSet";
import { findCollisions } from "./sections/answers";

/** Of the words of a vocabulary with few of them, the first say it all. */
const mostListed = 20;

/** What the model's tokeniser makes of the answers of a relation. Loads the tokeniser alone, and downloads nothing. */
export function checkWords({ file, text, model, bos }: CheckWordsParams): CheckWordsOutcome {
  const { relation, samplePositions } = parseRelation(text, file);
  if (relation === null) return { ok: true, value: null, problems: [] };
  try {
    const tokenizer = tokenizerOf(model, relation.model, file, bos);
    return {
      ok: true,
      value: null,
      problems: tokenizer === null ? [] : wordProblems(relation, tokenizer, file, samplePositions),
    };
  } catch (error) {
    // What is wrong with the model is for the analysis to say.
    if (error instanceof ProblemError) return { ok: true, value: null, problems: [] };
    throw error;
  }
}

/** Answers that first-token figures cannot tell apart, and those of which they see a part. */
function wordProblems(
  relation: Relation,
  tokenizer: Tokenizer,
  file: string,
  positions: readonly Position[],
): Problem[] {
  // In the first template alone: what an answer's first token is hardly depends on the prompt.
  const templates = [relation.templates[0] ?? "{}"];
  const { chats, ...plain } = relation;
  const set = buildPrompts(
    { ...plain, templates, ...(chats !== undefined && { chats: chats.slice(0, 1) }) },
    { tokenizer },
  );
  const collisions = findCollisions(set, relation, { tokenizer });
  return [
    ...collisions.map((collision) => collisionProblem(collision, file, positions)),
    ...severalTokens(relation, set, tokenizer, file, positions).slice(0, mostListed),
  ];
}

function severalTokens(
  { samples }: Relation,
  { prompts }: PromptSet,
  tokenizer: Tokenizer,
  file: string,
  positions: readonly Position[],
): Problem[] {
  return samples.flatMap(({ object }, i) => {
    const answer = prompts[i]?.answer ?? null;
    if (object === undefined || answer === null) return [];
    const ids = answer.ids.slice(answer.start);
    if (ids.length < 2) return [];
    const tokens = ids.map((id) => `“${tokenizer.tokenText(id).trim()}”`).join(" ");
    const position = positions[i];
    return [
      {
        kind: "input",
        code: "answer-several-tokens",
        severity: "warning",
        message: `The object “${object}” is ${ids.length} tokens of the model: ${tokens}. Figures are about the first.`,
        remedy: "Nothing has to be done; a word that is one token says more.",
        file,
        ...(position && { position }),
      },
    ];
  });
}

let last: { readonly key: string; readonly tokenizer: Tokenizer } | null = null;

/** Null for a model of the hub that is not in the cache. @throws ProblemError */
function tokenizerOf(
  chosen: string | null,
  named: string | undefined,
  file: string,
  bos: CheckWordsParams["bos"],
): Tokenizer | null {
  const { location, hub } = chooseModel(chosen, named, file);
  const place =
    hub === undefined ? location : new CachedRepository(hubSettings().cache, hub.name).cached(hub.revision ?? "main");
  if (place === null || !existsSync(place)) return null;
  const { folder, config } = findModel(place);
  const path = join(folder, "tokenizer.json");
  const key = JSON.stringify([path, bos, existsSync(path) ? statSync(path).mtimeMs : 0]);
  if (last?.key !== key) last = { key, tokenizer: readTokenizer(folder, bos, config.bosTokenId) };
  return last.tokenizer;
}
