import { embeddingAlignment } from "./origins/embeddingAlignment";
import { logOdds } from "./origins/logOdds";
import type { SectionFigures } from "./sectionFigures";
import type { Study } from "./study";

/**
 * Traces of how linear representations come about ([Orig]; linear-properties section 10): log-odds in contexts that do
 * not speak of the concept, and embeddings beside unembeddings.
 *
 * @throws Cancelled
 */
export async function originsSection(study: Study): Promise<Pick<SectionFigures, "origins">> {
  await study.pause(0, "log-odds");
  const logOddsMatching = await logOdds(study);
  await study.pause(0.5, "embeddings beside unembeddings");
  const alignment = await embeddingAlignment(study);
  return { origins: logOddsMatching === null && alignment === null ? null : { logOddsMatching, alignment } };
}
