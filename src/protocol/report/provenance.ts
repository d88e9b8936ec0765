import type { Section } from "./summary";

export interface ReportRelation {
  readonly name: string;
  readonly templates: readonly string[];
  readonly samples: readonly {
    readonly subject: string;
    readonly object: string | null;
    readonly label: string | null;
  }[];
  readonly file: string;
  /** Where the samples come from, where not from `file`: a file, `collection/` with a name, or `typed`. */
  readonly subjects?: string;
  /** Of the text that was analysed, in hexadecimal, to tell later whether the file has changed. */
  readonly sha256?: string;
  /** The assertions of the file; absent where it has none. */
  readonly expect?: Readonly<Record<string, string>>;
}

export interface ReportModel {
  readonly id: string;
  /** Path of the graph. */
  readonly file?: string;
  /** SHA-256 over samples of the graph and of its data; null where they could not be read again. */
  readonly fingerprint?: string | null;
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
  /** The second model; absent where there was none. */
  readonly compare?: string;
  /** Contexts that do not come from the relation: a file or folder of texts; the collection of the product where absent. */
  readonly contexts?: string;
  readonly version: string;
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
