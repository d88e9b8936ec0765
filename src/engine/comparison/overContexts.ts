import type { Comparison, LayerMap, ReportWarning, UnitMatching } from "../../protocol/report";
import { pivotLogRatios } from "../analysis/comparison/diverseTokens";
import { passageOf, type AlignedContexts } from "../contexts/alignContexts";
import { runContexts, type ContextActivations } from "../contexts/runContexts";
import { selectRows } from "../linalg/matrix";
import { rowsOf, type ComparedModel } from "./comparedModel";
import { partOf, Steps, type ComparisonHooks } from "./comparisonProgress";
import { compareDistributions } from "./distributions";
import { ckaMap } from "./layerMaps";
import { equivalenceSteps, linearEquivalence, type EquivalenceFigures } from "./linearEquivalence";

type Both = readonly [ComparedModel, ComparedModel];

export interface OverContexts {
  readonly figures: Pick<
    Comparison,
    "distances" | "equivalence" | "effectiveComplexity" | "complexity" | "unitMatching"
  >;
  readonly layerMaps: readonly LayerMap[];
  readonly warnings: readonly ReportWarning[];
  /** Tokens that were run, in both models. */
  readonly tokens: number;
}

/** Numbers that the hidden states of both models may take; with more, some contexts have none. */
const mostHiddenStates = 4e7;

/** Shares of the work, for the progress. */
const atModel = 0.1;
const atAnalyses = 0.5;

/** What the two models share over the same contexts. @throws Cancelled */
export async function overContexts(
  models: Both,
  aligned: AlignedContexts,
  hooks: ComparisonHooks,
): Promise<OverContexts> {
  const [left, right] = models;
  const step = hiddenStateStep(models, aligned.contexts.length);
  const runs: ContextActivations[] = [];
  for (const [which, { study }] of models.entries()) {
    runs.push(
      await runContexts(study.model, aligned, which, {
        layers: study.layers,
        residualAt: (context) => context % step === 0,
        signal: hooks.signal,
      }),
    );
    await hooks.pause(atModel * (which + 1), `contexts in ${which === 0 ? "the first" : "the second"} model`);
  }
  const [own, other] = runs;
  if (own === undefined || other === undefined) throw new RangeError("two models are compared");
  const passages = passageOf(aligned);
  const distributions = await compareDistributions(
    left,
    right,
    { left: own.f, right: other.f, passageOf: passages },
    partOf(hooks, 2 * atModel, atAnalyses - 2 * atModel),
  );
  await hooks.pause(atAnalyses, "linear equivalence");
  const rows = [rowsOf(left, own.f), rowsOf(right, other.f)] as const;
  const [x, y] = [left.geometry.embed(rows[0]), right.geometry.embed(rows[1])];
  const { compute, seed } = left.study;
  const kept = Int32Array.from(passages.keys()).filter((context) => context % step === 0);
  const passagesKept = kept.map((context) => passages[context] ?? 0);
  const steps = new Steps(partOf(hooks, atAnalyses, 1 - atAnalyses), 4 + equivalenceSteps);
  const complexities = Promise.all([
    steps.of("effective complexity", compute.run("complexity", x)),
    steps.of("effective complexity", compute.run("complexity", y)),
  ] as const);
  const input = {
    ...{ xL: x, xR: y, fL: rows[0], fR: rows[1], complexities, passageOf: passages, seed },
    ...{ uL: pivotLogRatios(distributions.left), uR: pivotLogRatios(distributions.right) },
  };
  const [found, [ownComplexity, otherComplexity], map, units] = await Promise.all([
    linearEquivalence(input, compute, (task) => steps.of("linear equivalence", task)),
    complexities,
    steps.of(
      "layers",
      ckaMap(
        left.study,
        { layers: left.study.layers, residual: own.residual, final: selectRows(x, kept) },
        { layers: right.study.layers, residual: other.residual, final: selectRows(y, kept) },
        passagesKept,
      ),
    ),
    steps.of("units", compute.run("unitMatching", rows[0], rows[1], passages, seed)),
  ]);
  const unitMatching: UnitMatching | null = units === null ? null : { layer: "final", ...units, identifiable: "never" };
  return {
    tokens: own.tokens + other.tokens,
    layerMaps: [map],
    warnings: found?.warnings ?? [],
    figures: {
      distances: distributions.distances,
      equivalence: found === null ? null : equivalenceOf(found, distributions.tokens),
      effectiveComplexity: [ownComplexity.rank, otherComplexity.rank] as const,
      complexity: {
        tolerance: ownComplexity.tolerance,
        participationRatio: [ownComplexity.participationRatio, otherComplexity.participationRatio] as const,
        singularValues: [ownComplexity.singularValues, otherComplexity.singularValues] as const,
      },
      unitMatching,
    },
  };
}

function equivalenceOf(
  { figures, heldOut, n }: EquivalenceFigures,
  diverseTokens: readonly string[],
): Comparison["equivalence"] {
  return {
    r2Forward: figures.r2Forward.value,
    r2Backward: figures.r2Backward.value,
    meanCanonicalCorrelation: figures.meanCanonicalCorrelation.value,
    cka: figures.cka.value,
    dSvd: figures.dSvd.value,
    ckaEuclidean: figures.ckaEuclidean.value,
    r2Euclidean: figures.r2Euclidean.value,
    figures,
    heldOut,
    n,
    diverseTokens,
  };
}

/** Every how many contexts hidden states are kept. */
function hiddenStateStep(models: Both, contexts: number): number {
  const widths = models.map(({ study }) => (study.layers.length + 1) * study.model.unembedding.hiddenSize);
  return Math.max(1, Math.ceil((contexts * widths.reduce((sum, width) => sum + width, 0)) / mostHiddenStates));
}
