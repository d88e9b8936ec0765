import { random, type Random } from "../../linalg/random";
import { describeFolds, leaveOneOutFolds, randomFolds, splitByFold, stratifiedFolds } from "../statistics/folds";
import type { WordGroups } from "./wordGroups";

export type ProbeKind = "answer" | "answerAcrossTemplates" | "concept" | "label";

/** What a probe is asked, and how it is held out; the same for every layer. Data alone, so that it can be cloned. */
export interface ProbeTask {
  readonly kind: ProbeKind;
  /** Rows of the inputs that take part, ascending; everything below is per such row. */
  readonly rows: Int32Array;
  /** 0 … classes − 1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** The label that each class was given as, such as the id of the answer token. */
  readonly classLabels: Int32Array;
  /** Template of each row. */
  readonly templates: Int32Array;
  /** Independent unit (subject, or group of pairs that share a word) of each row, 0 … n − 1. */
  readonly units: Int32Array;
  readonly n: number;
  /** Class of each unit, for folds with all classes in them; null where every unit has all classes. */
  readonly unitClasses: Int32Array | null;
  /** Positions in `rows`. Every row is tested exactly once. */
  readonly splits: readonly { readonly train: Int32Array; readonly test: Int32Array }[];
  readonly heldOut: string;
}

/**
 * Labels of the control task [Ctrl]: as real ones for the probe, but without a reason. Each unit gets the class of
 * another, drawn at random, so that classes keep their sizes; where every unit has both classes, they are swapped at
 * random within each, on all its rows together.
 */
export function drawControl({ units, unitClasses, labels, n }: ProbeTask, draws: Random): Int32Array {
  if (unitClasses === null) {
    const swapped = Int32Array.from({ length: n }, () => draws.integer(2));
    return labels.map((label, i) => label ^ swapped[units[i]!]!);
  }
  const from = draws.permutation(n);
  return units.map((unit) => unitClasses[from[unit]!]!);
}

export interface TaskProblem {
  readonly code: string;
  readonly message: string;
}

export type TaskOutcome =
  { readonly task: ProbeTask; readonly problem: null } | { readonly task: null; readonly problem: TaskProblem };

export interface LabelledRow {
  /** Subject of the row: any number that tells subjects apart. */
  readonly subject: number;
  readonly template: number;
  /** Such as the id of the answer token; null leaves the row out. */
  readonly label: number | null;
}

const mostFolds = 5;
/** Also of groups of pairs that share a word. */
const fewestPairs = 3;
const fewestSubjects = 3;

/**
 * From the input to the answer (or the user's own label), folds by subject (linear-properties section 6). Only
 * classes of at least two subjects take part, and there are no more folds than subjects in the smallest.
 */
export function answerTask(
  rows: readonly LabelledRow[],
  seed: number,
  kind: "answer" | "label" = "answer",
): TaskOutcome {
  const usable = repeatedClasses(rows, kind);
  if ("problem" in usable) return usable;
  const folds = subjectFoldsOf(usable, seed);
  const splits = Array.from({ length: folds.count }, (_, fold) => splitByFold(usable.units, folds, fold));
  return { task: labelledTask(kind, usable, splits, describeFolds(folds, "subject")), problem: null };
}

/** As `answerTask`, but a row is tested by a probe that has seen neither its subject nor its template. */
export function answerAcrossTemplatesTask(rows: readonly LabelledRow[], seed: number): TaskOutcome {
  const kind = "answerAcrossTemplates";
  const usable = repeatedClasses(rows, kind);
  if ("problem" in usable) return usable;
  const templates = [...new Set(usable.templates)].sort((a, b) => a - b);
  if (templates.length < 2) {
    return { task: null, problem: { code: "probe-one-template", message: "Reading the answer across templates needs two templates or more." } }; // prettier-ignore
  }
  const folds = subjectFoldsOf(usable, seed);
  const splits = templates.flatMap((template) =>
    Array.from({ length: folds.count }, (_, fold) => {
      const { train, test } = splitByFold(usable.units, folds, fold);
      return {
        train: train.filter((p) => usable.templates[p] !== template),
        test: test.filter((p) => usable.templates[p] === template),
      };
    }).filter(({ train, test }) => train.length > 0 && test.length > 0),
  );
  const heldOut = `${describeFolds(folds, "subject")}, and the template left out`;
  return { task: labelledTask(kind, usable, splits, heldOut), problem: null };
}

/**
 * The answer among all answers, also those of a single subject, which a trained probe cannot know: only for probes
 * that follow from a map to logits. Null with fewer than two answers or three subjects.
 */
export function openAnswerTask(rows: readonly LabelledRow[], seed: number): ProbeTask | null {
  const subjects = subjectsByLabel(rows);
  const usable = usableRows(
    rows,
    [...subjects.keys()].sort((a, b) => a - b),
    subjects,
  );
  const n = usable.unitClasses.length;
  if (subjects.size < 2 || n < fewestSubjects) return null;
  const folds = randomFolds(n, mostFolds, random(seed, "answer folds"));
  const splits = Array.from({ length: folds.count }, (_, fold) => splitByFold(usable.units, folds, fold));
  return labelledTask("answer", usable, splits, describeFolds(folds, "subject"));
}

