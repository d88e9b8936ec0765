import { setImmediate } from "node:timers/promises";
import { headGraph } from "./editGraph";
import type { Head, HeadStep } from "./head";
import { openSession, type ModelContext } from "./modelContext";
import { throwIfCancelled } from "./modelProblem";
import { floats, runSession, runtimeProblem } from "./runtime";
import { withSteps, type HeadWeights } from "./unembedding";

/** Numbers that the head gives at a time: 16 MiB, unless one row has more. */
const mostNumbers = 4 << 20;

/** How many basis vectors are fed at a time. */
export function blockSize(vocabulary: number, largest: number): number {
  return Math.max(1, Math.min(largest, Math.floor(mostNumbers / vocabulary)));
}

/**
 * g and b of a head whose weight cannot be read: the head alone, as a model of its own, is fed zeros, which give b,
 * and the basis vectors e_k, which give b and column k of g. Holds g and 16 MiB at a time, beside the head itself.
 *
 * @param dims of f as the graph gives it, [1, length, hidden] or [length, hidden]
 * @returns `undefined` where the logits are not linear in f up to a soft-cap
 * @throws Cancelled @throws ProblemError where the head alone does not run
 */
export async function measureHead(
  context: ModelContext,
  dims: readonly number[],
  signal?: AbortSignal,
): Promise<HeadWeights | undefined> {
  const { file, anatomy, plan, runtime, probe } = context;
  const hidden = dims.at(-1) ?? 0;
  const { linear, after } = linearPart(anatomy.head);
  if (hidden === 0 || dims.length < 2 || dims.length > 3 || !after.every(isKnown)) return undefined;

  const cut = headGraph(file.proto, anatomy.graph, linear);
  const inputs = plan(cut.inputs);
  const session = await openSession(context, cut.bytes);
  /** [rows, vocabulary] for `rows` vectors, each as the only token of a prompt. */
  const products = async (vectors: Float32Array): Promise<Float32Array> => {
    const rows = vectors.length / hidden;
    const shape = dims.length === 2 ? [rows, hidden] : [rows, 1, hidden];
    const ids = Array.from({ length: rows }, () => probe.slice(0, 1));
    const given = { [cut.hiddenInput]: new runtime.Tensor("float32", vectors, shape) };
    try {
      const outputs = await runSession(session, { ...inputs.feeds(runtime, ids), ...given }, [cut.output]);
      return floats(outputs.get(cut.output));
    } catch (error) {
      throw runtimeProblem(file.path, error);
    }
  };
  try {
    const bias = await products(new Float32Array(hidden));
    const vocabulary = bias.length;
    const weight = new Float32Array(vocabulary * hidden);
    const block = blockSize(vocabulary, inputs.maximumBatch);
    for (let first = 0; first < hidden; first += block) {
      await setImmediate();
      throwIfCancelled(signal);
      const count = Math.min(block, hidden - first);
      const values = await products(basis(first, count, hidden));
      if (values.length !== count * vocabulary) return undefined;
      for (let row = 0; row < vocabulary; row++) {
        const b = bias[row] ?? 0;
        for (let k = 0; k < count; k++) {
          weight[row * hidden + first + k] = (values[k * vocabulary + row] ?? NaN) - b;
        }
      }
    }
    const hasBias = bias.some((b) => b !== 0);
    return withSteps(anatomy.constants, { weight, bias: hasBias ? bias : null, vocabulary, hidden }, after);
  } finally {
    await session.release();
  }
}

/** The head as far as it is linear in f, and what follows. */
function linearPart(head: Head): { readonly linear: Head; readonly after: readonly HeadStep[] } {
  const bend = head.steps.findIndex(({ kind }) => kind === "tanh" || kind === "mask");
  const step = head.steps[bend];
  if (step === undefined || !("input" in step)) return { linear: head, after: [] };
  return { linear: { ...head, logits: step.input }, after: head.steps.slice(bend) };
}

const isKnown = ({ kind }: HeadStep): boolean => kind === "tanh" || kind === "mask" || kind === "scale";

/** e_first … e_(first + count − 1), [count, hidden]. */
function basis(first: number, count: number, hidden: number): Float32Array {
  const vectors = new Float32Array(count * hidden);
  for (let k = 0; k < count; k++) vectors[k * hidden + first + k] = 1;
  return vectors;
}
