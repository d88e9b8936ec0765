import type { Report } from "../../protocol/report";
import { geometryFrom, withOnes, type VocabularyGeometry } from "../analysis/geometry/geometry";
import { unembeddingCovariance } from "../geometry/unembeddingCovariance";
import { multiplyTransposed, type Matrix } from "../linalg/matrix";
import type { Floats } from "../models/languageModel";
import type { Study } from "../sections/study";

/** A model with its report on the relation. */
export interface ReportedModel {
  readonly study: Study;
  readonly report: Report;
}

/** A model as it is compared with another: on the tokens that both have. */
export interface ComparedModel extends ReportedModel {
  /** Ids of the matched tokens, in the same order in both models. */
  readonly ids: Int32Array;
  /** Of the matched tokens alone. */
  readonly geometry: VocabularyGeometry;
}

/** @throws RangeError with fewer than two matched tokens */
export async function comparedModel(model: ReportedModel, ids: Int32Array): Promise<ComparedModel> {
  const { study } = model;
  const own = new Set(ids);
  if (own.size === study.geometry.tokens.length && study.geometry.tokens.every((id) => own.has(id))) {
    return { ...model, ids, geometry: study.geometry };
  }
  const { unembedding } = study.model;
  const excluded = Array.from({ length: unembedding.vocabularySize }, (_, id) => id).filter((id) => !own.has(id));
  const matched = { ...unembedding, excluded };
  return { ...model, ids, geometry: geometryFrom(matched, await unembeddingCovariance(matched)) };
}

/** f of `n` rows as float64, [n, hiddenSize]. */
export function rowsOf({ study }: ReportedModel, f: Floats): Matrix {
  const cols = study.model.unembedding.hiddenSize;
  return { rows: f.length / cols, cols, data: Float64Array.from(f) };
}

/** Logits over the matched tokens, [rows of f, matched]. */
export async function matchedLogits({ study, ids }: ComparedModel, f: Floats): Promise<Floats> {
  const { vocabularySize, hiddenSize } = study.model.unembedding;
  const all = await study.model.logits(f);
  const rows = f.length / hiddenSize;
  const out = new (all instanceof Float64Array ? Float64Array : Float32Array)(rows * ids.length);
  for (let i = 0, at = 0; i < rows; i++) {
    const start = i * vocabularySize;
    for (const id of ids) out[at++] = all[start + id] ?? NaN;
  }
  return out;
}

/** Logits of some tokens, by f·g + b in float64: [rows of f, tokens]. */
export function logitsOfTokens(model: ComparedModel, f: Floats, ids: readonly number[]): Matrix {
  const rows = rowsOf(model, f);
  return multiplyTransposed(model.geometry.dimension === rows.cols ? rows : withOnes(rows), model.geometry.rows(ids));
}
