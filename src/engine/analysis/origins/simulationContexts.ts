import type { SimulationWorld } from "./simulationWorld";

/** The contexts of a world: its strings with the masked concepts hidden. With all strings and masks, 3^m. */
export interface SimulationContexts {
  readonly count: number;
  /** [mask][string], as places in the world's lists: the context. */
  readonly of: Int32Array;
  /** [context]: its mask, and its string with 0 for each hidden concept. */
  readonly masks: Int32Array;
  readonly visible: Int32Array;
  /** [context]: its probability; they sum to 1. */
  readonly probabilities: Float64Array;
}

export function simulationContexts({ concepts, strings, probabilities, masks }: SimulationWorld): SimulationContexts {
  const of = new Int32Array(masks.length * strings.length);
  const shown: { mask: number; visible: number; probability: number }[] = [];
  masks.forEach((mask, i) => {
    const known = new Int32Array(2 ** concepts).fill(-1);
    strings.forEach((string, j) => {
      const visible = string & ~mask;
      if (known[visible] === -1) known[visible] = shown.push({ mask, visible, probability: 0 }) - 1;
      const context = known[visible]!;
      of[i * strings.length + j] = context;
      shown[context]!.probability += probabilities[j]! / masks.length;
    });
  });
  return {
    count: shown.length,
    of,
    masks: Int32Array.from(shown, ({ mask }) => mask),
    visible: Int32Array.from(shown, ({ visible }) => visible),
    probabilities: Float64Array.from(shown, ({ probability }) => probability),
  };
}

/** Conditional entropy of the string given its context, in nats: no cross-entropy is smaller. */
export function conditionalEntropy(world: SimulationWorld, contexts: SimulationContexts): number {
  let entropy = 0;
  for (let i = 0; i < contexts.of.length; i++) {
    const joint = world.probabilities[i % world.strings.length]! / world.masks.length;
    entropy -= joint * Math.log(joint / contexts.probabilities[contexts.of[i]!]!);
  }
  return entropy;
}
