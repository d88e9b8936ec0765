import { random } from "../../linalg/random";
import { noMoments } from "./simulationAdam";
import { conditionalEntropy, simulationContexts, type SimulationContexts } from "./simulationContexts";
import { steeringCosines, type SteeringCosines } from "./simulationCosines";
import { aliasSampler } from "./simulationSampler";
import { embeddingPairs, steeringVectors, unembeddingPairs } from "./simulationSteering";
import { SimulationTrainer, type Optimizer, type TrainingState } from "./simulationTrainer";
import { simulationWorld, type SimulationWorld } from "./simulationWorld";
import { transpose } from "../../linalg/matrix";

export interface RunOptions {
  /** m. */
  readonly concepts: number;
  /** d. */
  readonly dimension: number;
  readonly optimizer: Optimizer;
  readonly seed: number;
  readonly run: number;
  /** Shares of masks and strings in use, in (0, 1]. */
  readonly masks: number;
  readonly strings: number;
}

/** What is measured of a run between stretches of steps. */
export interface RunFigures extends SteeringCosines {
  readonly step: number;
  /** Expected cross-entropy of the tables as they are, in nats, exact. */
  readonly loss: number;
}

export interface StartedRun {
  readonly state: TrainingState;
  readonly figures: RunFigures;
  readonly edges: SimulationWorld["edges"];
  /** Conditional entropy of the string given its context, in nats. */
  readonly lossFloor: number;
}

const batch = 100;
const initialDeviation = 0.01;

/** A run before its first step: tables drawn from N(0, 0.01²). */
export function startSimulation(options: RunOptions): StartedRun {
  const { dimension: d, seed, run, optimizer } = options;
  const world = simulationWorld(options);
  const contexts = simulationContexts(world);
  const draws = random(seed, `simulation ${run} start`);
  const normal = (length: number) => Float64Array.from({ length }, () => initialDeviation * draws.normal());
  const [f, g] = [normal(contexts.count * d), normal(world.strings.length * d)];
  const moments = optimizer === "adam" ? { f: noMoments(f.length), g: noMoments(g.length) } : null;
  const state: TrainingState = { step: 0, f, g, moments };
  return {
    state,
    figures: figuresOf(trainerOf(options, world, contexts, state), options, world, contexts),
    edges: world.edges,
    lossFloor: conditionalEntropy(world, contexts),
  };
}

/**
 * Some more steps of a run. The samples depend on the seed, the run and the step that the stretch begins with, so that
 * the same stretches give the same tables wherever they are computed.
 */
export function continueSimulation(
  options: RunOptions,
  before: TrainingState,
  steps: number,
): { state: TrainingState; figures: RunFigures } {
  const world = simulationWorld(options);
  const contexts = simulationContexts(world);
  const trainer = trainerOf(options, world, contexts, before);
  const draws = random(options.seed, `simulation ${options.run} samples ${before.step}`);
  const drawString = aliasSampler(world.probabilities, draws);
  const [samples, targets] = [new Int32Array(batch), new Int32Array(batch)];
  for (let step = 0; step < steps; step++) {
    for (let b = 0; b < batch; b++) {
      const string = drawString();
      targets[b] = string;
      samples[b] = contexts.of[draws.integer(world.masks.length) * world.strings.length + string]!;
    }
    trainer.train(samples, targets);
  }
  return { state: trainer.state(), figures: figuresOf(trainer, options, world, contexts) };
}

function trainerOf(
  { dimension }: RunOptions,
  { strings }: SimulationWorld,
  contexts: SimulationContexts,
  state: TrainingState,
): SimulationTrainer {
  return new SimulationTrainer({ contexts: contexts.count, strings: strings.length, dimension, batch }, state);
}

function figuresOf(
  trainer: SimulationTrainer,
  { dimension: d }: RunOptions,
  world: SimulationWorld,
  contexts: SimulationContexts,
): RunFigures {
  const { step, f, g } = trainer.state();
  const unembeddings = transpose({ rows: d, cols: world.strings.length, data: g }).data;
  return {
    step,
    loss: trainer.crossEntropy(world, contexts),
    ...steeringCosines(
      unembeddingPairs(world).map((pairs) => steeringVectors(pairs, unembeddings, d)),
      embeddingPairs(world, contexts).map((pairs) => steeringVectors(pairs, f, d)),
    ),
  };
}
