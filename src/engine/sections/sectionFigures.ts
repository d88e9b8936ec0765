import type { Report, Section } from "../../protocol/report";

/** The parts of a report that sections compute. */
export type SectionFigures = Pick<
  Report,
  | "parallelism"
  | "linearity"
  | "linearityTransfer"
  | "probes"
  | "probeTransfer"
  | "subspaces"
  | "conceptDirections"
  | "erasure"
  | "steering"
  | "steeringExamples"
  | "coupling"
  | "origins"
>;

/** What a section that was not asked for leaves in the report. */
export const noFigures: SectionFigures = {
  parallelism: null,
  linearity: [],
  linearityTransfer: null,
  probes: [],
  probeTransfer: [],
  subspaces: [],
  conceptDirections: null,
  erasure: [],
  steering: [],
  steeringExamples: [],
  coupling: null,
  origins: null,
};

const sections: Readonly<Record<keyof SectionFigures, Section>> = {
  parallelism: "parallelism",
  linearity: "linearity",
  linearityTransfer: "linearity",
  probes: "probes",
  probeTransfer: "probes",
  subspaces: "subspaces",
  conceptDirections: "subspaces",
  erasure: "subspaces",
  steering: "steering",
  steeringExamples: "steering",
  coupling: "steering",
  origins: "origins",
};

/** The section that computes what is at a report path, such as `linearity[3].r2Logit`; null for other parts. */
export function sectionOf(path: string): Section | null {
  const field = /^\w+/.exec(path)?.[0] ?? "";
  return Object.hasOwn(sections, field) ? sections[field as keyof SectionFigures] : null;
}
