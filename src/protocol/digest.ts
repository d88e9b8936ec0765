import type { Position, Problem } from "./problem";

/**
 * What the editor shows of a report in the text, in lists and in tests. Small, whatever the size of the report, which
 * passes through the extension host unread.
 */
export interface ReportDigest {
  /** Name of the relation. */
  readonly relation: string;
  /** `model.id` of the report. */
  readonly model: string;
  /** The sentences of `summary.headline`; at least one. */
  readonly headline: readonly string[];
  /** The same in a few words with the figure, such as `linear .81–.96` and `parallel .72`; none where not computed. */
  readonly brief: readonly string[];
  /** In the file's order. */
  readonly templates: readonly string[];
  /** In the file's order; `prompts` and `fits` of each are by template. */
  readonly samples: readonly SampleDigest[];
  /** In the order of the file's `expect`. */
  readonly expectations: readonly ExpectationResult[];
}

export interface SampleDigest {
  readonly subject: string;
  readonly object: string | null;
  /** By template; null where the report has no such prompt. */
  readonly prompts: readonly (PromptDigest | null)[];
  /** Whether the sample's pair points as the others do; null where it is no pair, or parallelism was not computed. */
  readonly parallel: ParallelDigest | null;
}

export interface PromptDigest {
  /** Text of the answer's token. */
  readonly answer: string;
  /** 1: the model's own top answer. */
  readonly rank: number;
  /** 0 to 1. */
  readonly probability: number;
  /** Text of the token that the model puts first. */
  readonly predicted: string;
  /** What the linear map that never saw this subject puts first; null where no map was fitted. */
  readonly heldOut: { readonly fold: number; readonly token: string; readonly agrees: boolean } | null;
}

export interface ParallelDigest {
  /** Mean cosine with the other pairs, by the distributional map. */
  readonly cosine: number;
  /** Above the 97.5% quantile of random pairs' means (`randomPairsUpper`). */
  readonly holds: boolean;
}

/** One entry of a relation file's `expect`. */
export interface ExpectationResult {
  /** As in the file: `linearity.faithfulness`. */
  readonly path: string;
  /** As in the file: `>= 0.6`. */
  readonly expected: string;
  /** Of the report, in words: `0.52`; null where the report has no such figure. */
  readonly found: string | null;
  readonly ok: boolean;
  /** Why it failed, in one sentence with the figures; null where it holds. */
  readonly message: string | null;
}

/** Where things of a relation file are written, for what the editor shows beside them. */
export interface RelationOutline {
  readonly name: { readonly text: string; readonly position: Position | null };
  readonly templates: readonly { readonly text: string; readonly position: Position }[];
  readonly samples: readonly {
    readonly subject: string;
    readonly object: string | null;
    readonly position: Position;
  }[];
  readonly expectations: readonly { readonly path: string; readonly expected: string; readonly position: Position }[];
  readonly problems: readonly Problem[];
}
