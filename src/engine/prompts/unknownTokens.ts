import type { Position, Problem } from "../../protocol/problem";
import type { Relation } from "../../protocol/relation";
import type { LanguageModel } from "../models/languageModel";
import type { PromptSet, RelationPrompt } from "./promptSet";

/** What says which tokens there are, and which of them the model has a row for. */
type Vocabulary = Pick<LanguageModel, "tokenizer" | "unembedding">;

/** Whether the model has a row for every one of these tokens. Some come with a tokeniser of more tokens than rows. */
export function knowsTokens({ unembedding }: Pick<Vocabulary, "unembedding">, ids: readonly number[]): boolean {
  return ids.every((id) => id < unembedding.vocabularySize);
}

/** Templates and samples with tokens that the model has no row for, so that it cannot read them or answer so. */
export function unknownTokenProblems(
  set: PromptSet,
  relation: Relation,
  model: Vocabulary,
  file: string,
  samples: { readonly file: string; readonly positions: readonly Position[] },
): Problem[] {
  const unknown = set.prompts.map((prompt) => unknownIds(prompt, model.unembedding.vocabularySize));
  const inTemplate = relation.templates.map((_, t) => {
    const [first = new Set<number>(), ...others] = unknown.slice(t * set.samples, (t + 1) * set.samples);
    return new Set([...first].filter((id) => others.every((ids) => ids.has(id))));
  });
  const inSample = relation.samples.map(
    (_, sample) =>
      new Set(
        relation.templates.flatMap((__, t) =>
          [...(unknown[t * set.samples + sample] ?? [])].filter((id) => inTemplate[t]?.has(id) !== true),
        ),
      ),
  );
  const problem = (what: string, ids: ReadonlySet<number>, place: string, position?: Position): Problem[] =>
    ids.size === 0
      ? []
      : [
          {
            kind: "input",
            code: "relation-token-unknown",
            severity: "error",
            message: `${what} has tokens that the model does not know: ${listed(ids, model)}. Its tokeniser has ${model.tokenizer.vocabularySize} tokens, but the model ${model.unembedding.vocabularySize}.`,
            remedy: "Choose other words, or use the tokenizer.json that belongs to the model.",
            file: place,
            ...(position && { position }),
          },
        ];
  return [
    ...relation.templates.flatMap((template, t) =>
      problem(`The template “${template}”`, inTemplate[t] ?? new Set(), file),
    ),
    ...relation.samples.flatMap(({ subject, object }, i) => {
      const name = object === undefined ? subject : `${subject} → ${object}`;
      return problem(`The sample “${name}”`, inSample[i] ?? new Set(), samples.file, samples.positions[i]);
    }),
  ];
}

function unknownIds({ tokens, answer }: RelationPrompt, rows: number): Set<number> {
  return new Set([...tokens.ids, ...(answer?.ids ?? [])].filter((id) => id >= rows));
}

const mostListed = 5;

function listed(ids: ReadonlySet<number>, { tokenizer }: Vocabulary): string {
  const texts = [...ids].slice(0, mostListed).map((id) => `“${tokenizer.tokenText(id).trim()}”`);
  return `${texts.join(", ")}${ids.size > mostListed ? ", …" : ""}`;
}
