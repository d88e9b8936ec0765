import type { LinearityFit, SubspaceAlignment } from "../../protocol/report";
import { linearity } from "../analysis/linearity";
import { relationalMapFitter } from "../analysis/relationalMap";
import { alignSubspaces, relationalSubspace } from "../analysis/subspaces";
import { selectRows, type Matrix } from "../linalg/matrix";
import { random } from "../linalg/random";
import { columns, templateRows } from "./activationRows";
import { answerTokens } from "./linearity";
import type { SectionFigures } from "./sectionFigures";
import type { Study } from "./study";

/** Permutations behind the expected overlap. */
const draws = 50;

const fewestSubjects = 3;

const none = { subspaces: [], conceptDirections: null, erasure: [] };

interface TemplateSubspace {
  readonly template: string;
  readonly subspace: Matrix;
  /** Of fits with the answers permuted, at the same rank and λ. */
  readonly permuted: readonly Matrix[];
}

/**
 * Relational subspaces of the templates, on f, and their alignment pair by pair (linear-properties section 7).
 * The answers are permuted independently in the two fits: permuted alike, both would learn the same wrong map. λ stays
 * that of the real fit, as the rank does: chosen anew, permuted answers take the largest of the grid, all such maps
 * lean on the inputs' leading axes, and their overlap is far above that of unrelated maps that do fit.
 *
 * @param fits of the linearity section, for the ranks; computed here where it was not asked for
 * @throws Cancelled
 */
export async function subspacesSection(
  study: Study,
  fits: readonly LinearityFit[],
): Promise<Pick<SectionFigures, "subspaces" | "conceptDirections" | "erasure">> {
  const { set, seed, relation, model, activations } = study;
  if (set.templates < 2) {
    study.warn("subspaces-one-template", "Subspaces are compared between templates; the file has one.", "subspaces");
    return none;
  }
  if (set.samples < fewestSubjects) return none;
  const answers = answerTokens(study);
  const { hiddenSize, vocabularySize } = model.description;

  const subspaces: TemplateSubspace[] = [];
  for (const [t, template] of relation.templates.entries()) {
    await study.pause(t / set.templates, `template ${t + 1} of ${set.templates}`);
    const inputs = study.geometry.embed(templateRows(activations.fSubject, t, set.samples, hiddenSize));
    const logits = columns(await study.logitsOf(t), vocabularySize, answers);
    const known = fits.find(
      (fit) => fit.template === template && fit.layer === "final" && fit.estimator === "leastSquares",
    );
    const rank = known === undefined ? rankOf(inputs, logits, seed) : known.rank;
    const fit = relationalMapFitter(inputs);
    const { map, lambda } = fit(logits);
    const subspace = rank === null ? null : relationalSubspace(map, rank);
    if (rank === null || subspace === null || subspace.cols === 0) {
      study.warn(
        "subspace-without-rank",
        `“${template}” has no relational subspace: its linear map predicts nothing on held-out subjects.`,
        "subspaces",
      );
      continue;
    }
    const source = random(seed, `subspaces ${t}`);
    subspaces.push({
      template,
      subspace,
      permuted: Array.from({ length: draws }, () =>
        relationalSubspace(fit(selectRows(logits, source.permutation(set.samples)), lambda).map, rank),
      ),
    });
  }

  const alignments = subspaces.flatMap((right, j) =>
    subspaces.slice(0, j).map((left): SubspaceAlignment => {
      const permuted = left.permuted.map((matrix, draw) => [matrix, right.permuted[draw] ?? matrix] as const);
      return {
        left: left.template,
        right: right.template,
        n: set.samples,
        ...alignSubspaces(left.subspace, right.subspace, permuted),
      };
    }),
  );
  return { ...none, subspaces: alignments };
}

function rankOf(inputs: Matrix, answerLogits: Matrix, seed: number): number | null {
  const { fits } = linearity([{ inputs, answerLogits, inputAnswerLogits: null, vocabulary: null }], {
    seed,
    where: "subspaces",
    standardise: false,
    shuffles: 0,
  });
  return fits.find(({ estimator }) => estimator === "leastSquares")?.rank ?? null;
}
