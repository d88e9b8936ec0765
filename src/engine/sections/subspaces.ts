import type { LinearityFit } from "../../protocol/report";
import { conceptDirectionFigures } from "./conceptDirections";
import { erasureFigures } from "./erasure";
import type { SectionFigures } from "./sectionFigures";
import type { Study } from "./study";
import { subspaceAlignments } from "./subspaceAlignments";

/**
 * Relational subspaces, the directions of concepts, and what is left when a subspace is removed (linear-properties
 * section 7).
 *
 * @param fits of the linearity section, for the ranks
 * @throws Cancelled
 */
export async function subspacesSection(
  study: Study,
  fits: readonly LinearityFit[],
): Promise<Pick<SectionFigures, "subspaces" | "conceptDirections" | "erasure">> {
  const conceptDirections = conceptDirectionFigures(study);
  const [subspaces, erasure] = await Promise.all([subspaceAlignments(study, fits), erasureFigures(study, fits)]);
  return { subspaces, conceptDirections, erasure };
}
