import { multiplyTransposed, selectRows, zeros, type Matrix } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import type { Floats } from "../../models/languageModel";
import { allRows } from "../activationRows";
import type { Study } from "../study";

/** The cost of a fit grows with their cube, and the memory with their number times the vocabulary. */
const mostOwnContexts = 160;

/** Prompts whose f span F: the relation's own, in all templates, and those of the control relations. */
export interface StudyContexts {
  /** f of each, [m, d]. */
  readonly f: Matrix;
  /** Inner products of Cᵀf, [m, m]. */
  readonly gram: Matrix;
  /** [m, vocabulary] */
  readonly logits: Floats;
  /** Sample of each; −1 for those of control relations. */
  readonly samples: Int32Array;
}

/** Of more than 160 prompts of the relation's own, as many drawn at random under the seed. */
export async function studyContexts(study: Study): Promise<StudyContexts> {
  const { set, activations, controls, geometry, model, seed } = study;
  const { hiddenSize, vocabularySize } = model.description;
  const own = Array.from(
    random(seed, "steering contexts").permutation(set.prompts.length).subarray(0, mostOwnContexts),
  ).sort((a, b) => a - b);
  const others = controls.flatMap((control) =>
    control.set.prompts.map((_, i) => ({ f: control.activations.f, logits: control.logits, i })),
  );
  const m = own.length + others.length;
  const f = zeros(m, hiddenSize);
  f.data.set(selectRows(allRows(activations.f, hiddenSize), own).data);
  others.forEach((other, k) =>
    f.data.set(other.f.subarray(other.i * hiddenSize, (other.i + 1) * hiddenSize), (own.length + k) * hiddenSize),
  );

  let logits: Floats | null = null;
  for (let t = 0; t < set.templates; t++) {
    const all = await study.logitsOf(t);
    logits ??=
      all instanceof Float64Array ? new Float64Array(m * vocabularySize) : new Float32Array(m * vocabularySize);
    for (const [k, prompt] of own.entries()) {
      const sample = prompt - t * set.samples;
      if (sample < 0 || sample >= set.samples) continue;
      logits.set(all.subarray(sample * vocabularySize, (sample + 1) * vocabularySize), k * vocabularySize);
    }
  }
  logits ??= new Float32Array(0);
  for (const [k, other] of others.entries()) {
    const row = other.logits.subarray(other.i * vocabularySize, (other.i + 1) * vocabularySize);
    logits.set(row, (own.length + k) * vocabularySize);
  }
  const embedded = geometry.embed(f);
  return {
    f,
    gram: multiplyTransposed(embedded, embedded),
    logits,
    samples: Int32Array.from([...own.map((prompt) => prompt % set.samples), ...others.map(() => -1)]),
  };
}

/** Answers of each control relation, whose log-ratios must not change. */
export function neutralAnswers({ controls }: Study): number[][] {
  return controls.map(({ readouts }) => [...new Set(readouts.map(({ answer }) => answer))].sort((a, b) => a - b));
}
