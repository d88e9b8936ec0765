import type { CosineMatrix, Identifiable, Interval } from "./figures";

export type ProbeKind = "answer" | "answerAcrossTemplates" | "concept" | "label";

export interface ProbeResult {
  readonly layer: "final" | number;
  readonly kind: ProbeKind;
  readonly estimator: "logistic" | "mlp" | "implied";
  readonly pooling: "last" | "mean" | "moments";
  /** For `concept`: the neutral context, or "bare word". */
  readonly context: string | null;
  /** Independent units: subjects; for `concept`, groups of pairs that share no word with one another. */
  readonly n: number;
  readonly classes: number;
  readonly heldOut: string;
  readonly accuracy: number;
  /** Wilson 95% over the independent units. */
  readonly interval: Interval;
  readonly macroF1: number;
  /** Mean negative log-likelihood of held-out rows, in nats. */
  readonly logLoss: number;
  readonly auroc: number | null;
  readonly majority: number;
  /** Mean accuracy with control labels [Ctrl]; null where none were drawn. */
  readonly control: number | null;
  /** 95% quantile of the same. */
  readonly controlUpper: number | null;
  readonly controlDraws: number;
  readonly selectivity: number | null;
  readonly lambda: number;
  readonly directionStability: number | null;
  /** For `implied`: how it compares with the trained probe on the same rows. */
  readonly againstTrained?: {
    /** Share of held-out rows for which both predict the same class. */
    readonly agreement: number;
    /** Cosines of the principal angles between the two row spaces, largest first. */
    readonly cosines: readonly number[];
  } | null;
  /** f is covered by the identifiability theorem; intermediate layers are not. */
  readonly identifiable: Identifiable;
}

/**
 * Probes trained on one template (row i) and tested on another (column j), subjects held out; and how alike their
 * directions are. Matrices follow `templates`.
 */
export interface ProbeTransfer {
  readonly kind: ProbeKind;
  readonly layer: "final" | number;
  readonly templates: readonly string[];
  readonly n: number;
  readonly classes: number;
  readonly heldOut: string;
  readonly accuracy: readonly (readonly number[])[];
  readonly majority: number;
  /** Cosines between the normals of the probes fitted on all rows of each template; null where a metric does not exist. */
  readonly cosines: {
    readonly euclidean: CosineMatrix | null;
    readonly causal: CosineMatrix | null;
    readonly mahalanobis: CosineMatrix | null;
  };
  /** Of the accuracies. */
  readonly identifiable: Identifiable;
}
