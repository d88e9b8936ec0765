import type { Relation, Sample, WordPair } from "../protocol/relation";
import { expectationProblems } from "./expectations/expectationProblems";
import type { Span } from "./lineIndex";
import { childOf, entryOf, plainValue, type LocatedMapping, type LocatedNode } from "./locatedNode";
import type { ProblemCollector } from "./problemCollector";
import { maximumPairs, maximumSamples, type RelationDocument } from "./relationSchema";
import { checkTemplates } from "./templateChecks";

/** Fewer give no fit (linear-properties section 11). */
const fewestSubjects = 3;

/** A relation, and where each of its samples' objects (or the sample, without an object) is written. */
export interface LocatedRelation {
  readonly relation: Relation;
  readonly samples: readonly Span[];
}

interface LocatedSample {
  readonly sample: Sample;
  readonly node: LocatedNode;
}

/** The relation that a well-shaped document describes; what is wrong with its texts is reported. */
export function buildRelation(
  document: RelationDocument,
  root: LocatedMapping,
  fallbackName: string,
  problems: ProblemCollector,
): LocatedRelation {
  const words = new WordReader(problems);
  const elsewhere = document.template !== undefined && document.prompt_templates === undefined;
  const templates = elsewhere
    ? []
    : checkTemplates(nodesOf(root, "prompt_templates"), problems, keySpan(root, "prompt_templates"));
  const located = readSamples(root, isFromDataSet(document), words, problems);
  const pairs = document.pairs == null ? null : readPairs(nodesOf(root, "pairs"), words, problems);
  const nameNode = childOf(root, "name");
  const name = nameNode === undefined || document.name == null ? null : words.read(nameNode, "name");
  const controlRelations = document.control_relations;
  const relation = {
    name: name ?? fallbackName,
    templates,
    ...(document.template !== undefined && { templateFile: document.template }),
    samples: located.map(({ sample }) => sample),
    ...(pairs !== null && { pairs }),
    ...(controlRelations != null && { controlRelations }),
    ...(document.expect != null && { expect: readExpectations(root, problems) }),
    ...(document.model != null && { model: document.model }),
    ...(document.properties != null && { properties: valuesOf(root, "properties") }),
  };
  return { relation, samples: located.map(({ node }) => childOf(node, "object") ?? node) };
}

/** Files of the LRE data set load unchanged, although some name a subject twice with different objects. */
function isFromDataSet(document: RelationDocument): boolean {
  return "prompt_templates_zs" in document || document.properties?.["relation_type"] !== undefined;
}

function readSamples(
  root: LocatedMapping,
  fromDataSet: boolean,
  words: WordReader,
  problems: ProblemCollector,
): LocatedSample[] {
  const nodes = nodesOf(root, "samples");
  const at = keySpan(root, "samples");
  if (nodes.length === 0) {
    problems.error(
      "relation-no-samples",
      at,
      "The relation has no samples.",
      "Add samples such as - { subject: easy, object: easiest }.",
    );
    return [];
  }
  if (nodes.length > maximumSamples) {
    const message = `The relation has ${nodes.length} samples; at most ${maximumSamples} are analysed together.`;
    problems.error("relation-too-many-samples", at, message, "Keep a random part of them, or split the file.");
    return [];
  }
  const seen = new Map<string, LocatedSample>();
  const samples: LocatedSample[] = [];
  for (const node of nodes) {
    const sample = readSample(node, words);
    if (sample === null) continue;
    const first = seen.get(sample.subject);
    if (first === undefined) {
      seen.set(sample.subject, { sample, node });
      samples.push({ sample, node });
      continue;
    }
    const same = first.sample.object === sample.object && first.sample.label === sample.label;
    const what = `The subject "${sample.subject}" is on line ${problems.lineOf(first.node)} already${same ? "" : ", with another object or label"}`;
    const span = childOf(node, "subject") ?? node;
    if (fromDataSet) {
      problems.warn("relation-duplicate-subject", span, `${what}; this sample is left out.`, "Remove one of the two.");
    } else {
      const remedy = same ? "Remove one of the two." : "Keep the one that is right: a subject has one object.";
      problems.error("relation-duplicate-subject", span, `${what}.`, remedy);
    }
  }
  if (samples.length > 0 && samples.length < fewestSubjects) {
    const count = samples.length === 1 ? "one subject" : `${samples.length} subjects`;
    const message = `The relation has ${count}; no map can be fitted and held out with fewer than ${fewestSubjects}.`;
    problems.warn("relation-few-samples", at, message, "Add samples; from 20 on, figures settle.");
  }
  return samples;
}

