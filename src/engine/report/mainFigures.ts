import type { LinearityFit, ProbeResult } from "../../protocol/report";

/** The fits that a verdict is about: least squares from f, one per template. */
export function mapsOnF(fits: readonly LinearityFit[]): LinearityFit[] {
  return fits.filter(
    ({ estimator, layer, template }) => estimator === "leastSquares" && layer === "final" && template !== "*",
  );
}

export function meanOf(fits: readonly LinearityFit[], fit: LinearityFit): LinearityFit | undefined {
  return fits.find(
    (other) => other.estimator === "mean" && other.template === fit.template && other.layer === fit.layer,
  );
}

export function finalProbes(probes: readonly ProbeResult[]): ProbeResult[] {
  return probes.filter(({ layer, estimator }) => layer === "final" && estimator === "logistic");
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
