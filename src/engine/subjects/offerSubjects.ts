import { resolve } from "node:path";
import type { PromptChoice, SubjectList, SubjectsOffer, SubjectsParams } from "../../protocol/engine";
import { fewestSubjects } from "../relationSource";
import { ProblemError } from "../../protocol/problem";
import type { Relation } from "../../protocol/relation";
import { namesake, readCollection } from "./collection";
import { readContent, type FileContent } from "./fileContent";
import { samplesBeside, templatesBeside } from "./siblings";

/** The built-in relations. */
export async function listCollection(): Promise<SubjectList[]> {
  const collection = await readCollection();
  return collection.map(({ name, relation }) => ({ ...summaryOf(relation), name, kind: kindOf(relation) }));
}

/**
 * Where a file's subjects may come from.
 * @throws ProblemError where the file, or the one beside it, has errors
 */
export async function offerSubjects({ file, text, choice, others }: SubjectsParams): Promise<SubjectsOffer> {
  const content = await readAsChosen(resolve(file), text, choice);
  const asks = content.templates.length > 0;
  const enough = content.kind === "relation" || content.samples.length >= fewestSubjects;
  const collection = await listCollection();
  const beside = asks ? await samplesBeside(content) : await templatesBeside(content);
  const found = await Promise.all(others.map((path) => listOf(resolve(path), asks)));
  return {
    lacks: asks ? (enough ? null : "samples") : "templates",
    own: asks ? content.samples.length : 0,
    choices: content.choices,
    beside: beside === null ? null : fileList(beside),
    namesake: (await namesake(content.name))?.name ?? null,
    files: found.flatMap((list) => (list === null || list.file === beside?.file ? [] : list)),
    collection,
  };
}

/** What was chosen once may have been renamed since, or leave another variable without a value: one can choose anew. */
async function readAsChosen(file: string, text?: string, choice?: PromptChoice): Promise<FileContent> {
  const chosen = choice === undefined ? null : (await readContent(file, text, choice)).content;
  if (chosen !== null) return chosen;
  const { content, problems } = await readContent(file, text);
  if (content === null) throw new ProblemError(problems);
  return content;
}

/** Null for a file that has nothing to take, or has errors. */
async function listOf(path: string, samples: boolean): Promise<SubjectList | null> {
  const { content } = await readContent(path);
  if (content === null || (samples ? content.samples : content.templates).length === 0) return null;
  return fileList(content);
}

const fileList = (content: FileContent): SubjectList => ({
  ...summaryOf(content),
  name: content.name,
  file: content.file,
});

const shownExamples = 3;

const summaryOf = ({
  samples,
  templates,
}: Pick<Relation, "samples"> & { readonly templates: readonly (string | { readonly text: string })[] }) => ({
  count: samples.length,
  examples: samples.slice(0, shownExamples),
  template: typeof templates[0] === "object" ? templates[0].text : (templates[0] ?? null),
});

const kindOf = ({ properties }: Relation): string | null => {
  const kind = properties?.["kind"];
  return typeof kind === "string" ? kind : null;
};
