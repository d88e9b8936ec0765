import type { CosineMatrix, ConceptDirections } from "../../protocol/report";
import type { Relation } from "../../protocol/relation";
import { conceptDirections, cosineMatrix, mahalanobisDirections } from "../analysis/subspaces/conceptDirections";
import { withOnes } from "../analysis/geometry/geometry";
import { multiplyTransposed, type Matrix } from "../linalg/matrix";
import { allRows } from "./activationRows";
import type { Study } from "./study";
import { trainedTokens, wordPairs } from "./wordPairs";

interface Concept {
  readonly name: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * Cosines between the mean directions g(to) − g(from) of this relation and of its control relations
 * (linear-properties section 7).
 *
 * @returns null, with a warning, unless two relations have pairs of single tokens
 */
export function conceptDirectionFigures(study: Study): ConceptDirections | null {
  const { relation, controls, geometry, activations, model } = study;
  if (controls.length === 0) {
    study.warn(
      "concept-directions-need-controls",
      "The directions of concepts are compared between relations: name other relation files under control_relations.",
      "conceptDirections",
    );
    return null;
  }
  const concepts = [relation, ...controls.map((control) => control.relation)]
    .map((one) => conceptOf(one, study))
    .filter(({ from }) => from.length > 0);
  if (concepts.length < 2) {
    study.warn(
      "concept-directions-too-few",
      "The directions of concepts are not compared: fewer than two relations have a pair of words that are one token each.",
      "conceptDirections",
    );
    return null;
  }
  const words = concepts.map(({ from, to }) => ({ from: geometry.rows(from), to: geometry.rows(to) }));
  const directions = conceptDirections(words);
  const prompts = allRows(activations.f, model.description.hiddenSize);
  const f = model.unembedding.bias === null ? prompts : withOnes(prompts);
  return {
    names: concepts.map(({ name }) => name),
    n: concepts.map(({ from }) => from.length),
    distributional: cosines(multiplyTransposed(directions, f)),
    causal: cosines(geometry.unembed(directions)),
    euclidean: cosines(directions),
    mahalanobis: cosines(mahalanobisDirections(words)),
  };
}

function cosines(directions: Matrix): CosineMatrix | null {
  const matrix = cosineMatrix(directions);
  return matrix === null ? null : { matrix, identifiable: null };
}

function conceptOf(relation: Relation, { model, seed }: Study): Concept {
  const idOf = trainedTokens(model);
  // What is left out was said where the pairs are compared with one another.
  const pairs = wordPairs({ relation, seed, warn: () => undefined }).flatMap(({ from, to }) => {
    const [a, b] = [idOf(from), idOf(to)];
    return a === null || b === null || a === b ? [] : [{ a, b }];
  });
  return { name: relation.name, from: pairs.map(({ a }) => a), to: pairs.map(({ b }) => b) };
}
