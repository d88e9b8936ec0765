import { repeatedKeys, type LocatedNode, type ParsedText } from "../locatedNode";
import type { ProblemCollector } from "../problemCollector";

/** The root of a text in YAML or JSON; null where it is empty or broken. What is wrong with it is reported. */
export function reportDocument(
  { root, problems: found }: ParsedText,
  language: "yaml" | "json",
  problems: ProblemCollector,
): LocatedNode | null {
  for (const problem of found) {
    problems.add(problem.severity, `prompt-bad-${language}`, problem, problem.message, problem.remedy);
  }
  if (root === null) return null;
  for (const { first, again } of repeatedKeys(root)) {
    const message = `The key "${again.key}" is written twice; the first is on line ${problems.lineOf(first.keySpan)}.`;
    problems.error("prompt-duplicate-key", again.keySpan, message, "Join the two, or remove one of them.");
  }
  return root;
}
