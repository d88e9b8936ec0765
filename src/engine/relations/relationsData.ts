import { geometryFrom, type VocabularyGeometry, type VocabularyStatistics } from "../analysis/geometry/geometry";
import type { ConceptWords } from "../analysis/relations/conceptTransfer";
import type { RandomPairsSample } from "../analysis/parallelism/randomPairs";
import { twinOf, type TwinFamily } from "../analysis/twins/twin";
import type { Matrix } from "../linalg/matrix";
import { random } from "../linalg/random";

/** One relation in one model, as far as it takes part; token ids are rows of `RelationsData.g`. */
export interface RelationRows {
  /** f after the subject and after the prompt, of the subjects drawn; null with too few, [subjects, D]. */
  readonly subjects: { readonly before: Matrix; readonly after: Matrix; readonly answers: readonly number[] } | null;
  /** The pairs drawn; null with too few. */
  readonly pairs: {
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly names: readonly string[];
  } | null;
}

/** Several relations in one model, as plain data: what the figures on f are computed from. With a bias, D is d + 1. */
export interface RelationsData {
  readonly seed: number;
  readonly relations: readonly RelationRows[];
  /** f after each word in the neutral context, [words, D]. */
  readonly words: Matrix;
  readonly concepts: readonly ConceptWords[];
  readonly groups: number;
  /** Rows of g that are needed, [tokens, D]. */
  readonly g: Matrix;
  /** Of those, the ones in the covariance. */
  readonly trained: readonly number[];
  /** Over the whole vocabulary. */
  readonly statistics: VocabularyStatistics;
  /** Tokens in the covariance. */
  readonly count: number;
  /** Random pairs, one set per draw, as rows of g. */
  readonly random: RandomPairsSample;
}

/** A model of the equivalence class: a twin, or (`family` null) the model itself. */
export interface RelationsMember {
  readonly family: TwinFamily | null;
  readonly number: number;
}

/** Of the change of basis, as in the twin test of a report. */
const condition = 100;

/** The data as a member of the equivalence class has them, and its geometry. */
export function asMember(
  data: RelationsData,
  { family, number }: RelationsMember,
): { data: RelationsData; geometry: VocabularyGeometry } {
  if (family === null) return { data, geometry: geometryOf(data.g, data.statistics) };
  const parts = data.relations.flatMap(({ subjects }) => (subjects === null ? [] : [subjects.before, subjects.after]));
  const twin = twinOf(
    {
      f: [data.words, ...parts],
      g: data.g,
      statistics: { ...data.statistics, count: data.count, rows: data.trained },
    },
    family,
    { random: random(data.seed, `relations twin ${family} ${number}`), condition },
  );
  const [words = data.words, ...rows] = twin.f;
  let next = 0;
  const relations = data.relations.map(({ subjects, pairs }): RelationRows => {
    if (subjects === null) return { subjects, pairs };
    const [before = subjects.before, after = subjects.after] = rows.slice(next, (next += 2));
    return { subjects: { ...subjects, before, after }, pairs };
  });
  const statistics = twin.statistics ?? data.statistics;
  return { data: { ...data, relations, words, g: twin.g, statistics }, geometry: geometryOf(twin.g, statistics) };
}

function geometryOf(g: Matrix, statistics: VocabularyStatistics): VocabularyGeometry {
  const weights = { weight: g.data, bias: null, vocabularySize: g.rows, hiddenSize: g.cols, excluded: [] };
  return geometryFrom(weights, statistics);
}
