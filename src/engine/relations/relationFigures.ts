import type { VocabularyGeometry } from "../analysis/geometry/geometry";
import { linearity } from "../analysis/linearity/linearity";
import { conceptTransfer, type ConceptTransfer } from "../analysis/relations/conceptTransfer";
import { orthogonality, randomOrthogonality, type Orthogonality } from "../analysis/relations/directionCosines";
import { pairCosines, type PairCosines } from "../analysis/relations/pairCosines";
import { conceptDirections, cosineMatrix, mahalanobisDirections } from "../analysis/subspaces/conceptDirections";
import { relationalSubspaces } from "../analysis/subspaces/relationalSubspaces";
import { multiplyTransposed, zeros, type Matrix } from "../linalg/matrix";
import { asMember, type RelationsData, type RelationsMember } from "./relationsData";

/** `full`: with nulls and intervals; `figures`: without, for twins. */
export type RelationsEffort = "full" | "figures";

export type NullableMatrix = (number | null)[][];

export interface SubspaceFigures {
  readonly ranks: readonly (number | null)[];
  readonly r2Logit: readonly (number | null)[];
  readonly overlap: NullableMatrix;
  readonly upper: NullableMatrix | null;
}

const geometries = ["distributional", "causal", "euclidean"] as const;
export type GeometryName = (typeof geometries)[number];

export interface DirectionFigures {
  readonly parallelism: Readonly<Record<GeometryName, PairCosines | null>>;
  readonly directions: Readonly<Record<GeometryName | "mahalanobis", NullableMatrix | null>>;
  /** Causal. */
  readonly orthogonality: Orthogonality | null;
  readonly randomOrthogonality: { readonly mean: number; readonly upper: number } | null;
}

export interface RelationFigures {
  readonly subspaces: SubspaceFigures;
  readonly directions: DirectionFigures;
  readonly transfer: ConceptTransfer;
}

/** Permutations of the answers, and draws of control labels. */
const permutedDraws = 50;
const controlDraws = 20;

/** All figures on f of a member of the equivalence class, without what is random. */
export function relationFigures(data: RelationsData, member: RelationsMember): RelationFigures {
  const { data: own, geometry } = asMember(data, member);
  return {
    subspaces: subspaceFigures(own, geometry, "figures"),
    directions: directionFigures(own, geometry, "figures"),
    transfer: transferFigures(own, geometry, "figures"),
  };
}

/** Of the model itself, with nulls and intervals; one part a task, so that they run side by side. */
export function relationSubspaceFigures(data: RelationsData): SubspaceFigures {
  return subspaceFigures(data, asMember(data, itself).geometry, "full");
}

export function relationDirectionFigures(data: RelationsData): DirectionFigures {
  return directionFigures(data, asMember(data, itself).geometry, "full");
}

export function relationTransferFigures(data: RelationsData): ConceptTransfer {
  return transferFigures(data, asMember(data, itself).geometry, "full");
}

/** From h_l after each word, [words, width]. */
export function relationLayerTransfer(
  data: Pick<RelationsData, "seed" | "concepts" | "groups">,
  layer: number,
  words: Matrix,
): ConceptTransfer {
  // prettier-ignore
  const { seed, concepts, groups } = data;
  return conceptTransfer(concepts, groups, words, { seed, where: `layer ${layer}`, standardise: true, controlDraws });
}

const itself: RelationsMember = { family: null, number: 0 };

/** Overlap of the relational subspaces at f (linear-properties section 7), all fitted on as many subjects. */
function subspaceFigures(
  { seed, relations, g }: RelationsData,
  geometry: VocabularyGeometry,
  effort: RelationsEffort,
): SubspaceFigures {
  const places: number[] = [];
  const maps = relations.flatMap(({ subjects }, i) => {
    if (subjects === null) return [];
    places.push(i);
    const inputs = geometry.embed(subjects.before);
    const answerLogits = multiplyTransposed(subjects.after, rowsOf(g, subjects.answers));
    const { fits } = linearity([{ inputs, answerLogits, inputAnswerLogits: null, vocabulary: null }], {
      seed,
      where: "relations",
      standardise: false,
      shuffles: 0,
      intervals: false,
    });
    const fit = fits.find(({ estimator }) => estimator === "leastSquares");
    return [{ inputs, answerLogits, rank: fit?.rank ?? null, r2: fit?.r2Logit ?? null, stream: `relation ${i}` }];
  });
  const pairs = maps.flatMap((_, right) => maps.slice(0, right).map((__, left) => [left, right] as const));
  const draws = effort === "full" ? permutedDraws : 0;
  const { ranks, alignments } = relationalSubspaces(maps, pairs, { seed, draws, metric: "given" });
  const overlap = empty(relations.length);
  const upper = empty(relations.length);
  pairs.forEach(([left, right], p) => {
    const alignment = alignments[p] ?? null;
    const [i, j] = [places[left], places[right]];
    if (alignment === null || i === undefined || j === undefined) return;
    set(overlap, i, j, alignment.overlap);
    if (effort === "full") set(upper, i, j, alignment.overlapUpper);
  });
  ranks.forEach((rank, m) => {
    const i = places[m];
    if (rank !== null && i !== undefined) set(overlap, i, i, 1);
  });
  const byRelation = <T>(values: readonly T[]) => relations.map((_, i) => values[places.indexOf(i)] ?? null);
  return {
    ranks: byRelation(ranks),
    r2Logit: byRelation(maps.map(({ r2 }) => r2)),
    overlap,
    upper: effort === "full" ? upper : null,
  };
}

