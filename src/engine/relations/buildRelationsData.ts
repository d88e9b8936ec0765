import type { VocabularyGeometry } from "../analysis/geometry/geometry";
import { withOnes } from "../analysis/geometry/geometry";
import { sampleRandomPairs } from "../analysis/parallelism/randomPairs";
import { wordGroups } from "../analysis/probes/wordGroups";
import type { ConceptWords } from "../analysis/relations/conceptTransfer";
import { selectRows, type Matrix } from "../linalg/matrix";
import type { DrawnRelation } from "./drawRelations";
import type { RelationRows, RelationsData } from "./relationsData";
import type { RelationRun } from "./runRelations";

/** Sets of random word pairs behind a null, for each relation that takes part. */
const randomSets = 200;

/** The words of all concept probes, each once. */
export interface ProbeWords {
  readonly words: readonly string[];
  /** Rows are places in `words`. */
  readonly concepts: readonly ConceptWords[];
  readonly groups: number;
}

/** Groups are taken over the pairs of all relations, so that no word of one is trained on in another. */
export function probeWords(drawn: readonly DrawnRelation[]): ProbeWords {
  const everywhere = wordGroups(drawn.flatMap(({ words }) => words));
  const words = [...new Set(everywhere.words)];
  const places = new Map(words.map((word, i) => [word, i]));
  const groupOf = new Map(everywhere.words.map((word, i) => [word, everywhere.groups[i] ?? 0]));
  const concepts = drawn.map((one): ConceptWords => {
    const own = wordGroups(one.words);
    return {
      rows: Int32Array.from(own.words, (word) => places.get(word) ?? 0),
      forms: own.forms,
      groups: Int32Array.from(own.words, (word) => groupOf.get(word) ?? 0),
    };
  });
  return { words, concepts, groups: everywhere.count };
}

/** @param f after each word of the probes in the neutral context, [words, d] */
export function buildRelationsData(
  runs: readonly RelationRun[],
  drawn: readonly DrawnRelation[],
  { concepts, groups }: ProbeWords,
  f: Matrix,
  geometry: VocabularyGeometry,
  seed: number,
): RelationsData {
  const kept = new Map<number, number>();
  const place = (id: number): number => {
    const known = kept.get(id) ?? kept.size;
    kept.set(id, known);
    return known;
  };
  // f with a 1 where g has a bias.
  const wide = (rows: Matrix) => (rows.cols === geometry.dimension ? rows : withOnes(rows));
  const relations = runs.map(({ before, after, answers }, i): RelationRows => {
    const { subjects = null, pairs = null } = drawn[i] ?? {};
    return {
      subjects: subjects && {
        before: wide(selectRows(before, subjects)),
        after: wide(selectRows(after, subjects)),
        answers: [...new Set(subjects.map((sample) => answers[sample] ?? 0))].map(place),
      },
      pairs: pairs && {
        from: pairs.map(({ fromId }) => place(fromId)),
        to: pairs.map(({ toId }) => place(toId)),
        names: pairs.map(({ fromId, toId }) => `${fromId} ${toId}`),
      },
    };
  });
  const compared = relations.flatMap(({ pairs }) => pairs ?? []);
  const sample = sampleRandomPairs(geometry.tokens, {
    pairs: compared[0]?.from.length ?? 1,
    seed,
    draws: randomSets * Math.max(1, compared.length),
  });
  const random = { ...sample, tokens: sample.tokens.map(place) };
  const ids = [...kept.keys()];
  const inCovariance = new Set(geometry.tokens);
  return {
    seed,
    relations,
    words: wide(f),
    concepts,
    groups,
    g: geometry.rows(ids),
    trained: ids.flatMap((id, row) => (inCovariance.has(id) ? [row] : [])),
    statistics: { mean: geometry.mean, covariance: geometry.covariance },
    count: geometry.tokens.length,
    random,
  };
}
