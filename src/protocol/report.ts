/**
 * The one artefact between computing and showing: everything that is shown comes from it, and a
 * saved report opens without a model. Field names are a contract (docs/report.md): fields may be
 * added; those here keep their names and meaning. A figure that could not be computed is `null`,
 * with a warning that says why.
 */
export interface Report {
  readonly schemaVersion: 1;
  readonly relation: ReportRelation;
  readonly model: ReportModel;
  readonly settings: ReportSettings;
  readonly prompts: readonly PromptResult[];
  readonly parallelism: Parallelism | null;
  readonly linearity: readonly LinearityFit[];
  readonly probes: readonly ProbeResult[];
  readonly subspaces: readonly SubspaceAlignment[];
  readonly summary: Summary;
  readonly warnings: readonly ReportWarning[];
  readonly timing: Timing;
}

export type Section = "parallelism" | "linearity" | "probes" | "subspaces";
export const sections: readonly Section[] = ["parallelism", "linearity", "probes", "subspaces"];

/** [lower, upper] end of a 95% interval. */
export type Interval = readonly [number, number];

/**
 * Whether every model with the same next-token distribution must share a figure
 * (linear-properties section 1); `null` until the twin test has run.
 */
export type Identifiable = "always" | "underDiversity" | "never" | null;

export interface ReportRelation {
  readonly name: string;
  readonly templates: readonly string[];
  readonly samples: readonly {
    readonly subject: string;
    readonly object: string | null;
    readonly label: string | null;
  }[];
  readonly file: string;
}

export interface ReportModel {
  readonly id: string;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly layers: number;
  readonly dtype: string;
  readonly checks: readonly ModelCheck[];
  /** Rows of g left out of Cov(g): special, padding and never-trained tokens. */
  readonly excludedTokens: number;
  /** Rank of Cov(g) at relative tolerance 1e-10. */
  readonly unembeddingRank: number | null;
  /** A sentence about the model that every view shows, such as that it is a teaching model. */
  readonly note: string | null;
}

export interface ModelCheck {
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
  readonly ok: boolean;
}

/** Everything needed to run it again. */
export interface ReportSettings {
  readonly seed: number;
  readonly model: string;
  readonly only: readonly Section[];
  readonly layers: "all" | "last" | readonly number[];
  readonly bos: "auto" | "always" | "never";
  /** Execution provider that was asked for; `auto` where absent. */
  readonly provider?: string;
  /** Threads that were asked for; 0, or absent: left to onnxruntime. */
  readonly threads?: number;
  readonly version: string;
}

export interface Token {
  readonly id: number;
  readonly text: string;
}

export interface PromptResult {
  readonly template: string;
  readonly subject: string;
  readonly object: string | null;
  readonly text: string;
  /** First token of the object after the prompt; without an object, the model's own top answer. */
  readonly answerToken: Token;
  /** Natural log of p(answerToken | text). */
  readonly logProbability: number;
  /** Sum over all tokens of the object; equals logProbability for one-token objects. */
  readonly answerLogProbability: number | null;
  /** 1 = the model's top answer. */
  readonly rank: number;
  readonly predictedToken: Token;
  readonly topTokens: readonly (Token & { readonly logProbability: number })[];
}

export interface Parallelism {
  readonly pairs: readonly {
    readonly from: string;
    readonly fromId: number;
    readonly to: string;
    readonly toId: number;
  }[];
  readonly distributional: ParallelismMap | null;
  readonly causal: ParallelismMap | null;
  readonly euclidean: ParallelismMap | null;
  /** Participation ratio of S = mean f fᵀ over the relation's prompts. */
  readonly effectiveContexts: number | null;
  /** β[i][j] with l_i ≈ β l_j over the prompts, least squares through the origin. */
  readonly slopes: readonly (readonly number[])[];
  /** Differences f(x_b) − f(x_a), x_b with the object in the subject's slot. */
  readonly embeddings: { readonly causal: ParallelismMap | null; readonly euclidean: ParallelismMap | null } | null;
}

export type ParallelismVerdict =
  "parallel" | "class direction only" | "related words, no common direction" | "not parallel" | "too few pairs to tell";

export interface ParallelismMap {
  /** k×k cosines, rows in the order of the file. */
  readonly matrix: readonly (readonly number[])[];
  /** Mean off-diagonal cosine. */
  readonly mean: number;
  /** Bootstrap over pairs. */
  readonly interval: Interval | null;
  /** Mean over permutations of the partners. */
  readonly shuffledMean: number;
  /** One-sided, against shuffled partners. */
  readonly p: number;
  /** Null of random word pairs; null where it does not apply (embedding differences). */
  readonly randomPairsMean: number | null;
  /** 97.5% quantile of the same. */
  readonly randomPairsUpper: number | null;
  readonly verdict: ParallelismVerdict;
  readonly identifiable: Identifiable;
  /** Pairs. */
  readonly n: number;
}

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
  readonly causality: number | null;
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
}

export type ProbeKind = "answer" | "answerAcrossTemplates" | "concept" | "label";

export interface ProbeResult {
  readonly layer: "final" | number;
  readonly kind: ProbeKind;
  readonly estimator: "logistic" | "mlp" | "implied";
  readonly pooling: "last" | "mean" | "moments";
  /** For `concept`: the neutral context, or "bare word". */
  readonly context: string | null;
  /** Independent units: subjects or pairs. */
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
  /** Mean accuracy with control labels [Ctrl]. */
  readonly control: number;
  /** 95% quantile of the same. */
  readonly controlUpper: number;
  readonly controlDraws: number;
  readonly selectivity: number;
  readonly lambda: number;
  readonly directionStability: number | null;
  /** f is covered by the identifiability theorem; intermediate layers are not. */
  readonly identifiable: Identifiable;
}

export interface SubspaceAlignment {
  readonly left: string;
  readonly right: string;
  readonly ranks: readonly [number, number];
  /** Of the principal angles, largest first. */
  readonly cosines: readonly number[];
  /** ‖U1ᵀU2‖²_F / min(k1, k2). */
  readonly overlap: number;
  /** Mean overlap when the answers are permuted in both fits. */
  readonly overlapExpected: number;
  /** 95% quantile of the same. */
  readonly overlapUpper: number;
  readonly p: number;
  /** Geodesic distance on the Grassmann manifold, radians. */
  readonly grassmann: number;
  /** Permutations behind the expectation. */
  readonly draws: number;
  /** Subjects in both fits. */
  readonly n: number;
  readonly identifiable: Identifiable;
}

/** What a person reads first: sentences, then a table of properties. The command line prints the same. */
export interface Summary {
  /** Most important first; the first says what the model itself does. */
  readonly headline: readonly string[];
  readonly properties: readonly PropertyRow[];
}

export interface PropertyRow {
  readonly section: Section;
  readonly property: string;
  readonly value: number | null;
  readonly interval: Interval | null;
  /** The value that no relation would give, and what it is. */
  readonly null: number | null;
  readonly nullName: string;
  readonly p: number | null;
  readonly n: number;
  readonly verdict: string;
  readonly identifiable: Identifiable;
}

export interface ReportWarning {
  readonly code: string;
  readonly message: string;
  /** Report path, template or file position that it is about. */
  readonly where: string;
}

/** Seconds, except tokens. */
export interface Timing {
  readonly load: number;
  readonly tokenize: number;
  readonly forward: number;
  readonly analyse: number;
  readonly total: number;
  readonly tokens: number;
}
