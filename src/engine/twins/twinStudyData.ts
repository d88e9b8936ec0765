import type { ModelDescription } from "../../protocol/engine";
import type { Relation } from "../../protocol/relation";
import type { VocabularyStatistics } from "../analysis/geometry/geometry";
import type { AlignedContexts } from "../contexts/alignContexts";
import type { Floats } from "../models/languageModel";
import type { PromptSet } from "../prompts/promptSet";
import type { Study } from "../sections/study";
import type { KnownKlFits } from "./knownKlFits";
import { contextKey, type Recording } from "./recordingModel";
import { tokenNumbering, type TokenNumbering } from "./tokenNumbering";

/**
 * A study as plain data, from which a worker thread makes the studies of exact twins. Where the vocabulary is
 * restricted, the tokens that were kept have the numbers 0 … k − 1 in their old order, and the others follow.
 */
export interface TwinStudyData {
  readonly relation: Relation;
  readonly set: PromptSet;
  readonly controls: readonly { readonly name: string; readonly relation: Relation; readonly set: PromptSet }[];
  /** With the tokens of the twins; null where nobody asks for such contexts. */
  readonly general: AlignedContexts | null;
  readonly description: ModelDescription;
  readonly seed: number;
  readonly texts: ReadonlyMap<string, readonly number[]>;
  readonly tokenTexts: ReadonlyMap<number, string>;
  readonly klFits: KnownKlFits;
  /** Names of the rows of `f`. */
  readonly contexts: readonly string[];
  /** [contexts, dimension]; with a bias, 1 as last column. */
  readonly f: Floats;
  /** [tokens, dimension]; with a bias, it is the last column. */
  readonly g: Floats;
  readonly dimension: number;
  /** Rows of g that are not in the covariance. */
  readonly excluded: readonly number[];
  /** Over the whole vocabulary. */
  readonly statistics: VocabularyStatistics;
  /** Tokens in the covariance. */
  readonly count: number;
}

/**
 * @param study whose model was recorded
 * @param kept tokens that the twins know, ascending; null for all
 */
export function twinStudyData(study: Study, recording: Recording, kept: readonly number[] | null): TwinStudyData {
  const { relation, set, model, geometry, seed } = study;
  const tokens = tokenNumbering(kept, Math.max(model.unembedding.vocabularySize, model.tokenizer.vocabularySize));
  const dimension = geometry.dimension;
  const contexts = studyContexts(study, recording);
  const f = new Float32Array(contexts.size * dimension).fill(1);
  [...contexts.values()].forEach((values, i) => f.set(values, i * dimension));
  return {
    relation,
    set: renumberedSet(set, tokens),
    controls: study.controls.map((control) => ({
      name: control.name,
      relation: control.relation,
      set: renumberedSet(control.set, tokens),
    })),
    general: study.general === null ? null : renumberedContexts(study.general, tokens),
    description: model.description,
    seed,
    texts: new Map([...recording.texts].map(([text, ids]) => [text, ids.map(tokens.renumber)] as const)),
    tokenTexts: new Map([...recording.tokenTexts].map(([id, text]) => [tokens.renumber(id), text] as const)),
    klFits: recording.klFits,
    contexts: [...contexts.keys()].map((key) => renumberedKey(key, tokens)),
    f,
    g: rowsOf(study, kept),
    dimension,
    excluded: model.unembedding.excluded
      .map(tokens.renumber)
      .filter((id) => kept === null || id < kept.length)
      .sort((a, b) => a - b),
    statistics: { mean: geometry.mean, covariance: geometry.covariance },
    count: geometry.tokens.length,
  };
}

/** f of every context that the study has or its sections asked for; the study's own first. */
function studyContexts(study: Study, recording: Recording): Map<string, Floats> {
  const d = study.model.description.hiddenSize;
  const out = new Map<string, Floats>();
  const add = (ids: readonly number[], end: number, f: Floats) => {
    const key = contextKey(ids, end);
    if (!out.has(key)) out.set(key, f);
  };
  for (const { set, activations } of [study, ...study.controls]) {
    set.prompts.forEach(({ tokens: { ids, subjectEnd } }, i) => {
      add(ids, ids.length, activations.f.subarray(i * d, (i + 1) * d));
      add(ids, subjectEnd + 1, activations.fSubject.subarray(i * d, (i + 1) * d));
    });
  }
  // Sections run side by side: their questions in alphabetical order, so that twins are the same in every run.
  for (const key of [...recording.contexts.keys()].sort()) {
    const f = recording.contexts.get(key);
    if (f !== undefined && !out.has(key)) out.set(key, f);
  }
  return out;
}

/** Rows of g as float32, which they are in the model; a bias is the last column. */
function rowsOf({ model: { unembedding }, geometry }: Study, kept: readonly number[] | null): Floats {
  if (kept === null && unembedding.bias === null) return unembedding.weight;
  const ids = kept ?? Array.from({ length: unembedding.vocabularySize }, (_, id) => id);
  return Float32Array.from(geometry.rows(ids).data);
}

function renumberedSet(set: PromptSet, { renumber }: TokenNumbering): PromptSet {
  return {
    ...set,
    prompts: set.prompts.map(({ tokens, answer, ...prompt }) => ({
      ...prompt,
      tokens: { ...tokens, ids: tokens.ids.map(renumber) },
      answer: answer === null ? null : { ...answer, ids: answer.ids.map(renumber), first: renumber(answer.first) },
    })),
  };
}

function renumberedContexts(general: AlignedContexts, { renumber }: TokenNumbering): AlignedContexts {
  return {
    ...general,
    prompts: general.prompts.map((prompts) => prompts.map(({ ids, at }) => ({ ids: ids.map(renumber), at }))),
  };
}

function renumberedKey(key: string, { renumber }: TokenNumbering): string {
  return contextKey(key.split(" ").map((id) => renumber(Number(id))));
}
