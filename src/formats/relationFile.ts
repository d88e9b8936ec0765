import { basename } from "node:path";
import type { Position, Problem } from "../protocol/problem";
import type { Relation } from "../protocol/relation";
import { LineIndex } from "./lineIndex";
import { isJsonFile, parseData } from "./parseData";
import { ProblemCollector } from "./problemCollector";
import { maximumBytes, notText, notTextRemedy, readTextFile, tooLarge, tooLargeRemedy } from "./readTextFile";
import { buildRelation, type LocatedRelation } from "./relationChecks";
import { checkShape } from "./shapeProblems";

export interface RelationResult {
  /** Null exactly where one of the problems is an error. */
  readonly relation: Relation | null;
  /** Where the samples' objects (or the samples, without an object) are written. */
  readonly samplePositions: readonly Position[];
  /** In the order of the text. */
  readonly problems: readonly Problem[];
}

const start = { start: 0, end: 0 };

/** Reads a relation file's text: JSON where the file's name ends in `.json`, YAML otherwise. Never throws. */
export function parseRelation(text: string, file: string): RelationResult {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  const lines = new LineIndex(content);
  const problems = new ProblemCollector(file, lines);
  const located = readContent(content, file, problems);
  return located === null || problems.hasErrors
    ? { relation: null, samplePositions: [], problems: problems.problems }
    : {
        relation: located.relation,
        samplePositions: located.samples.map((span) => lines.position(span)),
        problems: problems.problems,
      };
}

/** As `parseRelation`, for a file on disk; what cannot be read as text is a problem too. */
export async function readRelationFile(path: string): Promise<RelationResult> {
  const { text, problem } = await readTextFile(path);
  return text === null ? { relation: null, samplePositions: [], problems: [problem] } : parseRelation(text, path);
}

function readContent(content: string, file: string, problems: ProblemCollector): LocatedRelation | null {
  const nul = content.indexOf("\0");
  if (content.length > maximumBytes) {
    problems.error("relation-file-too-large", start, tooLarge(content.length, "relation"), tooLargeRemedy("relation"));
    return null;
  }
  if (nul >= 0) {
    problems.error("relation-file-binary", { start: nul, end: nul + 1 }, notText, notTextRemedy);
    return null;
  }
  const { root, problems: mistakes } = parseData(content, file);
  const code = isJsonFile(file) ? "relation-bad-json" : "relation-bad-yaml";
  for (const mistake of mistakes) problems.add(mistake.severity, code, mistake, mistake.message, mistake.remedy);
  if (root === null) {
    const remedy = "Write a name, prompt_templates and samples; samples/ has examples.";
    if (!problems.hasErrors) problems.error("relation-empty-file", start, "The file is empty.", remedy);
    return null;
  }
  if (root.kind !== "mapping") {
    const remedy = "Start with name:, prompt_templates: and samples: at the beginning of lines.";
    problems.error("relation-not-a-mapping", root, "The file is not a relation: it has no keys.", remedy);
    return null;
  }
  const document = checkShape(root, problems);
  return document === null ? null : buildRelation(document, root, nameFromFile(file), problems);
}

/** `samples/superlative.relation.yaml` gives `superlative`. */
export function nameFromFile(file: string): string {
  return basename(file).replace(/(\.relation)?\.(ya?ml|json)$/i, "") || "relation";
}
