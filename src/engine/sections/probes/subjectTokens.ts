import type { TokenRows } from "../../analysis/probes/pooling";
import { runSubjects } from "../../prompts/promptSet";
import { allRows } from "../activationRows";
import type { Study } from "../study";
import type { Layer } from "./layers";

/**
 * f (as Cᵀf) and h_l at every token of every prompt's subject; null, with a warning, where every subject is one token
 * and all poolings are the same. A study of a twin has not read them yet.
 *
 * @throws Cancelled
 */
export async function subjectTokens(study: Study): Promise<Map<Layer, TokenRows> | null> {
  const { set, model, layers, signal, geometry } = study;
  const prompts = set.prompts.map(({ tokens }) => tokens);
  if (prompts.every(({ subjectStart, subjectEnd }) => subjectStart === subjectEnd)) {
    study.warn(
      "probe-pooling-single-token",
      "Every subject is a single token, so its mean is the token itself and there are no second moments: probes read the last token alone.",
      "probes",
    );
    return null;
  }
  const { starts, f, residual } = study.activations.subjects ?? (await runSubjects(prompts, model, { layers, signal }));
  const count = starts.at(-1) ?? 0;
  return new Map<Layer, TokenRows>([
    ...[...residual].map(
      ([layer, values]) => [layer, { tokens: allRows(values, values.length / count), starts }] as const,
    ),
    ["final", { tokens: geometry.embed(allRows(f, f.length / count)), starts }],
  ]);
}
