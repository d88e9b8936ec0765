import { Adam, type AdamMoments } from "./simulationAdam";
import { simulationKernel, type Kernel, type KernelShape } from "./simulationKernel";
import type { SimulationContexts } from "./simulationContexts";
import type { SimulationWorld } from "./simulationWorld";

export type Optimizer = "sgd" | "adam";

/** Both look-up tables after some steps, with what the optimiser remembers; survives a structured clone. */
export interface TrainingState {
  readonly step: number;
  /** f [contexts][d]. */
  readonly f: Float64Array;
  /** gᵀ [d][strings]. */
  readonly g: Float64Array;
  /** Of f and of g; null for SGD. */
  readonly moments: { readonly f: AdamMoments; readonly g: AdamMoments } | null;
}

const sgdRate = 0.1;

/**
 * Trains f and g by the mean softmax cross-entropy of a batch, whose gradients are
 * (Σ_y p(y|x) g_y − g_target) / batch for f_x and Σ_x (p(y|x) − [y is its target]) f_x / batch for g_y.
 */
export class SimulationTrainer {
  private readonly kernel: Kernel;
  private readonly adam: { readonly f: Adam; readonly g: Adam } | null;
  /** Gradient with respect to f where the optimiser needs all of it; 0 between steps. */
  private readonly fGradient: Float64Array | null;
  private step: number;

  constructor(
    private readonly shape: KernelShape,
    state: TrainingState,
  ) {
    this.kernel = simulationKernel(shape);
    this.kernel.f.set(state.f);
    this.kernel.g.set(state.g);
    this.step = state.step;
    this.adam = state.moments && { f: new Adam(state.moments.f), g: new Adam(state.moments.g) };
    this.fGradient = this.adam && new Float64Array(state.f.length);
  }

  /** One step of SGD with rate 0.1, or of Adam, on a whole batch. @param contexts and the strings to predict from them */
  train(contexts: Int32Array, targets: Int32Array): void {
    const { kernel, shape } = this;
    const { dimension: d, strings, batch } = shape;
    const { f, g, pull, expected } = kernel;
    pull.fill(0);
    for (let b = 0; b < batch; b++) kernel.run(contexts[b]!, b);
    // Before f moves: a context may come twice.
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < d; k++) pull[k * strings + targets[b]!]! -= f[contexts[b]! * d + k]!;
    }
    this.step++;
    const gradient = this.fGradient;
    const [into, scale] = gradient === null ? [f, -sgdRate / batch] : [gradient, 1 / batch];
    for (let b = 0; b < batch; b++) {
      const row = contexts[b]! * d;
      for (let k = 0; k < d; k++) into[row + k]! += scale * (expected[b * d + k]! - g[k * strings + targets[b]!]!);
    }
    if (this.adam === null || gradient === null) {
      const rate = sgdRate / batch;
      for (let i = 0; i < g.length; i++) g[i]! -= rate * pull[i]!;
      return;
    }
    for (let i = 0; i < pull.length; i++) pull[i]! /= batch;
    this.adam.f.update(f, gradient, this.step);
    this.adam.g.update(g, pull, this.step);
    for (let b = 0; b < batch; b++) gradient.fill(0, contexts[b]! * d, (contexts[b]! + 1) * d);
  }

  /** Expected cross-entropy, in nats, of the tables as they are: the exact mean over all strings and masks. */
  crossEntropy(world: SimulationWorld, contexts: SimulationContexts): number {
    const { kernel } = this;
    const { dimension: d, strings } = this.shape;
    const { f, g } = kernel;
    let total = 0;
    for (let x = 0; x < contexts.count; x++) {
      kernel.run(x, 0);
      total += contexts.probabilities[x]! * kernel.logPartition();
    }
    for (let i = 0; i < contexts.of.length; i++) {
      const string = i % strings;
      const row = contexts.of[i]! * d;
      let logit = 0;
      for (let k = 0; k < d; k++) logit += f[row + k]! * g[k * strings + string]!;
      total -= (world.probabilities[string]! / world.masks.length) * logit;
    }
    return total;
  }

  state(): TrainingState {
    const { f, g } = this.kernel;
    // Copies: a view would be cloned with the kernel's whole memory.
    return {
      step: this.step,
      f: f.slice(),
      g: g.slice(),
      moments: this.adam && { f: this.adam.f.moments, g: this.adam.g.moments },
    };
  }
}
