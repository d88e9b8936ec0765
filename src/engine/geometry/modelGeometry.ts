import { geometryFrom, type VocabularyGeometry } from "../analysis/geometry/geometry";
import type { LanguageModel } from "../models/languageModel";
import { cacheFolder, readStatistics, statisticsFile, writeStatistics } from "./statisticsCache";
import { unembeddingCovariance } from "./unembeddingCovariance";

/** Multiplications, V d², below which computing is faster than looking a file up. */
const worthKeeping = 1e9;

/**
 * The geometry of a model's vocabulary; for a large one the covariance is kept on disk, since it costs seconds and
 * changes with the model only.
 *
 * @throws RangeError when fewer than two tokens are left
 */
export async function modelGeometry(model: LanguageModel, folder = cacheFolder()): Promise<VocabularyGeometry> {
  const { unembedding, description } = model;
  const { vocabularySize, hiddenSize, bias } = unembedding;
  if (vocabularySize * hiddenSize ** 2 < worthKeeping) {
    return geometryFrom(unembedding, await unembeddingCovariance(unembedding));
  }
  const file = await statisticsFile(description.file, unembedding, folder);
  const known = await readStatistics(file, hiddenSize + (bias === null ? 0 : 1));
  if (known !== null) return geometryFrom(unembedding, known);
  const statistics = await unembeddingCovariance(unembedding);
  await writeStatistics(file, statistics);
  return geometryFrom(unembedding, statistics);
}
