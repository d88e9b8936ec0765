import type { Comparison } from "./report/comparison";
import type { LinearityFit, LinearityTransfer } from "./report/linearity";
import type { Origins } from "./report/origins";
import type { ReportModel, ReportRelation, ReportSettings, ReportWarning, Timing } from "./report/provenance";
import type { Parallelism } from "./report/parallelism";
import type { ProbeResult, ProbeTransfer } from "./report/probes";
import type { PromptResult } from "./report/prompts";
import type { DirectionCoupling, SteeringExample, SteeringResult } from "./report/steering";
import type { ConceptDirections, ErasureResult, SubspaceAlignment } from "./report/subspaces";
import type { Summary } from "./report/summary";
import type { TwinRanges } from "./report/twins";

export type * from "./report/comparison";
export type * from "./report/figures";
export type * from "./report/linearity";
export type * from "./report/origins";
export type * from "./report/provenance";
export type * from "./report/parallelism";
export type * from "./report/probes";
export type * from "./report/prompts";
export type * from "./report/steering";
export type * from "./report/subspaces";
export * from "./report/summary";
export type * from "./report/twins";

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
  readonly origins: Origins | null;
  /** Null where it was not asked for. */
  readonly twins: TwinRanges | null;
  /** Null where one model was given. */
  readonly comparison: Comparison | null;
  readonly summary: Summary;
  readonly warnings: readonly ReportWarning[];
  readonly timing: Timing;
}
