import type { LinearityFigures } from "../../analysis/linearity/linearityFigures";
import { columnMeans, row, subtractFromRows } from "../../linalg/matrix";
import { random } from "../../linalg/random";
import { jacobianProducts } from "../../prompts/jacobianProducts";
import { columns } from "../activationRows";
import type { Study } from "../study";
import { layerRows, type TemplateRows } from "./rows";

/** Subjects whose derivatives are averaged, as in [LRE]. */
const mostBases = 8;

/** Numbers beyond which predictions are scored among the answers only. */
const mostLogits = 2 ** 26;

/**
 * The Jacobian estimator of one template at every layer that was read, below the last ([LRE], linear-properties
 * section 5): 16 passes of the model for each subject and layer. Only where it was asked for.
 *
 * @throws Cancelled
 */
export async function jacobianFits(
  study: Study,
  rows: TemplateRows,
  t: number,
  answers: readonly number[],
): Promise<Map<number, LinearityFigures[]>> {
  const { model, set, seed, signal } = study;
  const out = new Map<number, LinearityFigures[]>();
  if (study.jacobian !== true || study.effort !== "full") return out;
  const { dtype, hiddenSize, vocabularySize, layers: last } = model.description;
  const layers = study.layers.filter((layer) => layer < last && model.injectable.includes(layer));
  const where = `linearity · ${rows.name}`;
  if (layers.length === 0) {
    study.warn("jacobian-no-layers", "No layer below the last was read into which vectors can be injected.", where);
    return out;
  }
  if (dtype !== "float32" && dtype !== "float64") {
    study.warn(
      "jacobian-imprecise",
      `The model computes in ${dtype}: its derivatives by differences have errors of one to ten percent.`,
      "linearity",
    );
  }
  const bases = Array.from(random(seed, "jacobian bases").permutation(set.samples).subarray(0, mostBases)).sort(
    (a, b) => a - b,
  );
  const prompts = bases.flatMap((subject) => set.prompts[t * set.samples + subject]?.tokens ?? []);
  const ofZero = await model.logits(new Float32Array(hiddenSize));
  for (const [l, layer] of layers.entries()) {
    const states = layerRows(study, layer, t);
    const centred = subtractFromRows(states, columnMeans(states));
    const directions = Array.from({ length: centred.rows }, (_, j) => row(centred, j));
    const report = (share: number) =>
      study.pause((l + share) / layers.length, `Jacobian of layer ${layer}, “${rows.name}”`);
    await report(0);
    const products = await jacobianProducts(model, prompts, layer, directions, {
      signal,
      // A cancellation that it finds is thrown by the next batch as well.
      onProgress: (done, total) => void report(done / total).catch(() => undefined),
    });
    const vectors = new Float32Array(bases.length * set.samples * hiddenSize);
    products.flat().forEach((product, i) => vectors.set(product, i * hiddenSize));
    const logits = await model.logits(vectors);
    for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] ?? NaN) - (ofZero[i % vocabularySize] ?? NaN);
    const scored = logits.length <= mostLogits;
    const template = scored ? rows.template : { ...rows.template, vocabulary: null, topTokens: rows.topTokens };
    out.set(
      layer,
      await study.compute.run(
        "jacobianLinearity",
        template,
        { bases, answers: columns(logits, vocabularySize, answers), vocabulary: scored ? logits : null },
        { seed, where: `${where} · layer ${layer}` },
      ),
    );
  }
  return out;
}
