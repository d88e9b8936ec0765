import type { Identifiable, Interval } from "./report/figures";
import type { ReportModel, ReportSettings, ReportWarning, Timing } from "./report/provenance";

/** Several relations in one model: what they share. Every matrix follows `relations`. */
export interface RelationsReport {
  readonly schemaVersion: 1;
  readonly kind: "relations";
  readonly relations: readonly ComparedRelation[];
  readonly model: ReportModel;
  readonly settings: ReportSettings;
  /** Overlap of the relational subspaces at f, of the first template of each. */
  readonly subspaces: RelationMatrix | null;
  /** Mean cosine between a pair of one relation and a pair of the other; the diagonal leaves out a pair with itself. */
  readonly parallelism: {
    readonly distributional: RelationMatrix | null;
    readonly causal: RelationMatrix | null;
    readonly euclidean: RelationMatrix | null;
  };
  /**
   * Concept probes trained on the words of relation i, balanced accuracy (mean over
   * the two forms) on those of relation j. No word is tested that was trained on, so the diagonal is held out.
   */
  readonly probeTransfer: readonly (RelationMatrix & {
    readonly layer: "final" | number;
    /** What one form for all words gives: ½. */
    readonly majority: number;
  })[];
  /** Cosines between the relations' mean differences; unrelated concepts are expected to be orthogonal. */
  readonly conceptDirections: {
    readonly distributional: DirectionMatrix | null;
    readonly causal: DirectionMatrix | null;
    readonly euclidean: DirectionMatrix | null;
    readonly mahalanobis: DirectionMatrix | null;
    /** Mean |cosine| off the diagonal, causal. */
    readonly meanOffDiagonal: number | null;
    /** Bootstrap over relations, of the same. */
    readonly interval: Interval | null;
    /** Mean, and 95% quantile, of the same for as many sets of as many random word pairs. */
    readonly randomMean: number | null;
    readonly randomUpper: number | null;
    /** Pairs behind each direction. */
    readonly n: number;
  } | null;
  /** Places of `relations` in the order of a clustering by the overlap of subspaces (or concept directions). */
  readonly order: readonly number[];
  readonly headline: readonly string[];
  readonly warnings: readonly ReportWarning[];
  readonly timing: Timing;
}

export interface ComparedRelation {
  readonly name: string;
  readonly file: string;
  /** Template that the subspace was fitted on. */
  readonly template: string;
  readonly samples: number;
  /** Word pairs whose words are one token each. */
  readonly pairs: number;
  /** Share of prompts of which the model gives the object first; null without objects. */
  readonly correct: number | null;
  /** Rank of the relational subspace; null where R² is not above zero. */
  readonly rank: number | null;
  readonly r2Logit: number | null;
}

/** Null for relations without enough pairs. */
export interface DirectionMatrix {
  readonly matrix: readonly (readonly (number | null)[])[];
  readonly identifiable: Identifiable;
}

export interface RelationMatrix {
  readonly matrix: readonly (readonly (number | null)[])[];
  /** 95% quantile of each entry's own null (answers permuted, random pairs, control labels); null where none. */
  readonly upper: readonly (readonly (number | null)[])[] | null;
  readonly intervals: readonly (readonly (Interval | null)[])[] | null;
  readonly identifiable: Identifiable;
  /** Units behind the smallest entry: subjects, or pairs. */
  readonly n: number;
}
