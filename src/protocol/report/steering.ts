import type { Identifiable, Interval } from "./figures";
import type { Token } from "./prompts";

export type SteeringMethod = "minimumNorm" | "differenceOfMeans" | "probeNormal" | "pseudoInverse";

/** Steering held-out subjects' prompts from their own answer a to another subject's answer b ([LRE], section 8). */
export interface SteeringResult {
  readonly layer: "final" | number;
  readonly method: SteeringMethod;
  /** 0 leaves the prompt alone; 1 moves the log-odds of b against a by what tells the two subjects' prompts apart. */
  readonly alpha: number;
  /** Steered prompts. */
  readonly n: number;
  readonly heldOut: string;
  /** Share whose top answer becomes b. */
  readonly successRate: number;
  /** Wilson, over subjects. */
  readonly interval: Interval;
  /** As successRate, with a random vector of the same length in the same coordinates. */
  readonly randomSuccessRate: number | null;
  /** Means of log p. */
  readonly targetLogProbability: number;
  readonly sourceLogProbability: number;
  /** Mean KL(untouched ‖ steered) in nats on the control relations' prompts; null without control relations. */
  readonly controlKl: number | null;
  /** Share of control prompts that keep their top answer. */
  readonly controlKept: number | null;
  readonly controlN: number;
  readonly identifiable: Identifiable;
}

export interface SteeringExample {
  readonly layer: "final" | number;
  readonly method: SteeringMethod;
  readonly alpha: number;
  readonly prompt: string;
  /** Answers: the prompt's own and the one steered to. */
  readonly from: Token;
  readonly to: Token;
  /** Greedy continuation without and with the vector. */
  readonly without: string;
  readonly with: string;
}

/** Entry [i][j]: by how much a unit move of the read-out of direction i moves that of direction j. */
export interface DirectionCoupling {
  readonly names: readonly string[];
  readonly matrix: readonly (readonly number[])[];
  readonly identifiable: Identifiable;
}
