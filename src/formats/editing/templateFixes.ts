import { childOf, type LocatedNode, type LocatedScalar } from "../locatedNode";
import { slotLike } from "../slotLike";
import { fix, type Fix, type FixTarget } from "./fix";
import { removeItem } from "./removal";
import { rewritten } from "./scalarText";
import type { TextEdit } from "./textEdit";

const slot = "{}";

interface Template {
  readonly node: LocatedScalar;
  readonly text: string;
}

function templateOf({ place: { node, path } }: FixTarget): Template | null {
  if (path[0] !== "prompt_templates" || node.kind !== "scalar" || typeof node.value !== "string") return null;
  return { node, text: node.value };
}

export function noSlotFixes(target: FixTarget): Fix[] {
  const template = templateOf(target);
  if (template === null) return [];
  const { text } = template;
  const like = slotLike(text);
  if (like !== null) {
    return fix(
      "writeSlot",
      [
        rewrite(
          target,
          template,
          text.replace(like, () => slot),
        ),
      ],
      {
        words: [like],
        preferred: true,
      },
    );
  }
  const subject = subjectIn(text, target.located.root);
  const appended = fix("appendSlot", [rewrite(target, template, `${text.trimEnd()} ${slot}`)], {
    preferred: subject === null,
  });
  if (subject === null) return appended;
  const replaced = text.replace(wordPattern(subject), () => slot);
  return [
    ...fix("subjectToSlot", [rewrite(target, template, replaced)], { words: [subject], preferred: true }),
    ...appended,
  ];
}

export function twoSlotsFixes(target: FixTarget): Fix[] {
  const template = templateOf(target);
  if (template === null) return [];
  const { text } = template;
  const first = text.indexOf(slot) + slot.length;
  const rest = text.slice(first).replace(/ ?\{\}/g, "");
  return fix("keepFirstSlot", [rewrite(target, template, text.slice(0, first) + rest)]);
}

export function trimFixes(target: FixTarget): Fix[] {
  const template = templateOf(target);
  if (template === null) return [];
  return fix("trim", [rewrite(target, template, template.text.trimEnd())], { preferred: true, safe: true });
}

/** @param safe where the template is left out anyway */
export function removeTemplateFixes({ place, located }: FixTarget, safe: boolean): Fix[] {
  const list = place.around.at(-1);
  const index = place.path.at(-1);
  if (list?.kind !== "sequence" || typeof index !== "number" || place.path[0] !== "prompt_templates") return [];
  return fix("removeTemplate", [removeItem(located.content, list, index)], { preferred: true, safe });
}

function rewrite({ located }: FixTarget, { node }: Template, text: string): TextEdit {
  const { start, end } = node;
  return { start, end, text: rewritten(located.content, node, text, located.isJson) };
}

/** A subject of the samples that the template has as a word. */
function subjectIn(template: string, root: LocatedNode | null): string | null {
  const samples = childOf(root ?? undefined, "samples");
  if (samples?.kind !== "sequence") return null;
  for (const sample of samples.items) {
    const subject = childOf(sample, "subject");
    const word = subject?.kind === "scalar" ? subject.source.trim() : "";
    if (word !== "" && template.includes(word) && wordPattern(word).test(template)) return word;
  }
  return null;
}

const wordPattern = (word: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}])`, "u");
