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

export type FitReading =
  "baseline" | "notComputed" | "noInformation" | "tooFew" | "better" | "untested" | "worse" | "unclear";

/** Fewer subjects than this say too little unless the interval excludes the null (linear-properties section 11). */
const fewSubjects = 20;

/** What one fit says, by the interval of R² and its p against shuffles. */
export function readFit(fit: LinearityFit): FitReading {
  if (isBaseline(fit.estimator)) return "baseline";
  if (fit.r2Logit === null) return "notComputed";
  if (fit.distinctTopAnswers <= 1) return "noInformation";
  const above = fit.interval !== null && fit.interval[0] > 0;
  if (above && fit.p === null) return "untested";
  if (above && fit.p !== null && fit.p < 0.05) return "better";
  if (fit.interval !== null && fit.interval[1] <= 0) return "worse";
  return fit.n < fewSubjects ? "tooFew" : "unclear";
}

const depth = (layer: Layer) => (layer === "final" ? Infinity : layer);
