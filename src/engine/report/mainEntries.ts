import type {
  ErasureResult,
  LinearityFit,
  ProbeResult,
  Report,
  SteeringResult,
  SubspaceAlignment,
} from "../../protocol/report";
import { finalProbes, mostCausal, mostEffective, paraphrasesAtF, strongestErasures } from "./mainFigures";

/** What an expectation chooses entries by, and the first field that it names after them. */
export interface Choice {
  readonly keys: ReadonlySet<string>;
  readonly field: string;
}

/**
 * Of the entries that an expectation chooses, those that it is about: what it does not choose by is as in the
 * summary's table. Several templates, or pairs of them, stay several.
 */
export function mainEntries(root: string, chosen: readonly unknown[], choice: Choice): readonly unknown[] {
  const narrow = narrowing[root];
  return narrow === undefined ? chosen : narrow(chosen, choice);
}

type Narrow = (chosen: readonly unknown[], choice: Choice) => readonly unknown[];

const narrowing: Readonly<Record<string, Narrow>> = {
  linearity: (chosen, { keys, field }) => {
    const fits = chosen as Report["linearity"];
    const own = keys.has("template") ? fits : fits.filter(({ template }) => template !== "*");
    // Nothing is left to compute after f, so that only hidden layers have it.
    if (field.startsWith("causality") && !keys.has("layer")) return mostCausalEntry(own);
    return own.filter(
      ({ layer, estimator }) =>
        (keys.has("layer") || layer === "final") && (keys.has("estimator") || estimator === "leastSquares"),
    );
  },
  probes: (chosen, { keys }) => {
    const probes = chosen as Report["probes"];
    const task = keys.has("kind") || keys.has("context") ? probes : mainTask(probes);
    const wanted = (key: keyof ProbeResult, value: string) => (probe: ProbeResult) =>
      keys.has(key) || probe[key] === value;
    return task
      .filter(wanted("layer", "final"))
      .filter(wanted("estimator", "logistic"))
      .filter(wanted("pooling", "last"));
  },
  subspaces: (chosen, { keys }) => {
    const alignments = chosen as readonly SubspaceAlignment[];
    return keys.has("between") || keys.has("layers") ? alignments : paraphrasesAtF(alignments);
  },
  erasure: (chosen, { keys }) => {
    const erasure = chosen as readonly ErasureResult[];
    return keys.has("layer") ? erasure : strongestErasures(erasure);
  },
  steering: (chosen, { keys }) => {
    const steering = chosen as readonly SteeringResult[];
    const scaled = keys.has("alpha") ? steering : steering.filter(({ alpha }) => alpha === 1);
    return keys.has("layer") ? scaled : mostEffective(scaled);
  },
};

/** The answer where it has a probe; else whatever is probed at f. */
function mainTask(probes: readonly ProbeResult[]): readonly ProbeResult[] {
  const answers = probes.filter(({ kind }) => kind === "answer");
  return finalProbes(answers).length > 0 ? answers : probes;
}

function mostCausalEntry(fits: readonly LinearityFit[]): readonly LinearityFit[] {
  const best = mostCausal(fits);
  return fits.filter(
    ({ template, layer, estimator }) =>
      template === best?.template && layer === best.layer && estimator === best.estimator,
  );
}