function readSample(node: LocatedNode, words: WordReader): Sample | null {
  const read = (key: "subject" | "object" | "label") => {
    const child = childOf(node, key);
    return child === undefined ? undefined : words.read(child, key);
  };
  const subject = read("subject");
  const object = read("object");
  const label = read("label");
  if (subject == null || object === null || label === null) return null;
  return { subject, ...(object !== undefined && { object }), ...(label !== undefined && { label }) };
}

function readPairs(nodes: readonly LocatedNode[], words: WordReader, problems: ProblemCollector): WordPair[] {
  const first = nodes[0];
  if (first !== undefined && nodes.length > maximumPairs) {
    const message = `The relation has ${nodes.length} pairs; at most ${maximumPairs} are compared.`;
    problems.error("relation-too-many-pairs", first, message, "Keep a random part of them.");
    return [];
  }
  const seen = new Set<string>();
  const pairs: WordPair[] = [];
  for (const node of nodes) {
    const fromNode = childOf(node, node.kind === "mapping" ? "from" : 0);
    const toNode = childOf(node, node.kind === "mapping" ? "to" : 1);
    if (fromNode === undefined || toNode === undefined) continue;
    const from = words.read(fromNode, "from");
    const to = words.read(toNode, "to");
    if (from === null || to === null) continue;
    const key = JSON.stringify([from, to]);
    if (from === to) {
      problems.error(
        "relation-same-words",
        node,
        `The pair has "${from}" twice.`,
        "Write two different words: their difference is compared.",
      );
    } else if (seen.has(key)) {
      problems.warn(
        "relation-duplicate-pair",
        node,
        `The pair "${from}", "${to}" is there already; this one is left out.`,
        "Remove one of the two.",
      );
    } else {
      pairs.push({ from, to });
    }
    seen.add(key);
  }
  return pairs;
}

/** Reads a word as it is written, so that a year stays a year. */
class WordReader {
  constructor(private readonly problems: ProblemCollector) {}

  /** Null, and reported, where there is no word. */
  read(node: LocatedNode, what: string): string | null {
    if (node.kind !== "scalar") return null;
    const isText = typeof node.value === "string";
    const written = typeof node.value === "string" ? node.value : node.source;
    const word = written.trim();
    if (word === "") {
      this.problems.error(
        "relation-empty-word",
        node,
        `The ${what} is empty.`,
        `Write the ${what}, or remove the entry.`,
      );
      return null;
    }
    if (!isText) {
      const type = typeof node.value === "number" ? "a number" : "a truth value";
      const message = `The ${what} ${word} is ${type} in this file format; it is read as the text "${word}".`;
      this.problems.warn("relation-value-as-text", node, message, `Put it in quotes: "${word}".`);
    } else if (word !== written) {
      const message = `The ${what} "${word}" has spaces around it, which are left out.`;
      this.problems.warn(
        "relation-spaces-around",
        node,
        message,
        "Remove the spaces: prompts put them where they belong.",
      );
    }
    return word;
  }
}

function valuesOf(root: LocatedMapping, key: string): Record<string, unknown> {
  const node = childOf(root, key);
  return node?.kind === "mapping"
    ? Object.fromEntries(node.entries.map((entry) => [entry.key, plainValue(entry.value)]))
    : {};
}

/** Numbers and truth values as they are written; what no report can tell is said here already. */
function readExpectations(root: LocatedMapping, problems: ProblemCollector): Record<string, string> {
  const node = childOf(root, "expect");
  const expect: [string, string][] = [];
  for (const { key, keySpan, value } of node?.kind === "mapping" ? node.entries : []) {
    if (value.kind !== "scalar") continue;
    const expected = typeof value.value === "string" ? value.value : value.source;
    expect.push([key, expected]);
    for (const { code, message, remedy } of expectationProblems(key, expected)) {
      problems.warn(code, code === "relation-expectation-path" ? keySpan : value, message, remedy);
    }
  }
  return Object.fromEntries(expect);
}

function nodesOf(root: LocatedMapping, key: string): readonly LocatedNode[] {
  const node = childOf(root, key);
  return node?.kind === "sequence" ? node.items : [];
}

/** Where the key is written; the start of the file where it is not. */
function keySpan(root: LocatedMapping, key: string): Span {
  return entryOf(root, key)?.keySpan ?? { start: root.start, end: root.start };
}
