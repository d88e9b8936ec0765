import type { SubspaceAlignment } from "../../protocol/report";
import type { RelationalSubspaces, SubspaceRows } from "../analysis/subspaces/relationalSubspaces";
import type { SubspaceAlignment as Alignment } from "../analysis/subspaces/subspaces";
import type { Matrix } from "../linalg/matrix";
import type { ControlRelation } from "./controls";
import { allRows, columns, templateRows } from "./activationRows";
import { answerTokens } from "./linearity";
import { rankIn, type MapRank } from "./ranks";
import type { Study } from "./study";

/** Permutations behind the expected overlap, on f and at a layer. */
const finalDraws = 50;
const layerDraws = 20;

export const fewestSubjects = 3;

type Layer = "final" | number;

/**
 * Relational subspaces and their alignment (linear-properties section 7): between the templates and with the control
 * relations on f, between the templates at every layer, and between the layers in the first template.
 *
 * @param mapRanks of the linearity section; computed here where it was not asked for
 * @throws Cancelled
 */
export async function subspaceAlignments(
  study: Study,
  mapRanks: readonly MapRank[],
): Promise<readonly SubspaceAlignment[]> {
  const { set, relation, effort } = study;
  if (set.templates < 2) {
    study.warn("subspaces-one-template", "Subspaces are compared between templates; the file has one.", "subspaces");
  }
  if (set.samples < fewestSubjects) return [];
  const logits = await answerLogits(study);
  const pairs = relation.templates.flatMap((_, right) =>
    relation.templates.slice(0, right).map((_, left) => [left, right] as const),
  );
  const name = (t: number) => relation.templates[t] ?? "";

  const onF = alignOnF(study, mapRanks, logits, pairs);
  const layers = effort === "full" ? study.layers : [];
  const known = finalRanks(study, mapRanks);
  const hidden = layers.map(async (layer) =>
    alignAtLayer(study, mapRanks, layer, logits, pairs, known ?? (await onF).templateRanks),
  );
  const [{ result, controls, templateRanks }, ...perLayer] = await Promise.all([onF, ...hidden]);
  templateRanks.forEach((rank, t) => {
    if (rank !== null) return;
    study.warn(
      "subspace-without-rank",
      `“${name(t)}” has no relational subspace: its linear map predicts nothing on held-out subjects.`,
      "subspaces",
    );
  });

  const entry = (
    alignment: Alignment | null | undefined,
    between: "templates" | "layers" | "relations",
    at: readonly [Layer, Layer],
    [left, right]: readonly [string, string],
    n: number,
  ): SubspaceAlignment[] => (alignment ? [{ between, layers: at, left, right, n, ...alignment }] : []);

  const templatesAt = (layer: Layer, { alignments }: RelationalSubspaces) =>
    pairs.flatMap(([left, right], p) =>
      entry(alignments[p], "templates", [layer, layer], [name(left), name(right)], set.samples),
    );
  const relations = controls.flatMap((control, c) =>
    entry(
      result.alignments[pairs.length + c],
      "relations",
      ["final", "final"],
      [relation.name, control.name],
      Math.min(set.samples, control.set.samples),
    ),
  );
  const within = await betweenLayers(study, [
    ...layers.map((layer, l) => ({ layer, scores: perLayer[l]?.scores ?? null })),
    { layer: "final" as const, scores: result.scores },
  ]);
  return [
    ...templatesAt("final", result),
    ...relations,
    ...layers.flatMap((layer, l) => (perLayer[l] === undefined ? [] : templatesAt(layer, perLayer[l]))),
    ...within.flatMap(({ at, alignment }) => entry(alignment, "layers", at, [name(0), name(0)], set.samples)),
  ];
}

/** Logits over Y of every template, [samples, |Y|] each. */
async function answerLogits(study: Study): Promise<Matrix[]> {
  const answers = answerTokens(study);
  const out: Matrix[] = [];
  for (let t = 0; t < study.set.templates; t++) {
    out.push(columns(await study.logitsOf(t), study.model.description.vocabularySize, answers));
  }
  return out;
}

