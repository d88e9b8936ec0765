import type { Parallelism } from "../../protocol/report";
import type { Floats } from "../models/languageModel";
import { logSumExp } from "../prompts/readout";
import type { Study } from "../sections/study";
import type { Tensor } from "./safetensors";

/** The tensors behind a report's figures, in its order of prompts (docs/command-line.md, `--activations`). */
export async function activationTensors(
  study: Study,
  parallelism: Parallelism | null,
): Promise<{ tensors: Record<string, Tensor>; metadata: Record<string, string> }> {
  const { model, set, activations, readouts } = study;
  const { hiddenSize: d, vocabularySize: vocabulary } = model.description;
  const prompts = set.prompts.length;
  const tokens = [
    ...new Set([
      ...readouts.map(({ answer }) => answer),
      ...(parallelism?.pairs.flatMap(({ fromId, toId }) => [fromId, toId]) ?? []),
    ]),
  ].sort((a, b) => a - b);

  const g = new Float32Array(tokens.length * d);
  tokens.forEach((id, k) => g.set(model.unembedding.weight.subarray(id * d, (id + 1) * d), k * d));

  const logProbabilities = new Float32Array(prompts * tokens.length);
  for (let template = 0; template < set.templates; template++) {
    const logits = await study.logitsOf(template);
    for (let sample = 0; sample < set.samples; sample++) {
      const row = logits.subarray(sample * vocabulary, (sample + 1) * vocabulary);
      const logZ = logSumExp(row);
      const at = (template * set.samples + sample) * tokens.length;
      tokens.forEach((id, k) => (logProbabilities[at + k] = (row[id] ?? NaN) - logZ));
    }
  }

  const f32 = (data: Floats, rows: number): Tensor => ({
    dtype: "F32",
    shape: [rows, rows === 0 ? 0 : data.length / rows],
    data: data instanceof Float32Array ? data : Float32Array.from(data),
  });
  return {
    tensors: {
      f: f32(activations.f, prompts),
      f_subject: f32(activations.fSubject, prompts),
      ...Object.fromEntries([...activations.residual].map(([layer, data]) => [`h.${layer}`, f32(data, prompts)])),
      g: f32(g, tokens.length),
      token_ids: { dtype: "I64", shape: [tokens.length], data: BigInt64Array.from(tokens, BigInt) },
      log_probabilities: f32(logProbabilities, prompts),
    },
    metadata: {
      prompts: JSON.stringify(set.prompts.map(({ tokens: { text } }) => text)),
      tokens: JSON.stringify(tokens.map((id) => model.tokenizer.tokenText(id))),
    },
  };
}
