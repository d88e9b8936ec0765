import * as v from "valibot";
import { nearest } from "./nearest";
import { entryOf, nearestNode, plainValue, repeatedKeys, type LocatedMapping, type LocatedNode } from "./locatedNode";
import type { ProblemCollector } from "./problemCollector";
import { ignoredKeys, pairKeys, relationKeys, relationSchema, sampleKeys } from "./relationSchema";
import type { RelationDocument } from "./relationSchema";

/** Many wrong entries are mostly one mistake made many times. */
const reportedIssues = 20;

/** The document as typed values, or null where its shape is wrong, which is then reported. */
export function checkShape(root: LocatedMapping, problems: ProblemCollector): RelationDocument | null {
  for (const { first, again } of repeatedKeys(root)) {
    problems.error(
      "relation-duplicate-key",
      again.keySpan,
      `The key "${again.key}" is written twice; the first is on line ${problems.lineOf(first.keySpan)}.`,
      "Join the two, or remove one of them.",
    );
  }
  warnOfUnknownKeys(root, problems);
  const parsed = v.safeParse(relationSchema, plainValue(root));
  if (parsed.success) return problems.hasErrors ? null : parsed.output;
  for (const issue of parsed.issues.slice(0, reportedIssues)) {
    const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
    reportIssue(root, path, problems);
  }
  return null;
}

function reportIssue(root: LocatedNode, fullPath: readonly (string | number)[], problems: ProblemCollector): void {
  const path = pathUpToList(root, fullPath);
  const node = nearestNode(root, path);
  const last = path.at(-1);
  const parent = nearestNode(root, path.slice(0, -1));
  if (typeof last === "string" && parent.kind === "mapping" && entryOf(parent, last) === undefined) {
    const remedy = last === "subject" ? "Write it as { subject: easy, object: easiest }." : `Add the key "${last}".`;
    problems.error("relation-missing-key", parent, `${nameOf(path.slice(0, -1))} has no ${last}.`, remedy);
    return;
  }
  if (node.kind === "scalar" && node.value === null) {
    problems.error("relation-empty-word", node, `${nameOf(path)} is empty.`, "Write it, or remove the entry.");
    return;
  }
  const { wanted, remedy } = expected(path, node);
  const message = `${nameOf(path)} must be ${wanted}, but it is ${kindOf(node)}.`;
  problems.error("relation-wrong-type", node, message, remedy);
}

/** The schema looks for keys in lists too; what is wrong there is the list itself. */
function pathUpToList(root: LocatedNode, path: readonly (string | number)[]): readonly (string | number)[] {
  const end = path.findIndex(
    (key, i) => typeof key === "string" && nearestNode(root, path.slice(0, i)).kind !== "mapping",
  );
  return end < 0 ? path : path.slice(0, end);
}

function expected(path: readonly (string | number)[], node: LocatedNode): { wanted: string; remedy: string } {
  const [key, index] = path;
  const quotes =
    node.kind === "scalar" ? "Put quotes around it." : "Write one text; put quotes around it if it has : or { } in it.";
  if (path.length === 1) {
    if (key === "expect" || key === "properties")
      return { wanted: "a mapping", remedy: "Write a key and a value per line." };
    if (key === "name" || key === "model") return { wanted: "text", remedy: quotes };
    return { wanted: "a list", remedy: "Write one entry per line, each after a dash." };
  }
  if (key === "pairs" && path.length === 2) {
    return { wanted: "a pair of words", remedy: "Write it as { from: easy, to: easiest } or [easy, easiest]." };
  }
  if (key === "samples" && typeof index === "number" && path.length === 2) {
    return { wanted: "a subject and an object", remedy: "Write it as { subject: easy, object: easiest }." };
  }
  return { wanted: "text", remedy: quotes };
}

/** Such as `Sample 4: "subject"`, counted from 1 as a person counts. */
function nameOf(path: readonly (string | number)[]): string {
  const [key, index, ...below] = path;
  if (key === undefined) return "The file";
  if (typeof index !== "number") return `The value of "${path.join(".")}"`;
  const singular: Record<string, string> = { samples: "Sample", pairs: "Pair", prompt_templates: "Template" };
  const name = singular[key] === undefined ? `Entry ${index + 1} of "${key}"` : `${singular[key]} ${index + 1}`;
  return below.length === 0 ? name : `${name}: "${below.join(".")}"`;
}

function kindOf(node: LocatedNode): string {
  if (node.kind === "mapping") return "a mapping";
  if (node.kind === "sequence") return "a list";
  return { string: "text", number: "a number", boolean: "true or false" }[typeof node.value as "string"];
}

function warnOfUnknownKeys(root: LocatedMapping, problems: ProblemCollector): void {
  const check = (node: LocatedNode, known: readonly string[], silent: readonly string[], where: string) => {
    if (node.kind !== "mapping") return;
    for (const { key, keySpan } of node.entries) {
      if (known.includes(key) || silent.includes(key)) continue;
      const meant = nearest(key, known);
      problems.warn(
        "relation-unknown-key",
        keySpan,
        `${where} has no key "${key}"; it is not used.`,
        meant === null ? `Known keys: ${known.join(", ")}.` : `Did you mean "${meant}"?`,
      );
    }
  };
  check(root, relationKeys, ignoredKeys, "A relation");
  for (const item of itemsOf(root, "samples")) check(item, sampleKeys, [], "A sample");
  for (const item of itemsOf(root, "pairs")) check(item, pairKeys, [], "A pair");
}

function itemsOf(root: LocatedMapping, key: string): readonly LocatedNode[] {
  const node = entryOf(root, key)?.value;
  return node?.kind === "sequence" ? node.items : [];
}
