import type { ParallelismMap, PropertyRow } from "../../protocol/report";
import type {
  AlignmentVerdict,
  CausalityVerdict,
  ErasureVerdict,
  LinearityVerdict,
  LogOddsVerdict,
  ProbeVerdict,
  SpecificityVerdict,
  SteeringVerdict,
  SubspaceVerdict,
  TransferVerdict,
} from "./verdicts";

type Verdict =
  | ParallelismMap["verdict"]
  | AlignmentVerdict
  | CausalityVerdict
  | ErasureVerdict
  | LinearityVerdict
  | LogOddsVerdict
  | ProbeVerdict
  | SpecificityVerdict
  | SteeringVerdict
  | SubspaceVerdict
  | TransferVerdict;

/**
 * A property holds where the figure beats its null, also `partly`, below the share that the full word asks for. Two do
 * not although they beat theirs: one map for all paraphrases is not there where it is partly shared, and log-odds that
 * are merely steadier than those of rarer random words are not the same in all contexts.
 */
const table: Readonly<Record<Verdict, boolean | null>> = {
  parallel: true,
  "class direction only": false,
  "related words, no common direction": false,
  "not parallel": false,
  "too few pairs to tell": null,
  linear: true,
  "partly linear": true,
  "not linear": false,
  "too few subjects to tell": null,
  "carries no information": null,
  "not computed": null,
  "one map for all paraphrases": true,
  "partly shared between paraphrases": false,
  "not shared between paraphrases": false,
  causal: true,
  "partly causal": true,
  "no more than a random change": false,
  readable: true,
  "already in the embedding": true,
  "no signal": false,
  "no better than the control": false,
  "too few to tell": null,
  aligned: true,
  "no more than by chance": false,
  "the answers need it": true,
  "no more than a random subspace": false,
  steers: true,
  "partly steers": true,
  "no more than a random vector": false,
  "too few prompts to tell": null,
  specific: true,
  "touches other relations": false,
  "the same in all contexts": true,
  "steadier than random pairs": false,
  "as unsteady as random pairs": false,
  "embeddings aligned": true,
  "embeddings not aligned": false,
};

/** Whether a property holds, by its verdict; null where that cannot be told. */
export function holds(verdict: Verdict): PropertyRow["holds"] {
  return table[verdict];
}
