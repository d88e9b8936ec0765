/** What the latent-variable simulation of [Orig] is run with; see linear-properties section 10. */
export interface SimulationSettings {
  /** m, 3 to 10 binary concepts. */
  readonly concepts: number;
  readonly runs: number;
  readonly optimizer: "sgd" | "adam";
  readonly seed: number;
  /** d; m where absent. */
  readonly dimension?: number;
  /** Most steps of one run; what converges for m where absent. */
  readonly steps?: number;
  /** Share of the 2^m masks that are used; 1 where absent. */
  readonly masks?: number;
  /** Share of the 2^m bit strings that are used; 1 where absent. */
  readonly strings?: number;
}

/** Smallest and largest of each. */
export const simulationLimits = {
  concepts: [3, 10],
  runs: [1, 100],
  dimension: [1, 16],
  steps: [100, 100_000_000],
  seed: [0, 2 ** 32 - 1],
} as const;

export interface MeanAndError {
  readonly mean: number;
  /** Standard error over runs; null with one run. */
  readonly se: number | null;
}

/** [m][m] means over pairs of steering vectors; null where incomplete strings or masks leave no pair. */
export type CosineMatrix = readonly (readonly (number | null)[])[];

/** State of one run after some steps. */
export interface SimulationCheckpoint {
  /** 0, 1, … */
  readonly run: number;
  readonly step: number;
  /** Expected cross-entropy of the tables as they are, exact over all strings and masks, in nats. */
  readonly loss: number;
  /** The conditional entropy of the string given its context, which the loss cannot fall below, in nats. */
  readonly lossFloor: number;
  /** Mean cosine among the unembedding steering vectors of a concept, mean over concepts. */
  readonly unembedding: number;
  /** Among its embedding steering vectors. */
  readonly embedding: number;
  /** Between the two. */
  readonly cross: number;
  /** Mean |cosine| between unembedding steering vectors of different concepts. */
  readonly betweenConcepts: number;
  /** Mean cosine between unembedding steering vectors of concepts i and j; on the diagonal, of two different ones. */
  readonly unembeddingMatrix: CosineMatrix;
  readonly embeddingMatrix: CosineMatrix;
  /** Row: embedding steering vectors of i; column: unembedding steering vectors of j. */
  readonly crossMatrix: CosineMatrix;
}

/** `relation-lens origins --out`. */
export interface SimulationReport {
  readonly schemaVersion: 1;
  readonly kind: "origins";
  readonly concepts: number;
  readonly runs: number;
  readonly optimizer: "sgd" | "adam";
  readonly seed: number;
  readonly settings: Required<SimulationSettings>;
  /** Wall time. */
  readonly seconds: number;
  /** Final loss, and the entropy that it cannot fall below, both in nats. */
  readonly loss: MeanAndError;
  readonly lossFloor: MeanAndError;
  readonly unembedding: MeanAndError;
  readonly embedding: MeanAndError;
  readonly cross: MeanAndError;
  readonly betweenConcepts: MeanAndError;
  /** At the start, before any training: the null. */
  readonly initial: {
    readonly unembedding: MeanAndError;
    readonly embedding: MeanAndError;
    readonly cross: MeanAndError;
    readonly betweenConcepts: MeanAndError;
  };
  /** Means over runs. */
  readonly matrices: {
    readonly unembedding: CosineMatrix;
    readonly embedding: CosineMatrix;
    readonly cross: CosineMatrix;
  };
  /** Per run, from step 0 to the last. */
  readonly curves: readonly (readonly SimulationCheckpoint[])[];
  /** Per run: did its curve become flat within the most steps? It stops there. */
  readonly converged: readonly boolean[];
  /** Edges of the random DAG per run: [parent, child]. */
  readonly graphs: readonly (readonly (readonly [number, number])[])[];
  readonly headline: readonly string[];
}
