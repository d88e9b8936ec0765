import type { LinearityFit } from "../../protocol/report";
import type { SectionFigures } from "./sectionFigures";
import type { Study } from "./study";

/** Steering at f and at every layer, and how far directions move one another (linear-properties section 8). */
export async function steeringSection(
  study: Study,
  _fits: readonly LinearityFit[],
): Promise<Pick<SectionFigures, "steering" | "steeringExamples" | "coupling">> {
  await study.pause(0, "");
  return { steering: [], steeringExamples: [], coupling: null };
}
