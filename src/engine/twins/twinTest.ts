import type { Interval, Section, TwinRanges } from "../../protocol/report";
import type { Compute } from "../compute/tasks";
import type { TwinFamily } from "../analysis/twin";
import type { SectionFigures } from "../sections/sectionFigures";
import type { Study } from "../sections/study";
import { keptTokens } from "./keptTokens";
import { leavesOf } from "./leaves";
import type { Recording } from "./recordingModel";
import type { MemberFigures } from "./twinFigures";
import { planTwins } from "./twinPlan";
import { twinStudyData, type TwinStudyData } from "./twinStudyData";
import type { TwinMember } from "./twinStudy";
import { isSame, widest } from "./widest";

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

/** Members that one task computes where they are cheap. */
const batch = 6;

/**
 * The twin test (linear-properties section 1): runs the report's own sections on exact twins of the model and gives
 * the range of every figure over each family, the model itself included. Of an array, the range of the entry that
 * moves most. Nothing is set by hand: a figure that a section adds is covered.
 *
 * Figures that need the whole vocabulary, or whose section is costly, rest on fewer twins (`fewer`), or on none where
 * the vocabulary is too large (a warning). Which figures need it is seen, not listed: those that come out otherwise
 * over a part of the vocabulary.
 *
 * @throws Cancelled
 */
export async function twinTest(input: TwinTestInput, options: TwinTestOptions): Promise<TwinRanges> {
  const { study, recording, figures, only } = input;
  const { count, condition = 100, compute, onProgress, warn } = options;
  const kept = keptTokens(study, recording, figures);
  const restricted = twinStudyData(study, recording, kept);
  const plan = planTwins(
    {
      count,
      rows: 2 * study.set.prompts.length,
      contexts: restricted.contexts.length,
      vocabulary: study.model.unembedding.vocabularySize,
      kept: kept.length,
      dimension: restricted.dimension,
    },
    only,
  );
  const costly = plan.wholeVocabulary ? twinStudyData(study, recording, null) : restricted;

  const jobs: (readonly [TwinStudyData, readonly TwinMember[], readonly Section[]])[] = [
    ...members(condition, 0, plan.few, true).map((member) => [costly, [member], only] as const),
    ...(plan.more === 0 || plan.cheap.length === 0
      ? []
      : batches(members(condition, plan.few, plan.few + plan.more, true)).map(
          (some) => [restricted, some, plan.cheap] as const,
        )),
  ];
  let done = 0;
  const results = await Promise.all(
    jobs.map(async ([data, some, sections]) => {
      const found = await compute.run("twinFigures", data, some, sections);
      onProgress?.(++done, jobs.length);
      return found.map((member, i): Result => ({ ...member, family: some[i]?.family ?? null, whole: data === costly }));
    }),
  );
  return collect(figures, results.flat(), { count, condition, plan, warn });
}

interface Result extends MemberFigures {
  readonly family: TwinFamily | null;
  /** Computed on the data of the costly twins. */
  readonly whole: boolean;
}

/** Twins `from` … `to` − 1 of both families, after the model itself. */
function members(condition: number, from: number, to: number, itself: boolean): TwinMember[] {
  const twins = families.flatMap((family) =>
    Array.from({ length: to - from }, (_, k) => ({ family, number: from + k, condition })),
  );
  return itself ? [{ family: null, number: 0, condition }, ...twins] : twins;
}

function batches(all: readonly TwinMember[]): TwinMember[][] {
  return Array.from({ length: Math.ceil(all.length / batch) }, (_, k) => all.slice(k * batch, (k + 1) * batch));
}

interface Collection {
  readonly count: number;
  readonly condition: number;
  readonly plan: { readonly wholeVocabulary: boolean; readonly few: number };
  readonly warn: Study["warn"];
}

function collect(figures: SectionFigures, results: readonly Result[], options: Collection): TwinRanges {
  const { count, condition, plan, warn } = options;
  const itself = results.find(({ family, whole }) => family === null && whole);
  const itselfRestricted = results.find(({ family, whole }) => family === null && !whole);
  const ranges: Record<TwinFamily, Record<string, Interval>> = { changeOfBasis: {}, changeOfDimension: {} };
  const fewer: Record<string, number> = {};
  let untested = 0;
  for (const { path, key, values } of leavesOf(figures)) {
    const reference = itself?.values.get(key);
    if (reference === undefined) continue;
    // Not the same figure: one of a null that twins go without, or of a vocabulary that they do not have.
    if (!isSame(reference, values, singlePrecision)) {
      if (!plan.wholeVocabulary) untested++;
      continue;
    }
    const other = itselfRestricted?.values.get(key);
    const everywhere = other !== undefined && isSame(reference, other, doublePrecision);
    for (const family of families) {
      const twins = results.flatMap((result) => {
        const own = result.family === family && (result.whole || everywhere) ? result.values.get(key) : undefined;
        return own === undefined ? [] : [own];
      });
      const range = widest([reference, ...twins]);
      if (range === null || twins.length === 0) continue;
      ranges[family][path] = range;
      if (twins.length < count) fewer[path] = twins.length;
    }
  }
  if (untested > 0) {
    warn(
      "twins-vocabulary-restricted",
      `${untested} figures are taken over the whole vocabulary, which is too large to be computed anew for every twin: the twin test leaves them out.`,
      "twins",
    );
  }
  warnAboutFailures(results, warn);
  return { count, condition, fewer, ...ranges };
}

/** Relative differences that are rounding. */
const doublePrecision = 1e-9;
const singlePrecision = 1e-3;

function warnAboutFailures(results: readonly Result[], warn: Study["warn"]): void {
  const messages = new Map(
    results.flatMap(({ failures }) => failures.map(({ section, message }) => [section, message])),
  );
  for (const [section, message] of messages) {
    warn("twins-section-failed", `The twin test of this section could not be run: ${message}.`, section);
  }
}
