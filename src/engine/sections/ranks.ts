import type { LinearityFit } from "../../protocol/report";
import type { LinearityResult } from "../analysis/linearity/linearityFigures";
import { columns, templateRows } from "./activationRows";
import { answerTokens } from "./linearity";
import type { Study } from "./study";

type Layer = LinearityFit["layer"];

/** Rank of a template's least-squares map (linear-properties section 5); null where it predicts nothing held out. */
export type MapRank = Pick<LinearityFit, "template" | "layer" | "rank">;

/** None where nothing could be fitted. */
export function ranksOf(template: string, layer: Layer, leastSquares: LinearityResult): readonly MapRank[] {
  return leastSquares.fits.slice(0, 1).map(({ rank }) => ({ template, layer, rank }));
}

/** As a report has them. */
export function reportedRanks(fits: readonly LinearityFit[]): readonly MapRank[] {
  return fits.filter(({ estimator }) => estimator === "leastSquares");
}

/** Undefined where there is no such map. */
export function rankIn(
  ranks: readonly MapRank[],
  template: string | undefined,
  layer: Layer,
): number | null | undefined {
  return ranks.find((map) => map.template === template && map.layer === layer)?.rank;
}

const found = new WeakMap<Study["set"], Map<number, Promise<number | null>>>();

/** At a layer, else on f; found here where linearity was not asked for. Null where the map predicts nothing. */
export async function rankAt(
  study: Study,
  ranks: readonly MapRank[],
  layer: Layer,
  template: number,
): Promise<number | null> {
  const name = study.relation.templates[template];
  const known = rankIn(ranks, name, layer) ?? rankIn(ranks, name, "final");
  if (known !== undefined) return known;
  const own = found.get(study.set) ?? new Map<number, Promise<number | null>>();
  found.set(study.set, own);
  const rank = own.get(template) ?? heldOutRank(study, template);
  own.set(template, rank);
  // What failed, such as by a cancellation, is tried again.
  rank.catch(() => own.delete(template));
  return rank;
}

async function heldOutRank(study: Study, template: number): Promise<number | null> {
  const { set, activations, geometry, model, seed } = study;
  const { hiddenSize, vocabularySize } = model.description;
  const { ranks } = await study.compute.run(
    "relationalSubspaces",
    [
      {
        inputs: geometry.embed(templateRows(activations.fSubject, template, set.samples, hiddenSize)),
        answerLogits: columns(await study.logitsOf(template), vocabularySize, answerTokens(study)),
        stream: `${template}`,
      },
    ],
    [],
    { seed, draws: 0, metric: "given" },
  );
  return ranks[0] ?? null;
}
