import type { LinearityFit, LinearityTransfer } from "../../protocol/report";
import type { LinearityResult } from "../analysis/linearity/linearityFigures";
import { causalityOf } from "./linearity/causality";
import { toFit, WarningsByLayer } from "./linearity/fits";
import { jacobianFits } from "./linearity/jacobian";
import { answerTokens, layerRows, rowsOfTemplate, type TemplateRows } from "./linearity/rows";
import { ranksOf, type MapRank } from "./ranks";
import type { SectionFigures } from "./sectionFigures";
import type { Study } from "./study";

export { answerTokens } from "./linearity/rows";

/** Within-fold shuffles behind p and the `shuffled` baseline; fewer where they only accompany a curve over layers. */
const shuffleDraws = 200;
const layerShuffleDraws = 39;

/** Rows of logits over the vocabulary that are kept at once, in numbers; beyond, the templates go one by one. */
const mostLogits = 2 ** 26;

/** Multiplications beyond which the pooled fit is not scored over the vocabulary. */
const pooledBudget = 1e9;

/**
 * Relational linearity (linear-properties section 5): from f after the subject to f after the prompt, by least squares
 * and by KL with all baselines; by least squares from every layer that was read, by KL for the first template; pooled
 * over the templates; and how the maps of the templates transfer. An exact twin has its figures on f alone, and no nulls.
 *
 * @param onRanks is told the ranks of all maps as soon as they are known, well before the rest
 * @throws Cancelled
 */
export async function linearitySection(
  study: Study,
  onRanks?: (ranks: readonly MapRank[]) => void,
): Promise<Pick<SectionFigures, "linearity" | "linearityTransfer">> {
  const { set, model } = study;
  const answers = answerTokens(study);
  const progress = new Steps(study, set.templates * (study.layers.length + 1) + 1);
  const sideBySide = set.prompts.length * model.description.vocabularySize <= mostLogits;

  const rows: TemplateRows[] = [];
  const ranks: Promise<readonly MapRank[]>[] = [];
  const perTemplate: Promise<LinearityFit[]>[] = [];
  for (let t = 0; t < set.templates; t++) {
    await study.pause(0, `template ${t + 1} of ${set.templates}`);
    const own = await rowsOfTemplate(study, answers, t);
    const maps = leastSquaresMaps(study, own, t);
    const fits = templateFits(study, own, t, { answers, progress, maps });
    const known = mapRanks(own.name, maps);
    // What the other sections wait for; a failure is that of the fits below.
    known.catch(() => undefined);
    ranks.push(known);
    if (!sideBySide) await fits;
    // They are awaited together below; until then, a failure must not count as one that nobody looks at.
    fits.catch(() => undefined);
    perTemplate.push(fits);
    rows.push(sideBySide ? own : { ...own, template: { ...own.template, vocabulary: null } });
  }
  const [fits, pooled, transfer] = await Promise.all([
    Promise.all(perTemplate),
    pooledFits(study, rows),
    transferBetween(study, rows),
    Promise.all(ranks).then((all) => onRanks?.(all.flat())),
  ]);
  await progress.done();
  return { linearity: [...fits.flat(), ...pooled], linearityTransfer: transfer };
}

interface LeastSquaresMaps {
  readonly onF: Promise<LinearityResult>;
  readonly byLayer: readonly { readonly layer: number; readonly result: Promise<LinearityResult> }[];
}

/** The maps of one template from f and from every layer that was read. */
function leastSquaresMaps(study: Study, { name, template }: TemplateRows, t: number): LeastSquaresMaps {
  const full = study.effort === "full";
  const common = { seed: study.seed, intervals: full };
  const where = `linearity · ${name}`;
  const onF = study.compute.run("linearity", [template], {
    ...common,
    where,
    standardise: false,
    shuffles: full ? shuffleDraws : 0,
  });
  const byLayer = study.layers.map((layer) => ({
    layer,
    result: study.compute.run("linearity", [layerTemplate(study, template, layer, t)], {
      ...common,
      ...onLayer(where, layer),
      shuffles: layerShuffleDraws,
      shufflesOverVocabulary: false,
      shuffleDecades: true,
    }),
  }));
  return { onF, byLayer };
}

async function mapRanks(name: string, { onF, byLayer }: LeastSquaresMaps): Promise<readonly MapRank[]> {
  const hidden = byLayer.map(async ({ layer, result }) => ranksOf(name, layer, await result));
  const all = await Promise.all([onF.then((result) => ranksOf(name, "final", result)), ...hidden]);
  return all.flat();
}

