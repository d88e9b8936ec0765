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
  readonly linearityTransfer: LinearityTransfer | null;
  readonly probes: readonly ProbeResult[];
  readonly probeTransfer: readonly ProbeTransfer[];
  readonly subspaces: readonly SubspaceAlignment[];
  readonly conceptDirections: ConceptDirections | null;
  readonly erasure: readonly ErasureResult[];
  readonly steering: readonly SteeringResult[];
  readonly steeringExamples: readonly SteeringExample[];
  readonly coupling: DirectionCoupling | null;
  /** Null where it was not asked for. */
  readonly twins: TwinRanges | null;
  readonly summary: Summary;
  readonly warnings: readonly ReportWarning[];
  readonly timing: Timing;
}

export type Section = "parallelism" | "linearity" | "probes" | "subspaces" | "steering";
export const sections: readonly Section[] = ["parallelism", "linearity", "probes", "subspaces", "steering"];

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
  /** Exact twins of each family behind `twins`; 0 leaves the twin test out. */
  readonly twins: number;
  /** Whether the Jacobian estimator was asked for; not where absent. */
  readonly jacobian?: boolean;
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
}

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

export interface SubspaceAlignment {
  /** What is compared: two templates at one layer, two layers in one template, or two relations. */
  readonly between?: "templates" | "layers" | "relations";
  /** "final" for f; absent means f. */
  readonly layers?: readonly ["final" | number, "final" | number];
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

/**
 * Cosines between the directions of concepts: the mean of g(to) − g(from) over the pairs of this relation and of each
 * control relation. Unrelated concepts are expected to be orthogonal in the causal geometry ([Geo], [Orig]).
 */
export interface ConceptDirections {
  readonly names: readonly string[];
  /** Pairs behind each. */
  readonly n: readonly number[];
  readonly distributional: CosineMatrix | null;
  readonly causal: CosineMatrix | null;
  readonly euclidean: CosineMatrix | null;
  /** Inner product Δᵀ Σ⁻¹ Δ' with Σ the shrunk covariance of the words' own g. */
  readonly mahalanobis: CosineMatrix | null;
}

export interface CosineMatrix {
  readonly matrix: readonly (readonly number[])[];
  readonly identifiable: Identifiable;
}

/** The relation's subspace is removed from the residual stream after one layer, from the subject's last token on. */
export interface ErasureResult {
  readonly template: string;
  readonly layer: number;
  readonly rank: number;
  /** Subjects. */
  readonly n: number;
  /** Share of prompts whose top answer is the sample's (or the model's own) answer, before and after. */
  readonly before: number;
  readonly after: number;
  /** Wilson, for `after`. */
  readonly interval: Interval;
  /** As `after`, when a random subspace of the same rank is removed instead; mean over `randomDraws`. */
  readonly afterRandom: number;
  readonly randomDraws: number;
  /** Mean KL(before ‖ after) in nats on the relation's own prompts. */
  readonly kl: number;
  readonly controls: readonly {
    readonly relation: string;
    readonly n: number;
    readonly before: number;
    readonly after: number;
    readonly kl: number;
  }[];
}

export type SteeringMethod = "minimumNorm" | "differenceOfMeans" | "probeNormal" | "pseudoInverse";

/** Steering held-out subjects' prompts from their own answer a to another subject's answer b ([LRE], section 8). */
export interface SteeringResult {
  readonly layer: "final" | number;
  readonly method: SteeringMethod;
  /** 0 leaves the prompt alone; 1 moves the log-odds of b against a by what tells the two subjects' prompts apart. */
  readonly alpha: number;
  /** Steered prompts. */
  readonly n: number;
  readonly heldOut: string;
  /** Share whose top answer becomes b. */
  readonly successRate: number;
  /** Wilson, over subjects. */
  readonly interval: Interval;
  /** As successRate, with a random vector of the same length in the same coordinates. */
  readonly randomSuccessRate: number | null;
  /** Means of log p. */
  readonly targetLogProbability: number;
  readonly sourceLogProbability: number;
  /** Mean KL(untouched ‖ steered) in nats on the control relations' prompts; null without control relations. */
  readonly controlKl: number | null;
  /** Share of control prompts that keep their top answer. */
  readonly controlKept: number | null;
  readonly controlN: number;
  readonly identifiable: Identifiable;
}

export interface SteeringExample {
  readonly layer: "final" | number;
  readonly method: SteeringMethod;
  readonly alpha: number;
  readonly prompt: string;
  /** Answers: the prompt's own and the one steered to. */
  readonly from: Token;
  readonly to: Token;
  /** Greedy continuation without and with the vector. */
  readonly without: string;
  readonly with: string;
}

/** Entry [i][j]: by how much a unit move of the read-out of direction i moves that of direction j. */
export interface DirectionCoupling {
  readonly names: readonly string[];
  readonly matrix: readonly (readonly number[])[];
  readonly identifiable: Identifiable;
}

/**
 * Every figure on exact twins of the model (linear-properties section 1): [smallest, largest] by report path, such as
 * `parallelism.causal.mean` or `linearity[3].r2Logit`.
 */
export interface TwinRanges {
  /** Twins of each family. */
  readonly count: number;
  /** Twins behind figures that are costly to compute anew, by report path; `count` for all others. */
  readonly fewer: Readonly<Record<string, number>>;
  readonly condition: number;
  readonly changeOfBasis: Readonly<Record<string, Interval>>;
  readonly changeOfDimension: Readonly<Record<string, Interval>>;
}

/** What a person reads first: sentences, then a table of properties. The command line prints the same. */
export interface Summary {
  /** Most important first; the first says what the model itself does. */
  readonly headline: readonly string[];
  readonly properties: readonly PropertyRow[];
}

export interface PropertyRow {
  readonly section: Section;
  /** Report path of `value`, and so its key in `twins`; null where it has none. */
  readonly path: string | null;
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

/** Seconds of wall time, except tokens. `forward` holds every forward pass, those of the sections included. */
export interface Timing {
  readonly load: number;
  readonly tokenize: number;
  readonly forward: number;
  readonly analyse: number;
  /** Parts of `analyse` by name; they run side by side. */
  readonly stages?: Readonly<Record<string, number>>;
  readonly total: number;
  readonly tokens: number;
}
