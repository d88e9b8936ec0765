import type { Identifiable } from "../../protocol/report";
import type { TwinFamily } from "../analysis/twins/twin";
import type { Compute } from "../compute/tasks";
import { moves } from "../report/identifiable";
import type { NullableMatrix, RelationFigures } from "./relationFigures";
import type { RelationsData } from "./relationsData";

/** Whether each map on f follows from the distribution, by name. */
export type SameInTwins = Readonly<Record<string, Identifiable>>;

const families: readonly TwinFamily[] = ["changeOfBasis", "changeOfDimension"];

/**
 * The twin test of the maps (linear-properties section 1): each on `count` exact twins of each family, beside the model
 * itself.
 * @throws Cancelled
 */
export async function testOnTwins(
  data: RelationsData,
  count: number,
  compute: Compute,
  onProgress: (done: number, total: number) => void,
): Promise<SameInTwins> {
  if (count === 0) return {};
  // Nulls are not computed for twins, and their words need not be turned.
  const lean = { ...data, random: { ...data.random, draws: 0 } };
  let done = 0;
  const total = 1 + count * families.length;
  const run = async (family: TwinFamily | null, number: number) => {
    const figures = await compute.run("relationFigures", lean, { family, number });
    onProgress(++done, total);
    return { family, maps: mapsOf(figures) };
  };
  const members = await Promise.all([
    run(null, 0),
    ...families.flatMap((family) => Array.from({ length: count }, (_, number) => run(family, number))),
  ]);
  const [own, ...twins] = members;
  return Object.fromEntries(
    Object.entries(own.maps).map(([name, values]) => {
      const movesIn = (family: TwinFamily) =>
        anyMoves([values, ...twins.flatMap((twin) => (twin.family === family ? [twin.maps[name] ?? []] : []))]);
      const same = movesIn("changeOfBasis") ? "never" : movesIn("changeOfDimension") ? "underDiversity" : "always";
      return [name, values.some((value) => value !== null) ? same : null];
    }),
  );
}

/** The entries of every map, in reading order. */
function mapsOf({ subspaces, directions, transfer }: RelationFigures): Record<string, (number | null)[]> {
  const { parallelism: pairs, directions: means } = directions;
  const maps: Record<string, NullableMatrix | null> = {
    subspaces: subspaces.overlap,
    "parallelism.distributional": pairs.distributional?.matrix ?? null,
    "parallelism.causal": pairs.causal?.matrix ?? null,
    "parallelism.euclidean": pairs.euclidean?.matrix ?? null,
    "directions.distributional": means.distributional,
    "directions.causal": means.causal,
    "directions.euclidean": means.euclidean,
    "directions.mahalanobis": means.mahalanobis,
    transfer: transfer.accuracy,
  };
  return Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, (map ?? []).flat()]));
}

/** An entry that one member has and another lacks moves, too. */
function anyMoves(members: readonly (readonly (number | null)[])[]): boolean {
  const [own = []] = members;
  return own.some((_, k) => {
    const values = members.map((member) => member[k] ?? null);
    const present = values.filter((value) => value !== null);
    if (present.length < values.length) return present.length > 0;
    return moves([Math.min(...present), Math.max(...present)]);
  });
}
