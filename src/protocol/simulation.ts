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

export interface MeanAndError {
  readonly mean: number;
  /** Standard error over runs; null with one run. */
  readonly se: number | null;
}

/** State of one run after some steps. */
export interface SimulationCheckpoint {
  /** 0, 1, … */
  readonly run: number;
  readonly step: number;
  /** Mean cross-entropy over the samples since the last checkpoint, in nats. */
  readonly loss: number;
  /** Mean cosine among the unembedding steering vectors of a concept, mean over concepts. */
  readonly unembedding: number;
  /** Among its embedding steering vectors. */
  readonly embedding: number;
  /** Between the two. */
  readonly cross: number;
  /** Mean |cosine| between those of different concepts. */
  readonly betweenConcepts: number;
  /** [m][m]: mean cosine between unembedding steering vectors of concepts i and j. */
  readonly unembeddingMatrix: readonly (readonly number[])[];
  readonly embeddingMatrix: readonly (readonly number[])[];
  /** Row: embedding steering vectors of i; column: unembedding steering vectors of j. */
  readonly crossMatrix: readonly (readonly number[])[];
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
    readonly unembedding: readonly (readonly number[])[];
    readonly embedding: readonly (readonly number[])[];
    readonly cross: readonly (readonly number[])[];
  };
  readonly curves: readonly (readonly SimulationCheckpoint[])[];
  /** Per run: did the curve become flat before the most steps? */
  readonly converged: readonly boolean[];
  /** Edges of the random DAG per run: [parent, child]. */
  readonly graphs: readonly (readonly (readonly [number, number])[])[];
  readonly headline: readonly string[];
}
