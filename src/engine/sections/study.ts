import type { Relation } from "../../protocol/relation";
import type { Compute } from "../compute/tasks";
import type { VocabularyGeometry } from "../analysis/geometry/geometry";
import type { AlignedContexts } from "../contexts/alignContexts";
import type { Floats, LanguageModel } from "../models/languageModel";
import type { PromptActivations, PromptSet } from "../prompts/promptSet";
import type { Readout } from "../prompts/readout";
import type { ControlRelation } from "./controls";

/** What every section of the report is computed from. */
export interface Study {
  readonly relation: Relation;
  readonly model: LanguageModel;
  readonly geometry: VocabularyGeometry;
  readonly set: PromptSet;
  readonly activations: PromptActivations;
  /** One per prompt. */
  readonly readouts: readonly Readout[];
  /** Relations that interventions must leave alone. */
  readonly controls: readonly ControlRelation[];
  /** Contexts that do not come from the relation, as the model reads them: `generalContexts`; null where no section asks. */
  readonly general: AlignedContexts | null;
  /** Layers that were read, ascending; empty for a model without a stack of layers. */
  readonly layers: readonly number[];
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Runs analyses in worker threads; a section starts what does not depend on each other at once. */
  readonly compute: Compute;
  /**
   * `figures`: the figures alone, for an exact twin of the model: no nulls, no intervals, no hidden layers.
   */
  readonly effort: "full" | "figures";
  /** Whether the Jacobian estimator is asked for, which takes hundreds of passes for each layer and template. */
  readonly jacobian?: boolean;
  /** Full-vocabulary logits of one template's prompts, [samples, vocabulary]. */
  logitsOf(template: number): Promise<Floats>;
  warn(code: string, message: string, where: string): void;
  /** Reports progress within the section, 0 to 1, and gives a cancellation the chance to arrive. @throws Cancelled */
  pause(done: number, detail: string): Promise<void>;
}
