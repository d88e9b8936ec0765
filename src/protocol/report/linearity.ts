import type { Identifiable, Interval } from "./figures";
import type { Token } from "./prompts";

export type LinearityEstimator = "leastSquares" | "kl" | "jacobian" | "identity" | "translation" | "mean" | "shuffled";

export interface LinearityFit {
  /** Template text, or `*` for the fit pooled over templates. */
  readonly template: string;
  /** "final" for f at the subject's last token, else a layer number. */
  readonly layer: "final" | number;
  readonly estimator: LinearityEstimator;
  /** Held-out scheme, such as "leave one subject out". */
  readonly heldOut: string;
  /** Subjects. */
  readonly n: number;
  readonly r2Logit: number | null;
  /** Over subjects, for r2Logit. */
  readonly interval: Interval | null;
  /** Against 200 within-fold shuffles. */
  readonly p: number | null;
  /** Share of held-out subjects whose argmax over the vocabulary agrees with the model's own. */
  readonly faithfulness: number | null;
  /** Wilson, for faithfulness. */
  readonly faithfulnessInterval: Interval | null;
  readonly faithfulnessInAnswers: number | null;
  readonly distinctTopAnswers: number;
  /** Mean KL(p ‖ p̂) in nats over the vocabulary. */
  readonly kl: number | null;
  readonly klInAnswers: number | null;
  /** Share of subject pairs whose answer becomes the other's, at the rank that is best for the pairs of the other folds. */
  readonly causality: number | null;
  /** Wilson, for `causality`, over pairs of subjects. */
  readonly causalityInterval?: Interval | null;
  /** As `causality`, with random changes of the same length in the standardised states. */
  readonly causalityRandom?: number | null;
  /** The rank sweep of `causality`; null for `final`, where nothing is left to compute after f. */
  readonly causalityByRank?: readonly { readonly rank: number; readonly share: number; readonly n: number }[] | null;
  /** Scale β of the Jacobian estimator; null for others. */
  readonly beta?: number | null;
  /** Smallest rank that keeps 95% of the held-out R²_logit. */
  readonly rank: number | null;
  /** Of G_Y A fitted on all subjects; largest first. */
  readonly singularValues: readonly number[] | null;
  /** Geometric mean over folds. */
  readonly lambda: number | null;
  readonly identifiable: Identifiable;
  /** Per subject, in the file's order: is the held-out prediction right? Null where not predicted. */
  readonly agreement: readonly (boolean | null)[] | null;
  /** Per subject, in the file's order: the token that the held-out prediction puts first. */
  readonly predictions: readonly Token[] | null;
  /** Per subject, in the file's order: the fold, from 0, whose map predicted it; null like `agreement`. */
  readonly folds?: readonly number[] | null;
}

/**
 * Is a map one for all paraphrases? Entry [i][j]: least squares fitted on template i, scored on template j for
 * subjects that were absent from the fit; i = j is the held-out fit itself.
 */
export interface LinearityTransfer {
  readonly templates: readonly string[];
  readonly layer: "final";
  readonly heldOut: string;
  readonly n: number;
  /** R²_logit with template i's intercept. */
  readonly r2OwnIntercept: readonly (readonly (number | null)[])[];
  /** R²_logit with the intercept estimated anew on template j's training subjects. */
  readonly r2RefittedIntercept: readonly (readonly (number | null)[])[];
  readonly faithfulnessInAnswers: readonly (readonly (number | null)[])[];
  readonly identifiable: Identifiable;
}
