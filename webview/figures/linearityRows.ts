import type { LinearityEstimator, LinearityFit } from "../../src/protocol/report";

export type Layer = LinearityFit["layer"];

/** Fits first, then the baselines they are held against. */
const estimatorOrder: readonly LinearityEstimator[] = [
  "leastSquares",
  "kl",
  "jacobian",
  "translation",
  "identity",
  "shuffled",
  "mean",
];
const baselines = new Set<LinearityEstimator>(["translation", "identity", "shuffled", "mean"]);

export const isBaseline = (estimator: LinearityEstimator) => baselines.has(estimator);

/** Layers in rising order, "final" last. */
export function fitLayers(fits: readonly LinearityFit[]): readonly Layer[] {
  return [...new Set(fits.map((fit) => fit.layer))].sort((a, b) => depth(a) - depth(b));
}

export interface TemplateFits {
  readonly template: string;
  readonly fits: readonly LinearityFit[];
}

/** Per template in the file's order, the pooled fit (`*`) first. */
export function fitsByTemplate(
  fits: readonly LinearityFit[],
  templates: readonly string[],
  layer: Layer,
): readonly TemplateFits[] {
  const rank = (template: string) => (template === "*" ? -1 : templates.indexOf(template));
  const order = (estimator: LinearityEstimator) => estimatorOrder.indexOf(estimator);
  const shown = fits.filter((fit) => fit.layer === layer);
  return [...new Set(shown.map((fit) => fit.template))]
    .sort((a, b) => rank(a) - rank(b))
    .map((template) => ({
      template,
      fits: shown
        .filter((fit) => fit.template === template)
        .toSorted((a, b) => order(a.estimator) - order(b.estimator)),
    }));
}

/** "final" lies behind all layers. */
export const depth = (layer: Layer) => (layer === "final" ? Infinity : layer);
