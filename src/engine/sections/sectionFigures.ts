import type { Report } from "../../protocol/report";

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
};
