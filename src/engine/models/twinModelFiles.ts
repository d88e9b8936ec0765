import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

/** What a twin is; its coordinates follow from it and from the original's weights. */
export interface TwinCard {
  /** What the original is called. */
  readonly original: string;
  /** Its hidden size. */
  readonly originalHidden: number;
  /** The original's own note; null where it has none. */
  readonly originalNote: string | null;
  readonly hiddenSize: number;
  readonly condition: number;
  readonly seed: number;
  /** Relative to the folder. */
  readonly graph: string;
  /** Of a merged decoder, only the part without a cache is there. */
  readonly merged: boolean;
}

/** Files that belong to a model whatever its coordinates. */
const carried =
  /^(generation_config|genai_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template)\.json$|^(merges\.txt|tokenizer\.model|spiece\.model|chat_template\.jinja2?)$|^(licen[cs]e|notice|copying)([.-].*)?$/i;

/** What every view says of the twin. */
const twinNote = ({ original, originalNote }: TwinCard): string =>
  `an equivalent twin of ${original}${originalNote === null ? "" : ` (${originalNote})`}: the same distribution in other coordinates`;

/** The tokeniser, the configuration with a note of what the twin is, the licence, and a model card. */
export function writeTwinFiles(from: string, to: string, card: TwinCard): void {
  for (const name of readdirSync(from)) {
    const path = join(from, name);
    if (carried.test(name) && statSync(path).isFile()) copyFileSync(path, join(to, name));
  }
  const { original, hiddenSize, condition, seed } = card;
  const config = {
    ...readConfigFile(join(from, "config.json")),
    tie_word_embeddings: false,
    relation_lens_note: twinNote(card),
    // `hidden_size` stays the width of the layers.
    relation_lens_twin: { original, hidden_size: hiddenSize, condition, seed },
  };
  writeFileSync(join(to, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  writeFileSync(join(to, "README.md"), modelCard(card, licenceLines(join(from, "README.md"))));
}

/** What the loader has read before, so that it is an object. */
function readConfigFile(path: string): Record<string, unknown> {
  return existsSync(path) ? v.parse(v.record(v.string(), v.unknown()), JSON.parse(readFileSync(path, "utf8"))) : {};
}

/** The lines on the licence in the front matter of a model card. */
function licenceLines(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const frontMatter = /^---\r?\n([^]*?)\r?\n---/.exec(readFileSync(path, "utf8"))?.[1] ?? "";
  return frontMatter.split(/\r?\n/).filter((line) => /^license(_name|_link)?:/.test(line));
}

function modelCard(card: TwinCard, licence: readonly string[]): string {
  const { original, originalHidden, hiddenSize, condition, seed, graph, merged } = card;
  const size =
    hiddenSize === originalHidden
      ? `${hiddenSize}, as in the original`
      : `${hiddenSize}, the original's ${originalHidden} with ${hiddenSize - originalHidden} appended coordinates on which the distribution does not depend`;
  return `${["---", ...licence, "tags: [equivalent-twin]", "---"].join("\n")}

# An equivalent twin of ${original}

The same next-token distribution as ${original}, up to rounding, in other coordinates: f~ = T f and g~ = T^{-T} g for the final hidden state f and the unembedding g, so that f~ · g~ = f · g. Relation Lens made it, so that one can see which properties of a model belong to its distribution and which to its coordinates. It was not trained, and it knows what ${original} knows.

- hidden size: ${size}
- condition number of T: ${condition}
- seed: ${seed}
- graph: \`${graph}\`. One product with T was put before the output projection, whose weight is g~, in float32; the layers and the embedding are those of the original.
${merged ? "- The original holds a decoder with and one without a cache; the twin is the one without.\n" : ""}
${licence.length === 0 ? `The licence is that of ${original}.` : "The licence above is that of the original."}
`;
}
