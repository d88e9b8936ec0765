import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import type { AnalyzeParams, Subjects } from "../protocol/engine";
import { ProblemError, type Position, type Problem } from "../protocol/problem";
import type { Relation, Sample } from "../protocol/relation";
import { builtIn, namesake } from "./subjects/collection";
import { readContent, type FileContent, type Template } from "./subjects/fileContent";
import { samplesBeside, templatesBeside } from "./subjects/siblings";

/** A relation that can be analysed, or what keeps it from being one. */
export interface RelationSource {
  /** Null exactly where one of the problems is an error. */
  readonly relation: Relation | null;
  /** In which the samples are written; the analysed file where nowhere else. */
  readonly samplesFile: string;
  /** Of the samples, in `samplesFile`; none of those that are in no file of the user's. */
  readonly samplePositions: readonly Position[];
  /** Where the samples come from, as the report says it; null where from the file itself. */
  readonly subjects: string | null;
  readonly problems: readonly Problem[];
}

type Params = Pick<AnalyzeParams, "file" | "text" | "subjects" | "choice">;

interface Samples {
  readonly samples: readonly Sample[];
  readonly file: string;
  readonly positions: readonly Position[];
  readonly origin: string | null;
  /** What belongs to the words rather than to the prompts. */
  readonly more: Pick<Relation, "pairs" | "controlRelations" | "properties">;
}

/** Fewer give no fit; those that a prompt file has itself are then but examples. */
export const fewestSubjects = 3;

/**
 * The relation of a file of any kind: relation files, prompts with or without samples of their own, lists of pairs.
 * What a file lacks comes from `subjects`, else from a file beside it, else, for a list of pairs, from the built-in
 * relation of the same name. A user's mistakes are values.
 */
export async function readRelationSource(params: Params): Promise<RelationSource> {
  const file = resolve(params.file);
  const { content, problems } = await readContent(file, params.text, params.choice);
  if (content === null) return failed(file, problems);
  try {
    return await completed(content, params.subjects, problems);
  } catch (error) {
    if (error instanceof ProblemError) return failed(file, [...problems, ...error.problems]);
    throw error;
  }
}

/** @throws ProblemError */
async function completed(
  content: FileContent,
  subjects: Subjects | undefined,
  problems: readonly Problem[],
): Promise<RelationSource> {
  const { name, templates, more } = content;
  const asks = templates.length > 0;
  const samples = asks ? await samplesFor(content, subjects) : ownSamples(content);
  const all = asks ? templates : await templatesFor(content, subjects);
  const chats = all.map(({ messages }) => messages);
  const relation: Relation = {
    name,
    ...more,
    ...samples.more,
    templates: all.map(({ text }) => text),
    ...(chats.some((messages) => messages !== null) && { chats }),
    samples: samples.samples,
  };
  return {
    relation,
    samplesFile: samples.file,
    samplePositions: samples.positions,
    subjects: samples.origin,
    problems: [...problems, ...fewSubjects(samples, content)],
  };
}

/** Relation files say so themselves, where it is written. */
function fewSubjects({ samples, file, origin }: Samples, content: FileContent): Problem[] {
  if (samples.length >= fewestSubjects || (origin === null && content.kind === "relation")) return [];
  return [
    {
      kind: "input",
      code: "subjects-few",
      severity: "warning",
      message: `There ${samples.length === 1 ? "is one subject" : `are ${samples.length} subjects`}; no map can be fitted and held out with fewer than ${fewestSubjects}.`,
      remedy: "Add subjects; from 20 on, figures settle.",
      file,
    },
  ];
}

const ownSamples = ({ file, samples, samplePositions, more }: FileContent): Samples => ({
  samples,
  file,
  positions: samplePositions,
  origin: null,
  more,
});

async function samplesFor(content: FileContent, subjects: Subjects | undefined): Promise<Samples> {
  const { file } = content;
  switch (subjects?.kind) {
    case "samples":
      return { samples: distinct(subjects.samples), file, positions: [], origin: "typed", more: {} };
    case "collection": {
      const { relation } = await builtIn(subjects.name);
      const { samples, pairs } = relation;
      return { samples, file, positions: [], origin: `collection/${subjects.name}`, more: pairs ? { pairs } : {} };
    }
    case "file":
      return resolve(subjects.file) === file
        ? ownSamples(content)
        : samplesOf(await withSamples(resolve(subjects.file)), file);
    case undefined: {
      const enough = content.kind === "relation" || content.samples.length >= fewestSubjects;
      const beside = enough ? null : await samplesBeside(content);
      if (beside !== null) return samplesOf(beside, file);
      if (content.samples.length > 0) return ownSamples(content);
      throw missing(file, await namesake(content.name));
    }
  }
}

/** @throws ProblemError */
async function withSamples(path: string): Promise<FileContent> {
  const { content, problems } = await readContent(path);
  if (content === null) throw new ProblemError(problems);
  if (content.samples.length > 0) return content;
  throw wrong("subjects-file-empty", path, "The file has no subjects.", "Name a relation file or a list of pairs.");
}

function samplesOf(other: FileContent, file: string): Samples {
  const { pairs, controlRelations, properties } = other.more;
  const controls = controlRelations?.map((path) => resolve(dirname(other.file), path));
  return {
    samples: other.samples,
    file: other.file,
    positions: other.samplePositions,
    origin: shownFrom(file, other.file),
    more: {
      ...(pairs && { pairs }),
      ...(controls && { controlRelations: controls }),
      ...(properties && { properties }),
    },
  };
}

/** Templates for a list of pairs. */
async function templatesFor(content: FileContent, subjects: Subjects | undefined): Promise<readonly Template[]> {
  if (subjects?.kind === "collection") return templatesOf((await builtIn(subjects.name)).relation);
  if (subjects?.kind === "file" && resolve(subjects.file) !== content.file) {
    const { content: other, problems } = await readContent(resolve(subjects.file));
    if (other === null) throw new ProblemError(problems);
    if (other.templates.length > 0) return other.templates;
  }
  const beside = await templatesBeside(content);
  if (beside !== null) return beside.templates;
  const found = await namesake(content.name);
  if (found !== null) return templatesOf(found.relation);
  throw wrong(
    "templates-missing",
    content.file,
    "The file has pairs of words, but no prompt asks about them.",
    `Put a prompt beside it, such as ${content.name}.prompt.md, or choose a relation whose prompts are to ask.`,
  );
}

const templatesOf = ({ templates }: Relation): Template[] => templates.map((text) => ({ text, messages: null }));

const missing = (file: string, suggested: { readonly name: string } | null) =>
  wrong(
    "subjects-missing",
    file,
    "The prompt has no subjects to be asked about.",
    `Choose subjects: ${suggested === null ? "a built-in relation" : `the built-in relation ${suggested.name}`}, a relation file, a list of pairs, or words of your own.`,
  );

const wrong = (code: string, file: string, message: string, remedy: string) =>
  new ProblemError([{ kind: "input", code, severity: "error", message, remedy, file }]);

const failed = (file: string, problems: readonly Problem[]): RelationSource => ({
  relation: null,
  samplesFile: file,
  samplePositions: [],
  subjects: null,
  problems,
});

/** Each subject once; the first counts. */
function distinct(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ subject }, i) => samples.findIndex((other) => other.subject === subject) === i);
}

/** Relative to the folder of the analysed file, with `/`, where it is near. */
function shownFrom(file: string, other: string): string {
  const path = relative(dirname(file), other);
  return isAbsolute(path) ? other : path.split(sep).join("/");
}
