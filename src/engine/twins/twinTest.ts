import type { Section, TwinRanges } from "../../protocol/report";
import type { TwinFamily } from "../analysis/twins/twin";
import type { Compute } from "../compute/tasks";
import { sectionOf, type SectionFigures } from "../sections/sectionFigures";
import type { Study } from "../sections/study";
import { keptTokens } from "./keptTokens";
import { leavesOf, type Leaf } from "./leaves";
import { rangesOf, singlePrecision, type Member } from "./ranges";
import type { Recording } from "./recordingModel";
import type { MemberFigures } from "./twinFigures";
import { planTwins } from "./twinPlan";
import { twinStudyData, type TwinStudyData } from "./twinStudyData";
import type { TwinMember } from "./twinStudy";
import { isSame } from "./widest";

export interface TwinTestInput {
  /** What the figures were computed from; its model is the recorded one. */
  readonly study: Study;
  readonly recording: Recording;
  readonly figures: SectionFigures;
  /** Sections that were computed. */
  readonly only: readonly Section[];
}

export interface TwinTestOptions {
  /** Twins of each family. */
  readonly count: number;
  /** Condition number of the change of basis; 100 where absent. */
  readonly condition?: number;
  readonly compute: Compute;
  readonly onProgress?: (done: number, total: number) => void;
  readonly warn: Study["warn"];
}

const families: readonly TwinFamily[] = ["changeOfBasis", "changeOfDimension"];

/**
 * The twin test (linear-properties section 1): runs the report's own sections on exact twins of the model and gives
 * the range of every figure over each family, the model itself included. Of an array, the range of the entry that
 * moves most. Nothing is set by hand: a figure that a section adds is covered.
 *
 * Twins know the tokens that can matter (`keptTokens`) and leave costly analyses out (`thriftyCompute`). A section with
 * such an analysis, or in which the model itself then has another figure than the report, is computed once more on
 * fewer twins: with all its analyses, over the whole vocabulary. How many twins are behind what: `planTwins`.
 *
 * @throws Cancelled
 */
export async function twinTest(input: TwinTestInput, options: TwinTestOptions): Promise<TwinRanges> {
  const { study, recording, figures, only } = input;
  const { count, condition = 100, compute, onProgress, warn } = options;
  const kept = keptTokens(study, recording, figures);
  const restricted = twinStudyData(study, recording, kept);
  const sizes = {
    count,
    prompts: study.set.prompts.length,
    contexts: restricted.contexts.length,
    vocabulary: study.model.unembedding.vocabularySize,
    kept: kept.length,
    dimension: restricted.dimension,
  };
  const plan = planTwins(sizes, only);

  const itself: TwinMember = { family: null, number: 0, condition };
  const twins = (from: number, to: number): TwinMember[] =>
    Array.from({ length: to - from }, (_, k) =>
      families.map((family) => ({ family, number: from + k, condition })),
    ).flat();
  let [started, done] = [0, 0];
  const run = async (members: readonly TwinMember[], sections: readonly Section[], data?: TwinStudyData) => {
    started++;
    const options = { only: sections, thrifty: data === undefined };
    const found = await compute.run("twinFigures", data ?? restricted, members, options);
    onProgress?.(++done, started);
    return members.map(({ family }, i): Member => ({
      family,
      complete: !options.thrifty,
      ...(found[i] ?? nothing),
    }));
  };

  const reference = run([itself], only);
  const all = [
    reference,
    // The longest tasks first, here and below, so that no thread has one left when the others are done.
    ...batches(twins(plan.few, plan.few + plan.more), plan.batch).map((members) => run(members, plan.cheap)),
    ...batches(twins(0, plan.few), plan.batch).map((members) => run(members, only)),
    reference.then(async ([own = nothing]) => {
      const differing = plan.wholeVocabulary ? sectionsThatDiffer(leavesOf(figures), own) : [];
      const needed = only.filter((section) => own.incomplete.includes(section) || differing.includes(section));
      const data = plan.wholeVocabulary ? twinStudyData(study, recording, null) : restricted;
      // What the model itself has in common with a twin is computed for both, so that there is something to compare.
      const complete = needed.length === 0 ? [] : [twins(0, plan.complete), [itself]];
      return (await Promise.all(complete.map((members) => run(members, needed, data)))).flat();
    }),
  ];
  const members = (await Promise.all(all)).flat();
  const { untested, ...ranges } = rangesOf(leavesOf(figures), members, {
    count,
    wholeVocabulary: plan.wholeVocabulary,
  });
  if (untested > 0 && !plan.wholeVocabulary) {
    warn(
      "twins-vocabulary-restricted",
      `${untested} figures are taken over the whole vocabulary, which is too large to be computed anew for every twin: the twin test leaves them out.`,
      "twins",
    );
  }
  warnAboutFailures(members, warn);
  return { count, condition, ...ranges };
}

const nothing: MemberFigures = { values: new Map(), incomplete: [], failures: [] };

function batches(all: readonly TwinMember[], batch: number): TwinMember[][] {
  return Array.from({ length: Math.ceil(all.length / batch) }, (_, k) => all.slice(k * batch, (k + 1) * batch));
}

/** Sections with a figure that the model itself, over some of the tokens, has otherwise than the report. */
function sectionsThatDiffer(leaves: readonly Leaf[], itself: MemberFigures): Section[] {
  const differing = leaves.filter(({ key, values }) => {
    const own = itself.values.get(key);
    return own !== undefined && !isSame(own, values, singlePrecision);
  });
  return [...new Set(differing.flatMap(({ path }) => sectionOf(path) ?? []))];
}

function warnAboutFailures(members: readonly Member[], warn: Study["warn"]): void {
  const messages = new Map(
    members.flatMap(({ failures }) => failures.map(({ section, message }) => [section, message])),
  );
  for (const [section, message] of messages) {
    warn("twins-section-failed", `The twin test of this section could not be run: ${message}.`, section);
  }
}
