import { conceptDirectionFigures } from "./conceptDirections";
import { erasureFigures } from "./erasure";
import type { SectionFigures } from "./sectionFigures";
import type { MapRank } from "./ranks";
import type { Study } from "./study";
import { subspaceAlignments } from "./subspaceAlignments";

/**
 * Relational subspaces, the directions of concepts, and what is left when a subspace is removed (linear-properties
 * section 7).
 *
 * @param mapRanks of the linearity section
 * @throws Cancelled
 */
export async function subspacesSection(
  study: Study,
  mapRanks: readonly MapRank[],
): Promise<Pick<SectionFigures, "subspaces" | "conceptDirections" | "erasure">> {
  const conceptDirections = conceptDirectionFigures(study);
  const [subspaces, erasure] = await Promise.all([
    subspaceAlignments(study, mapRanks),
    erasureFigures(study, mapRanks),
  ]);
  return { subspaces, conceptDirections, erasure };
}
