import type { LayerMap } from "../../protocol/report";
import type { SubjectScores } from "../analysis/subspaces/relationalSubspaces";
import type { Matrix } from "../linalg/matrix";
import type { Floats } from "../models/languageModel";
import { columns, templateRows } from "../sections/activationRows";
import { answerTokens } from "../sections/linearity";
import { rankAt, reportedRanks } from "../sections/ranks";
import { fewestSubjects, hiddenRows } from "../sections/subspaceAlignments";
import type { Study } from "../sections/study";
import type { ReportedModel } from "./comparedModel";

/** Permutations behind the expected overlap and its 95% quantile. */
const draws = 40;

/** Hidden states over the contexts that are kept, layer by layer, and f at the end. */
export interface LayerRows {
  readonly layers: readonly number[];
  readonly residual: ReadonlyMap<number, Floats>;
  /** Cᵀ f over the matched vocabulary, [contexts, rank]. */
  readonly final: Matrix;
}

/** Linear CKA of every layer of one model with every layer of the other. @throws Cancelled */
export async function ckaMap(
  { compute, seed }: Pick<Study, "compute" | "seed">,
  left: LayerRows,
  right: LayerRows,
  passageOf: Int32Array,
): Promise<LayerMap> {
  const map = await compute.run("layerCkaMap", matrices(left), matrices(right), passageOf, seed);
  return {
    measure: "cka",
    template: null,
    left: [...left.layers, "final"],
    right: [...right.layers, "final"],
    ...map,
    n: passageOf.length,
  };
}

function matrices({ layers, residual, final }: LayerRows): Matrix[] {
  const hidden = layers.map((layer): Matrix => {
    const values = residual.get(layer) ?? new Float32Array();
    return { rows: final.rows, cols: values.length / final.rows, data: Float64Array.from(values) };
  });
  return [...hidden, final];
}

/**
 * How much of what one model's layers say about the subjects the other's say too, a map per template. Empty with too
 * few subjects for a subspace.
 *
 * @throws Cancelled
 */
export async function overlapMaps(left: ReportedModel, right: ReportedModel): Promise<LayerMap[]> {
  const { set, relation, compute } = left.study;
  if (set.samples < fewestSubjects) return [];
  return Promise.all(
    relation.templates.map(async (template, t): Promise<LayerMap> => {
      const [own, other] = await Promise.all([scoresOf(left, t), scoresOf(right, t)]);
      return {
        measure: "subspaceOverlap",
        template,
        left: [...left.study.layers, "final"],
        right: [...right.study.layers, "final"],
        ...(await compute.run("layerOverlapMap", own, other)),
        n: set.samples,
      };
    }),
  );
}

/** Of every layer that was read and of f; null where the map at a layer predicts nothing. */
async function scoresOf({ study, report }: ReportedModel, template: number): Promise<(SubjectScores | null)[]> {
  const { set, activations, geometry, seed, compute } = study;
  const { hiddenSize, vocabularySize } = study.model.description;
  const answerLogits = columns(await study.logitsOf(template), vocabularySize, answerTokens(study));
  const inputs = [
    ...study.layers.map((layer) => ({ layer, rows: hiddenRows(study, layer, template), metric: "pooled" as const })),
    {
      layer: "final" as const,
      rows: geometry.embed(templateRows(activations.fSubject, template, set.samples, hiddenSize)),
      metric: "given" as const,
    },
  ];
  return Promise.all(
    inputs.map(async ({ layer, rows, metric }) => {
      const rank = await rankAt(study, reportedRanks(report.linearity), layer, template);
      const map = { inputs: rows, answerLogits, rank, stream: `${template}` };
      const { scores } = await compute.run("relationalSubspaces", [map], [], { seed, draws, metric });
      return scores;
    }),
  );
}
