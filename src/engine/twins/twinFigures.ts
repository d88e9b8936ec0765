import type { Section } from "../../protocol/report";
import type { Compute } from "../compute/tasks";
import { computeSections } from "../sections/computeSections";
import { withKlFits } from "./knownKlFits";
import { leavesOf } from "./leaves";
import { reusedAnalyses, type KnownAnalyses } from "./reusedAnalyses";
import { thriftyCompute } from "./thriftyCompute";
import { twinStudy, type TwinMember } from "./twinStudy";
import type { TwinStudyData } from "./twinStudyData";

/** The figures of one member of the equivalence class. */
export interface MemberFigures {
  /** By the key of `Leaf`. */
  readonly values: ReadonlyMap<string, Float64Array>;
  /** Sections of which a costly analysis was left out. */
  readonly incomplete: readonly Section[];
  /** Sections that could not be computed, and why. */
  readonly failures: readonly { readonly section: Section; readonly message: string }[];
}

export interface TwinFiguresOptions {
  readonly only: readonly Section[];
  /** Leaves costly analyses out (`thriftyCompute`). */
  readonly thrifty: boolean;
}

/**
 * Runs the report's own sections on members of the equivalence class, one after the other. What twins have in common is
 * computed once (`reusedAnalyses`).
 * @param run the sections; others than the report's only to test the test
 */
export async function twinFigures(
  data: TwinStudyData,
  members: readonly TwinMember[],
  { only, thrifty }: TwinFiguresOptions,
  compute: Compute,
  run = computeSections,
): Promise<MemberFigures[]> {
  const out: MemberFigures[] = [];
  const known: KnownAnalyses = new Map();
  for (const member of members) {
    const own = withKlFits(compute, data.klFits);
    const analyses = member.family === null ? own : reusedAnalyses(own, known);
    const study = twinStudy(data, member, analyses);
    const incomplete = new Set<Section>();
    const failures: { section: Section; message: string }[] = [];
    const figures = await run(only, {
      studyOf: (section) =>
        thrifty
          ? { ...study, compute: thriftyCompute(analyses, member.number === 0, () => incomplete.add(section)) }
          : study,
      stage: async (section, computed) => {
        try {
          return await computed();
        } catch (error) {
          failures.push({ section, message: error instanceof Error ? error.message : String(error) });
          return {} as Awaited<ReturnType<typeof computed>>;
        }
      },
      onFigures: () => undefined,
    });
    const values = new Map(leavesOf(figures).map((leaf) => [leaf.key, leaf.values]));
    out.push({ values, incomplete: [...incomplete], failures });
  }
  return out;
}