async function alignOnF(
  study: Study,
  mapRanks: readonly MapRank[],
  logits: readonly Matrix[],
  pairs: readonly (readonly [number, number])[],
): Promise<{
  readonly result: RelationalSubspaces;
  readonly templateRanks: readonly (number | null)[];
  readonly controls: readonly ControlRelation[];
}> {
  const { set, activations, geometry, relation } = study;
  const { hiddenSize, vocabularySize } = study.model.description;
  const own = logits.map((answers, t): SubspaceRows => {
    const rank = rankIn(mapRanks, relation.templates[t], "final");
    return {
      inputs: geometry.embed(templateRows(activations.fSubject, t, set.samples, hiddenSize)),
      answerLogits: answers,
      stream: `${t}`,
      ...(rank !== undefined && { rank }),
    };
  });
  const controls = study.controls.filter((control) => control.set.samples >= fewestSubjects);
  const others = controls.map((control): SubspaceRows => ({
    inputs: geometry.embed(allRows(control.activations.fSubject, hiddenSize)),
    answerLogits: columns(control.logits, vocabularySize, [...new Set(control.readouts.map(({ answer }) => answer))]),
    stream: `relation ${control.name}`,
  }));
  const result = await study.compute.run(
    "relationalSubspaces",
    [...own, ...others],
    [...pairs, ...others.map((_, c) => [0, own.length + c] as const)],
    { seed: study.seed, draws: study.effort === "full" ? finalDraws : 0, metric: "given" },
  );
  return { result, controls, templateRanks: result.ranks.slice(0, own.length) };
}

/** At the rank of the layer's own fit, else of the fit on f. */
async function alignAtLayer(
  study: Study,
  mapRanks: readonly MapRank[],
  layer: number,
  logits: readonly Matrix[],
  pairs: readonly (readonly [number, number])[],
  ranks: readonly (number | null)[],
): Promise<RelationalSubspaces> {
  const { set, relation } = study;
  const rows = logits.map((answers, t): SubspaceRows => {
    const rank = rankIn(mapRanks, relation.templates[t], layer) ?? ranks[t] ?? null;
    return { inputs: hiddenRows(study, layer, t), answerLogits: answers, rank, stream: `${t}` };
  });
  await study.pause(0, `layer ${layer}`);
  return study.compute.run("relationalSubspaces", rows, set.templates > 1 ? pairs : [], {
    seed: study.seed,
    draws: layerDraws,
    metric: "pooled",
  });
}

async function betweenLayers(
  study: Study,
  all: readonly { readonly layer: Layer; readonly scores: RelationalSubspaces["scores"] }[],
): Promise<{ readonly at: readonly [Layer, Layer]; readonly alignment: Alignment }[]> {
  const usable = all.flatMap(({ layer, scores }) => (scores === null ? [] : [{ layer, scores }]));
  if (usable.length < 2) return [];
  const alignments = await study.compute.run(
    "alignAllScores",
    usable.map(({ scores }) => scores),
  );
  return alignments.flatMap(({ left, right, alignment }) => {
    const [a, b] = [usable[left], usable[right]];
    return a === undefined || b === undefined ? [] : [{ at: [a.layer, b.layer], alignment }];
  });
}

/** h_l at the subject's last token in one template, [samples, width]. */
export function hiddenRows(study: Study, layer: number, template: number): Matrix {
  const { set, activations } = study;
  const values = activations.residual.get(layer);
  if (values === undefined) throw new RangeError(`layer ${layer} was not read`);
  return templateRows(values, template, set.samples, values.length / set.prompts.length);
}

/** Of all templates on f; null unless all are known. */
function finalRanks({ relation }: Study, mapRanks: readonly MapRank[]): (number | null)[] | null {
  const ranks = relation.templates.map((template) => rankIn(mapRanks, template, "final"));
  return ranks.every((rank) => rank !== undefined) ? ranks : null;
}
