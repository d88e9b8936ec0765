import { random, type Random } from "../../linalg/random";

/** Where the simulation's strings come from: binary concepts on a random graph. */
export interface ConceptGraph {
  /** [parent, child], the parent always earlier in `order`. */
  readonly edges: readonly (readonly [number, number])[];
  /** Concepts in a topological order. */
  readonly order: readonly number[];
  /** [concept][configuration of its parents, the lowest parent in the lowest bit]: P(concept = 1). */
  readonly conditionals: readonly Float64Array[];
}

const edgeProbability = 0.5;
const smallest = 0.3;
const largest = 0.7;

/**
 * A random directed acyclic graph: a random order of the concepts, and an edge from each to each later one with
 * probability ½. P(concept = 1) is uniform in [0.3, 0.7] for each configuration of its parents ([Orig] section 5).
 */
export function conceptGraph(concepts: number, draws: Random): ConceptGraph {
  const order = [...draws.permutation(concepts)];
  const edges = order
    .flatMap((child, place) => order.slice(0, place).map((parent) => [parent, child] as const))
    .filter(() => draws.next() < edgeProbability);
  const conditionals = Array.from({ length: concepts }, (_, concept) =>
    Float64Array.from(
      { length: 2 ** parentsOf(edges, concept).length },
      () => smallest + (largest - smallest) * draws.next(),
    ),
  );
  return { edges, order, conditionals };
}

/** Ascending. */
function parentsOf(edges: ConceptGraph["edges"], concept: number): number[] {
  return edges
    .filter(([, child]) => child === concept)
    .map(([parent]) => parent)
    .sort((a, b) => a - b);
}

/** Probability of each string of concepts; concept i is bit i. */
export function jointDistribution({ edges, conditionals }: ConceptGraph): Float64Array {
  const parents = conditionals.map((_, concept) => parentsOf(edges, concept));
  return Float64Array.from({ length: 2 ** conditionals.length }, (_, string) =>
    conditionals.reduce((product, table, concept) => {
      const configuration = parents[concept]!.reduce((bits, parent, i) => bits | (((string >> parent) & 1) << i), 0);
      const one = table[configuration]!;
      return product * (((string >> concept) & 1) === 1 ? one : 1 - one);
    }, 1),
  );
}

export interface WorldOptions {
  /** m. */
  readonly concepts: number;
  readonly seed: number;
  /** Each run has a world of its own. */
  readonly run: number;
  /** Shares of the 2^m masks and of the 2^m strings that are used, both in (0, 1]. */
  readonly masks: number;
  readonly strings: number;
}

/** What a run learns: strings, and the contexts that they are predicted from. */
export interface SimulationWorld {
  readonly concepts: number;
  readonly edges: ConceptGraph["edges"];
  /** Strings in use, ascending; an even number of them. */
  readonly strings: Int32Array;
  /** Their probabilities; they sum to 1. */
  readonly probabilities: Float64Array;
  /** Masks in use, ascending; bit i set where concept i is hidden. Each is as probable. */
  readonly masks: Int32Array;
}

/** The graph, the strings and the masks of a run; those left out are drawn at random. */
export function simulationWorld({ concepts, seed, run, masks, strings }: WorldOptions): SimulationWorld {
  const graph = conceptGraph(concepts, random(seed, `simulation ${run} graph`));
  const joint = jointDistribution(graph);
  const all = 2 ** concepts;
  // The kernel takes strings two at a time.
  const kept = chosen(all, Math.max(2, 2 * Math.round((strings * all) / 2)), random(seed, `simulation ${run} strings`));
  const total = kept.reduce((sum, string) => sum + joint[string]!, 0);
  return {
    concepts,
    edges: graph.edges,
    strings: kept,
    probabilities: Float64Array.from(kept, (string) => joint[string]! / total),
    masks: chosen(all, Math.max(1, Math.round(masks * all)), random(seed, `simulation ${run} masks`)),
  };
}

function chosen(all: number, count: number, draws: Random): Int32Array {
  return draws.permutation(all).slice(0, count).sort();
}
