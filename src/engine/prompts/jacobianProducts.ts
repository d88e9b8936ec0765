import type { LanguageModel, PromptTokens } from "../models/languageModel";
import type { TokenizedPrompt } from "./promptTokens";

export interface JacobianOptions {
  /** Length of a step over the length of h_l. */
  readonly step?: number;
  readonly signal?: AbortSignal;
  /** In passes of one prompt. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * J v for every prompt and direction v, J = ∂f(last token) / ∂h_l(subject's last token), by central differences:
 *
 *     J v ≈ (f(h + ε u) − f(h − ε u)) ‖v‖ / 2ε,   u = v / ‖v‖,   ε = step · ‖h‖.
 *
 * Its error has a part of rounding, ~ 1 / step, and one of truncation, ~ step². Two passes for each product.
 *
 * @param prompts ids and subjectEnd of each
 * @param directions each [width of layer l]
 * @returns `[prompt][direction]`, each [hiddenSize]; zeros for a direction of zeros
 * @throws Cancelled
 * @throws ProblemError where vectors cannot be injected at that layer
 */
export async function jacobianProducts(
  model: LanguageModel,
  prompts: readonly Pick<TokenizedPrompt, "ids" | "subjectEnd">[],
  layer: number,
  directions: readonly ArrayLike<number>[],
  options: JacobianOptions = {},
): Promise<Float64Array[][]> {
  const { step = jacobianStep(model.description.dtype), signal, onProgress } = options;
  const { residual } = await model.forward(
    prompts.map(({ ids, subjectEnd }) => ({ ids, finalAt: [], residualAt: [subjectEnd] })),
    { layers: [layer], ...(signal && { signal }) },
  );
  const norms = directions.map(norm);
  const products = prompts.map(() => directions.map(() => new Float64Array(model.unembedding.hiddenSize)));
  const order = prompts.map((_, i) => i).sort((a, b) => lengthOf(prompts[a]) - lengthOf(prompts[b]));
  const wanted = order.flatMap((prompt) =>
    directions.flatMap((_, direction) => ((norms[direction] ?? 0) > 0 ? [{ prompt, direction }] : [])),
  );
  for (let start = 0; start < wanted.length; start += productsAtATime) {
    const some = wanted.slice(start, start + productsAtATime).map(({ prompt, direction }) => ({
      tokens: prompts[prompt] ?? { ids: [], subjectEnd: 0 },
      direction: directions[direction] ?? [],
      length: norms[direction] ?? 0,
      reach: step * norm(residual.get(layer)?.[prompt]?.[0] ?? []),
      product: products[prompt]?.[direction] ?? new Float64Array(),
    }));
    const moved = some.flatMap(({ tokens, direction, length, reach }) =>
      [reach / length, -reach / length].map((factor): PromptTokens => ({
        ids: tokens.ids,
        finalAt: [tokens.ids.length - 1],
        residualAt: [],
        injections: [{ layer, at: tokens.subjectEnd, vector: Float32Array.from(direction, (x) => factor * x) }],
      })),
    );
    const { final } = await model.forward(moved, {
      layers: [],
      ...(signal && { signal }),
      onProgress: (done) => onProgress?.(2 * start + done, 2 * wanted.length),
    });
    some.forEach(({ length, reach, product }, k) => {
      const ahead = final[2 * k]?.[0] ?? [];
      const behind = final[2 * k + 1]?.[0] ?? [];
      for (let i = 0; i < product.length; i++) {
        product[i] = (((ahead[i] ?? NaN) - (behind[i] ?? NaN)) * length) / (2 * reach);
      }
    });
  }
  return products;
}

/** What injected vectors take of memory at a time stays small. */
const productsAtATime = 256;

/**
 * The step at which rounding and truncation are about equal, by the type that the residual stream is rounded to.
 * The largest relative errors found: 5e-4 in float32 (against autograd), 1e-2 in binary16. Where activations are
 * quantised (int8) no step comes closer than a tenth.
 */
export function jacobianStep(dtype: string): number {
  if (dtype === "int8") return 0.4;
  if (dtype === "bfloat16") return 0.2;
  return dtype.endsWith("16") ? 0.1 : 0.01;
}

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

function lengthOf(prompt: Pick<TokenizedPrompt, "ids"> | undefined): number {
  return prompt?.ids.length ?? 0;
}