/**
 * Is the word at hand the subject's or the object's form? One row per word and form, in their order; folds by group of
 * pairs that share a word, so that no word is in training and test at once. A word of both forms has a row of each,
 * of which no probe gets more than one right.
 */
export function conceptTask({ pairs, words, forms, groups, count: n }: WordGroups, seed: number): TaskOutcome {
  if (n < fewestPairs) {
    const message =
      pairs < fewestPairs
        ? `Telling the two forms apart needs ${fewestPairs} pairs of words or more; there are ${pairs}.`
        : `Telling the two forms apart needs ${fewestPairs} groups of pairs or more that share no word; words repeat, so the ${pairs} pairs make only ${n}.`;
    return { task: null, problem: { code: "probe-too-few-pairs", message } };
  }
  const folds = n <= mostFolds ? leaveOneOutFolds(n) : randomFolds(n, mostFolds, random(seed, "concept folds"));
  return {
    problem: null,
    task: {
      kind: "concept",
      rows: Int32Array.from(words.keys()),
      labels: forms,
      classes: 2,
      classLabels: Int32Array.of(0, 1),
      templates: new Int32Array(words.length),
      units: groups,
      n,
      unitClasses: null,
      splits: Array.from({ length: folds.count }, (_, fold) => splitByFold(groups, folds, fold)),
      heldOut: describeFolds(folds, n === pairs ? "pair" : "group of pairs that share a word"),
    },
  };
}

interface UsableRows {
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  readonly templates: Int32Array;
  readonly units: Int32Array;
  readonly unitClasses: Int32Array;
  readonly classLabels: Int32Array;
  /** Subjects in the smallest class. */
  readonly smallest: number;
}

/** Rows whose class has at least two subjects, with classes and subjects numbered anew. */
function repeatedClasses(
  rows: readonly LabelledRow[],
  kind: ProbeKind,
): UsableRows | { task: null; problem: TaskProblem } {
  const subjects = subjectsByLabel(rows);
  const repeated = [...subjects.keys()].filter((label) => subjects.get(label)!.size >= 2).sort((a, b) => a - b);
  const what = kind === "label" ? "label" : "answer";
  if (repeated.length === 0) {
    const message = `No two subjects share ${what === "label" ? "a label" : "an answer"}, so a probe has no classes to learn: the task does not exist here.`;
    return { task: null, problem: { code: `probe-no-repeated-${what}s`, message } };
  }
  if (repeated.length === 1) {
    const message = `Only one ${what} is shared by two subjects or more, so there is nothing to tell apart.`;
    return { task: null, problem: { code: `probe-constant-${what}s`, message } };
  }
  return usableRows(rows, repeated, subjects);
}

function subjectsByLabel(rows: readonly LabelledRow[]): Map<number, Set<number>> {
  const subjects = new Map<number, Set<number>>();
  rows.forEach(({ label, subject }) => {
    if (label !== null) subjects.set(label, (subjects.get(label) ?? new Set()).add(subject));
  });
  return subjects;
}

/** Rows with one of these labels. */
function usableRows(
  rows: readonly LabelledRow[],
  chosen: readonly number[],
  subjects: ReadonlyMap<number, ReadonlySet<number>>,
): UsableRows {
  const classOf = new Map(chosen.map((label, c) => [label, c]));
  const kept = rows.flatMap(({ label }, i) => (label !== null && classOf.has(label) ? [i] : []));
  const unitOf = new Map<number, number>();
  const unitClasses: number[] = [];
  const labels = kept.map((i) => classOf.get(rows[i]!.label!)!);
  const units = kept.map((i, position) => {
    const { subject } = rows[i]!;
    const known = unitOf.get(subject);
    if (known !== undefined) return known;
    unitOf.set(subject, unitClasses.length);
    return unitClasses.push(labels[position]!) - 1;
  });
  return {
    rows: Int32Array.from(kept),
    labels: Int32Array.from(labels),
    templates: Int32Array.from(kept, (i) => rows[i]!.template),
    units: Int32Array.from(units),
    unitClasses: Int32Array.from(unitClasses),
    classLabels: Int32Array.from(chosen),
    smallest: Math.min(...chosen.map((label) => subjects.get(label)!.size)),
  };
}

function subjectFoldsOf({ unitClasses, smallest }: UsableRows, seed: number) {
  return stratifiedFolds(unitClasses, Math.min(mostFolds, smallest), random(seed, "answer folds"));
}

function labelledTask(
  kind: ProbeKind,
  { rows, labels, classLabels, templates, units, unitClasses }: UsableRows,
  splits: ProbeTask["splits"],
  heldOut: string,
): ProbeTask {
  return {
    kind,
    rows,
    labels,
    classes: classLabels.length,
    classLabels,
    templates,
    units,
    n: unitClasses.length,
    unitClasses,
    splits,
    heldOut,
  };
}
