import type { Section } from "../../src/protocol/report";

/** The tabs of the panel, in their order. */
export type TabId =
  "overview" | "parallelism" | "linearity" | "probes" | "subspaces" | "steering" | "origins" | "prompts" | "comparison";

export const tabIds: readonly TabId[] = [
  "overview",
  "parallelism",
  "linearity",
  "probes",
  "subspaces",
  "steering",
  "origins",
  "prompts",
  "comparison",
];

export const sectionTab: Readonly<Record<Section, TabId>> = {
  parallelism: "parallelism",
  linearity: "linearity",
  probes: "probes",
  subspaces: "subspaces",
  steering: "steering",
  origins: "origins",
};
