/** [lower, upper] end of a 95% interval. */
export type Interval = readonly [number, number];

/**
 * Whether every model with the same next-token distribution must share a figure
 * (linear-properties section 1); `null` until the twin test has run.
 */
export type Identifiable = "always" | "underDiversity" | "never" | null;

export interface CosineMatrix {
  readonly matrix: readonly (readonly number[])[];
  readonly identifiable: Identifiable;
}
