import { sections, type Section } from "../../protocol/report";
import { linearitySection } from "./linearity";
import { originsSection } from "./origins";
import { parallelismSection } from "./parallelism";
import { probesSection } from "./probes";
import type { MapRank } from "./ranks";
import { noFigures, type SectionFigures } from "./sectionFigures";
import { steeringSection } from "./steering";
import type { Study } from "./study";
import { subspacesSection } from "./subspaces";

export interface SectionHooks {
  /** The study as one section sees it: its own progress and its own warnings. */
  studyOf(section: Section): Study;
  /** Runs a section, such as with a stopwatch in hand. */
  stage<T>(section: Section, run: () => Promise<T>): Promise<T>;
  /** Called once per section, as soon as its figures are there. */
  onFigures(section: Section, figures: Partial<SectionFigures>): void;
}

/**
 * All sections asked for, side by side; those that need the ranks of the linear maps wait for these alone. What a
 * section does not give stays empty.
 *
 * @throws Cancelled, and what the first failing section throws
 */
export async function computeSections(only: readonly Section[], hooks: SectionHooks): Promise<SectionFigures> {
  const run = async <Figures extends Partial<SectionFigures>>(
    section: Section,
    compute: (study: Study) => Promise<Figures>,
  ): Promise<Partial<SectionFigures>> => {
    if (!only.includes(section)) return {};
    const figures = await hooks.stage(section, () => compute(hooks.studyOf(section)));
    hooks.onFigures(section, figures);
    return figures;
  };
  let linearity: Promise<Partial<SectionFigures>> = Promise.resolve({});
  const ranks = new Promise<readonly MapRank[]>((resolve, reject) => {
    linearity = run("linearity", (study) => linearitySection(study, resolve));
    // Not asked for, or it could fit nothing: what waits goes on without.
    linearity.then(() => resolve([]), reject);
  });
  // Sections that were not asked for, or failed before, do not wait for them.
  ranks.catch(() => undefined);
  const running: Record<Section, Promise<Partial<SectionFigures>>> = {
    parallelism: run("parallelism", async (study) => ({ parallelism: await parallelismSection(study) })),
    linearity,
    probes: run("probes", probesSection),
    subspaces: run("subspaces", async (study) => subspacesSection(study, await ranks)),
    origins: run("origins", originsSection),
    steering: run("steering", async (study) => steeringSection(study, await ranks)),
  };
  const parts = await Promise.all(sections.map((section) => running[section]));
  return Object.assign({}, noFigures, ...parts) as SectionFigures;
}
