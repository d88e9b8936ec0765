import type {
  ErasureResult,
  LinearityFit,
  ProbeResult,
  PromptResult,
  SteeringMethod,
  SteeringResult,
  SubspaceAlignment,
} from "../../protocol/report";

/** The fits that a verdict is about: least squares from f, one per template. */
export function mapsOnF(fits: readonly LinearityFit[]): LinearityFit[] {
  return fits.filter(
    ({ estimator, layer, template }) => estimator === "leastSquares" && layer === "final" && template !== "*",
  );
}

/** Faithfulness of the best answer that looks at no subject. */
export interface ConstantAnswer {
  readonly share: number;
  readonly name: "mean answer" | "commonest answer";
}

/**
 * The greater of the mean answer's faithfulness and the share of the commonest top answer: held out, the mean of two
 * answers that are as frequent always leans to the other one, and would make any map look good.
 */
export function constantAnswer(
  fits: readonly LinearityFit[],
  fit: LinearityFit,
  prompts: readonly PromptResult[],
): ConstantAnswer | null {
  const mean = fits.find(
    (other) => other.estimator === "mean" && other.template === fit.template && other.layer === fit.layer,
  );
  const tops = prompts
    .filter(({ template }) => template === fit.template)
    .map(({ predictedToken }) => predictedToken.id);
  const commonest = Math.max(0, ...tops.map((id) => tops.filter((other) => other === id).length)) / tops.length;
  const known: ConstantAnswer[] = [
    ...(mean?.faithfulness == null ? [] : [{ share: mean.faithfulness, name: "mean answer" } as const]),
    ...(tops.length === 0 ? [] : [{ share: commonest, name: "commonest answer" } as const]),
  ];
  return greatest(known, ({ share }) => share) ?? null;
}

/** The linear probes of f at the last token. */
export function finalProbes(probes: readonly ProbeResult[]): ProbeResult[] {
  return probes.filter(
    ({ layer, estimator, pooling }) => layer === "final" && estimator === "logistic" && pooling === "last",
  );
}

export function sameProbeAt(
  probes: readonly ProbeResult[],
  probe: ProbeResult,
  layer: number,
): ProbeResult | undefined {
  return probes.find(
    (other) =>
      other.layer === layer &&
      other.kind === probe.kind &&
      other.context === probe.context &&
      other.estimator === probe.estimator &&
      other.pooling === probe.pooling,
  );
}

export function taskWords(probe: ProbeResult): string {
  switch (probe.kind) {
    case "answer":
      return "the answer";
    case "answerAcrossTemplates":
      return "the answer across templates";
    case "label":
      return "the label";
    case "concept":
      return `subject or object form (${probe.context ?? "bare word"})`;
  }
}

/** Alignments of two templates on f. */
export function paraphrasesAtF(subspaces: readonly SubspaceAlignment[]): SubspaceAlignment[] {
  return subspaces.filter(
    ({ between = "templates", layers }) => between === "templates" && (layers?.[0] ?? "final") === "final",
  );
}

/** The layer and template at which editing a hidden state by the linear map changes the answer most often. */
export function mostCausal(fits: readonly LinearityFit[]): (LinearityFit & { readonly causality: number }) | undefined {
  const edited = fits.flatMap((fit) => (fit.causality === null ? [] : [{ fit, share: fit.causality }]));
  const best = greatest(edited, ({ share }) => share);
  return best === undefined ? undefined : { ...best.fit, causality: best.share };
}

/** Per template, the layer whose erasure leaves the fewest answers. */
export function strongestErasures(erasure: readonly ErasureResult[]): ErasureResult[] {
  const templates = [...new Set(erasure.map(({ template }) => template))];
  return templates.flatMap((template) => {
    const own = erasure.filter((result) => result.template === template);
    return greatest(own, ({ after }) => -after) ?? [];
  });
}

/** α that the summary speaks of: the vector moves the log-odds by just what tells the two subjects apart. */
const summaryAlpha = 1;

/** Steering at f, and for every other method the layer at which it succeeds most often; all at α = 1. */
export function mainSteering(steering: readonly SteeringResult[]): SteeringResult[] {
  const at = steering.filter(({ alpha }) => alpha === summaryAlpha);
  const methods = [...new Set(at.filter(({ layer }) => layer !== "final").map(({ method }) => method))];
  return [
    ...at.filter(({ layer }) => layer === "final"),
    ...methods.flatMap(
      (method) =>
        greatest(
          at.filter((result) => result.method === method && result.layer !== "final"),
          ({ successRate }) => successRate,
        ) ?? [],
    ),
  ];
}

/** Of several results, the hidden layer and method that succeed most often; f where no hidden layer was steered. */
export function mostEffective(steering: readonly SteeringResult[]): SteeringResult[] {
  const hidden = steering.filter(({ layer }) => layer !== "final");
  const best = greatest(hidden.length > 0 ? hidden : steering, ({ successRate }) => successRate);
  return best === undefined ? [] : [best];
}

export const steeringMethodWords: Readonly<Record<SteeringMethod, string>> = {
  minimumNorm: "minimum norm",
  differenceOfMeans: "difference of means",
  probeNormal: "probe normal",
  pseudoInverse: "pseudo-inverse of the map",
};

/** The first of those with the largest value. */
function greatest<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || value(item) > value(best) ? item : best),
    undefined,
  );
}
