import type { Span } from "./lineIndex";
import type { LocatedNode } from "./locatedNode";
import type { ProblemCollector } from "./problemCollector";
import { maximumTemplates } from "./relationSchema";
import { slotLike } from "./slotLike";

const slot = "{}";

/** The templates that can be used; every one has exactly one slot for the subject. */
export function checkTemplates(nodes: readonly LocatedNode[], problems: ProblemCollector, at: Span): string[] {
  if (nodes.length === 0) {
    problems.error(
      "relation-no-templates",
      at,
      "The relation has no prompt templates.",
      'Add prompt_templates with a line such as - "The superlative of {} is".',
    );
    return [];
  }
  if (nodes.length > maximumTemplates) {
    const message = `The relation has ${nodes.length} templates; at most ${maximumTemplates} are analysed together.`;
    problems.error("relation-too-many-templates", at, message, "Keep the phrasings that differ most.");
    return [];
  }
  const lines = new Map<string, number>();
  for (const node of nodes) {
    if (node.kind !== "scalar" || typeof node.value !== "string") continue;
    const template = node.value;
    const first = lines.get(template);
    if (template.trim() === "") {
      problems.error(
        "relation-template-empty",
        node,
        "The template is empty.",
        "Write a prompt with {} where the subject goes.",
      );
    } else if (first !== undefined) {
      const message = `The template is on line ${first} already; this one is left out.`;
      problems.warn("relation-duplicate-template", node, message, "Remove one of the two, or change its words.");
    } else {
      checkSlots(template, node, problems);
      lines.set(template, problems.lineOf(node));
    }
  }
  return [...lines.keys()];
}

function checkSlots(template: string, node: LocatedNode, problems: ProblemCollector): void {
  const count = template.split(slot).length - 1;
  if (count === 0) {
    const similar = slotLike(template);
    problems.error(
      "relation-template-no-slot",
      node,
      "The template has no slot {} for the subject.",
      similar === null ? "Write {} where the subject goes." : `Write {} instead of ${similar}.`,
    );
  } else if (count > 1) {
    problems.error(
      "relation-template-two-slots",
      node,
      `The template has ${count} slots {}; the subject goes into one.`,
      "Keep one {} and write words instead of the others.",
    );
  } else if (/\s$/.test(template)) {
    problems.warn(
      "relation-template-ends-in-space",
      node,
      "The template ends in a space, after which few models expect a word.",
      "Remove the space: the answer brings its own.",
    );
  }
}
