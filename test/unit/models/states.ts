import { hiddenStates } from "../../../src/engine/models/hiddenStates";
import type { Activations, Injection } from "../../../src/engine/models/languageModel";
import type { LoadedModel } from "../../../src/engine/models/loadModel";

export async function release(model: LoadedModel): Promise<void> {
  await model.hidden.session.release();
  await model.injecting.close();
}

/** f and h_0 … h_L at every position. */
export async function states(
  model: LoadedModel,
  ids: readonly number[],
  injections: readonly Injection[] = [],
): Promise<Activations> {
  const prompts = [{ ids, finalAt: ids.map((_, at) => at), residualAt: ids.map((_, at) => at), injections }];
  return hiddenStates(model.hidden, prompts, { layers: model.hidden.layers }, model.injecting);
}

export function finalOf({ final }: Activations): number[] {
  return final[0]!.flatMap((row) => [...row]);
}

export function streamOf({ residual }: Activations, layer: number): number[] {
  return residual.get(layer)![0]!.flatMap((row) => [...row]);
}