/**
 * Cosines of pairs and of mean directions. The distributional geometry is that of S = mean f fᵀ over the drawn prompts
 * of all relations, which every entry shares.
 */
function directionFigures(
  { seed, relations, g, random: sample }: RelationsData,
  geometry: VocabularyGeometry,
  effort: RelationsEffort,
): DirectionFigures {
  const places = relations.flatMap(({ pairs }, i) => (pairs === null ? [] : [i]));
  const words = relations.flatMap(({ pairs }) =>
    pairs === null ? [] : [{ from: rowsOf(g, pairs.from), to: rowsOf(g, pairs.to), names: pairs.names }],
  );
  const prompts = relations.flatMap(({ subjects }) => (subjects === null ? [] : [subjects.after]));
  const f = stacked(prompts, g.cols);
  const coordinates: Record<GeometryName, ((rows: Matrix) => Matrix) | null> = {
    distributional: f.rows < 2 ? null : (rows) => multiplyTransposed(rows, f),
    causal: (rows) => geometry.unembed(rows),
    euclidean: (rows) => rows,
  };
  const randomWords = effort === "full" ? rowsOf(g, sample.tokens) : null;
  const inPlace = <T>(matrix: readonly (readonly (T | null)[])[] | null): (T | null)[][] | null =>
    matrix === null
      ? null
      : relations.map((_, i) => relations.map((__, j) => matrix[places.indexOf(i)]?.[places.indexOf(j)] ?? null));

  const parallelism = {} as Record<GeometryName, PairCosines | null>;
  const directions = { mahalanobis: null } as Record<GeometryName | "mahalanobis", NullableMatrix | null>;
  const means = words.length === 0 ? null : conceptDirections(words);
  let found: Orthogonality | null = null;
  for (const name of geometries) {
    const into = coordinates[name];
    parallelism[name] = null;
    directions[name] = null;
    if (into === null || means === null) continue;
    const own = pairCosines(
      words.map(({ from, to, names }) => ({ from: into(from), to: into(to), names })),
      { seed, randomPairs: randomWords && { sample, words: into(randomWords) } },
    );
    parallelism[name] = {
      matrix: inPlace(own.matrix) ?? [],
      upper: inPlace(own.upper),
      intervals: inPlace(own.intervals),
    };
    const cosines = cosineMatrix(into(means));
    directions[name] = inPlace(cosines);
    if (name === "causal" && cosines !== null) found = orthogonality(cosines, seed);
  }
  directions.mahalanobis = means === null ? null : inPlace(cosineMatrix(mahalanobisDirections(words)));
  return {
    parallelism,
    directions,
    orthogonality: found,
    randomOrthogonality:
      randomWords === null || words.length < 2
        ? null
        : randomOrthogonality(sample, geometry.unembed(randomWords), words.length),
  };
}

function transferFigures(
  { seed, concepts, groups, words }: RelationsData,
  geometry: VocabularyGeometry,
  effort: RelationsEffort,
): ConceptTransfer {
  return conceptTransfer(concepts, groups, geometry.embed(words), {
    seed,
    where: "f",
    standardise: false,
    controlDraws: effort === "full" ? controlDraws : 0,
  });
}

function rowsOf(g: Matrix, ids: ArrayLike<number>): Matrix {
  const out = zeros(ids.length, g.cols);
  for (let i = 0; i < ids.length; i++) {
    const at = (ids[i] ?? 0) * g.cols;
    out.data.set(g.data.subarray(at, at + g.cols), i * g.cols);
  }
  return out;
}

function stacked(parts: readonly Matrix[], cols: number): Matrix {
  const out = zeros(
    parts.reduce((rows, part) => rows + part.rows, 0),
    cols,
  );
  let at = 0;
  for (const part of parts) {
    out.data.set(part.data, at);
    at += part.data.length;
  }
  return out;
}

function empty(n: number): NullableMatrix {
  return Array.from({ length: n }, () => Array.from({ length: n }, () => null));
}

function set(matrix: NullableMatrix, i: number, j: number, value: number): void {
  const [left, right] = [matrix[i], matrix[j]];
  if (left === undefined || right === undefined) return;
  left[j] = value;
  right[i] = value;
}