function layerTemplate(study: Study, template: TemplateRows["template"], layer: number, t: number) {
  return { ...template, inputs: layerRows(study, layer, t), inputAnswerLogits: null };
}

const onLayer = (where: string, layer: number) => ({ where: `${where} · layer ${layer}`, standardise: true });

async function templateFits(
  study: Study,
  rows: TemplateRows,
  t: number,
  {
    answers,
    progress,
    maps,
  }: { readonly answers: readonly number[]; readonly progress: Steps; readonly maps: LeastSquaresMaps },
): Promise<LinearityFit[]> {
  const { name, template } = rows;
  const where = `linearity · ${name}`;
  const common = { seed: study.seed, intervals: study.effort === "full" };
  const kl = study.compute.run("klLinearity", template, { ...common, where });
  const layers = maps.byLayer.map(async ({ layer, result: leastSquares }) => {
    const options = { ...common, ...onLayer(where, layer) };
    const [result, byKl] = await Promise.all([
      leastSquares,
      t === 0 ? study.compute.run("klLinearity", layerTemplate(study, template, layer, t), options) : noFits,
    ]);
    await progress.done();
    return { layer, result, byKl };
  });

  const causal = Promise.all(
    maps.byLayer.map(async ({ layer, result }) => [layer, (await result).fits[0]?.rank ?? null] as const),
  ).then((ranks) => causalityOf(study, rows, t, new Map(ranks)));
  const [onF, byKl, onLayers, causality, jacobian] = await Promise.all([
    maps.onF,
    kl,
    Promise.all(layers),
    causal,
    jacobianFits(study, rows, t, answers),
  ]);
  await progress.done();
  for (const { code, message } of [...onF.warnings, ...byKl.warnings]) study.warn(code, message, where);
  const warnings = new WarningsByLayer();
  for (const { layer, result, byKl } of onLayers) warnings.add(layer, [...result.warnings, ...byKl.warnings]);
  warnings.send(study, where);
  const [main, ...baselines] = onF.fits;
  return [
    ...[...(main === undefined ? [] : [main]), ...byKl.fits, ...baselines].map((figures) =>
      toFit(study, name, "final", figures),
    ),
    ...onLayers.flatMap(({ layer, result, byKl }) =>
      [...result.fits.slice(0, 1), ...byKl.fits, ...(jacobian.get(layer) ?? []), ...result.fits.slice(1)].map(
        (figures): LinearityFit => {
          const own = figures.estimator === "leastSquares" ? causality.get(layer) : undefined;
          return { ...toFit(study, name, layer, figures), causality: null, causalityByRank: null, ...own };
        },
      ),
    ),
  ];
}

const noFits: LinearityResult = { fits: [], warnings: [] };

/** One fit over all templates, each centred by its own training mean. */
async function pooledFits(study: Study, rows: readonly TemplateRows[]): Promise<LinearityFit[]> {
  if (rows.length < 2) return [];
  const prompts = study.set.prompts.length;
  const known = rows.every(({ template }) => template.vocabulary !== null);
  const scored = known && prompts ** 2 * study.model.description.vocabularySize <= pooledBudget;
  const where = "linearity · *";
  const { fits, warnings } = await study.compute.run(
    "linearity",
    rows.map(({ template, topTokens }) => (scored ? template : { ...template, vocabulary: null, topTokens })),
    // Its shuffles would cost templates² times those of one fit, and each template's own p says as much.
    { seed: study.seed, where, standardise: false, shuffles: 0, intervals: study.effort === "full" },
  );
  for (const { code, message } of warnings) study.warn(code, message, where);
  study.warn(
    "pooled-fit-partly-scored",
    `The fit pooled over templates is ${scored ? "" : "scored among the answers only and "}not tested against shuffles; the fits per template are.`,
    where,
  );
  return fits.map((figures) => toFit(study, "*", "final", figures));
}

async function transferBetween(study: Study, rows: readonly TemplateRows[]): Promise<LinearityTransfer | null> {
  if (rows.length < 2) return null;
  const templates = rows.map(({ template }) => ({ ...template, vocabulary: null, topTokens: [] }));
  const figures = await study.compute.run("linearityTransfer", templates, { seed: study.seed });
  return figures && { templates: rows.map(({ name }) => name), layer: "final", ...figures, identifiable: null };
}

/** Progress by the number of tasks that have ended. */
class Steps {
  private ended = 0;

  constructor(
    private readonly study: Study,
    private readonly count: number,
  ) {}

  /** @throws Cancelled */
  done(): Promise<void> {
    this.ended++;
    return this.study.pause(this.ended / this.count, `${this.ended} of ${this.count} maps`);
  }
}
