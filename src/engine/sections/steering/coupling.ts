import type { DirectionCoupling } from "../../../protocol/report";
import { directionCoupling } from "../../analysis/steering/coupling";
import { zeros } from "../../linalg/matrix";
import type { Study } from "../study";
import type { StudyContexts } from "./steeringContexts";

/** A larger matrix cannot be read. */
const mostDirections = 12;

/**
 * Coupling between answers: direction y is g(y) minus the mean over all answers; the first twelve answers in the
 * order of the file. Null for fewer than two.
 */
export function answerCoupling(study: Study, { gram, logits }: StudyContexts): DirectionCoupling | null {
  const { tokenizer, description } = study.model;
  const answers = [...new Set(study.readouts.map(({ answer }) => answer))];
  const named = answers.slice(0, mostDirections);
  if (named.length < 2) return null;
  const m = gram.rows;
  const values = zeros(named.length, m);
  for (let a = 0; a < m; a++) {
    const from = a * description.vocabularySize;
    let mean = 0;
    for (const y of answers) mean += (logits[from + y] ?? NaN) / answers.length;
    for (const [j, y] of named.entries()) values.data[j * m + a] = (logits[from + y] ?? NaN) - mean;
  }
  const matrix = directionCoupling(gram, values);
  return matrix === null ? null : { names: named.map((y) => tokenizer.tokenText(y)), matrix, identifiable: null };
}
