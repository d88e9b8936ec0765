import type {
  ComparedRelation,
  DirectionMatrix,
  RelationMatrix,
  RelationsReport,
} from "../../protocol/relationsReport";
import type { ConceptTransfer } from "../analysis/relations/conceptTransfer";
import type { DrawnRelation } from "./drawRelations";
import type { DirectionFigures, GeometryName, NullableMatrix, SubspaceFigures } from "./relationFigures";
import type { SameInTwins } from "./relationTwins";
import type { RelationRun } from "./runRelations";

export interface ComputedParts {
  readonly runs: readonly RelationRun[];
  readonly drawn: readonly DrawnRelation[];
  readonly subspaces: SubspaceFigures;
  readonly directions: DirectionFigures;
  readonly transfers: readonly { readonly layer: "final" | number; readonly found: ConceptTransfer }[];
  readonly same: SameInTwins;
}

type Figures = Pick<RelationsReport, "relations" | "subspaces" | "parallelism" | "probeTransfer" | "conceptDirections">;

/** The maps as the report has them; a map that compares fewer than two relations is none. */
export function assembleFigures({ runs, drawn, subspaces, directions, transfers, same }: ComputedParts): Figures {
  const subjects = drawn.find((one) => one.subjects !== null)?.subjects?.length ?? 0;
  const pairs = drawn.find((one) => one.pairs !== null)?.pairs?.length ?? 0;
  const pairMap = (name: GeometryName): RelationMatrix | null => {
    const map = directions.parallelism[name];
    if (map === null || !comparesTwo(map.matrix)) return null;
    return { ...map, identifiable: same[`parallelism.${name}`] ?? null, n: pairs };
  };
  const directionMap = (name: keyof DirectionFigures["directions"]): DirectionMatrix | null => {
    const matrix = directions.directions[name];
    if (matrix === null || !comparesTwo(matrix)) return null;
    return { matrix, identifiable: same[`directions.${name}`] ?? null };
  };
  const causal = directionMap("causal");
  return {
    relations: runs.map((run, i) => comparedRelation(run, drawn[i], subspaces, i)),
    subspaces: comparesTwo(subspaces.overlap)
      ? {
          matrix: subspaces.overlap,
          upper: subspaces.upper,
          intervals: null,
          identifiable: same["subspaces"] ?? null,
          n: subjects,
        }
      : null,
    parallelism: {
      distributional: pairMap("distributional"),
      causal: pairMap("causal"),
      euclidean: pairMap("euclidean"),
    },
    probeTransfer: transfers.flatMap(({ layer, found: { accuracy, upper, intervals, n } }) =>
      comparesTwo(accuracy)
        ? [
            {
              layer,
              matrix: accuracy,
              upper,
              intervals,
              majority: 0.5,
              // Hidden layers have no twins.
              identifiable: layer === "final" ? (same["transfer"] ?? null) : null,
              n,
            },
          ]
        : [],
    ),
    conceptDirections: causal && {
      distributional: directionMap("distributional"),
      causal,
      euclidean: directionMap("euclidean"),
      mahalanobis: directionMap("mahalanobis"),
      meanOffDiagonal: directions.orthogonality?.mean ?? null,
      interval: directions.orthogonality?.interval ?? null,
      randomMean: directions.randomOrthogonality?.mean ?? null,
      randomUpper: directions.randomOrthogonality?.upper ?? null,
      n: pairs,
    },
  };
}

function comparedRelation(
  { named: { name, file, relation }, template, correct }: RelationRun,
  drawn: DrawnRelation | undefined,
  { ranks, r2Logit }: SubspaceFigures,
  i: number,
): ComparedRelation {
  return {
    name,
    file,
    template,
    samples: relation.samples.length,
    pairs: drawn?.available.pairs ?? 0,
    correct,
    rank: ranks[i] ?? null,
    r2Logit: r2Logit[i] ?? null,
  };
}

function comparesTwo(matrix: NullableMatrix): boolean {
  return matrix.some((row, i) => row.some((value, j) => i !== j && value !== null));
}
