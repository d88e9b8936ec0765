import { parseRelation } from "../relationFile";
import { readLocated, type LocatedText } from "../locatedText";
import type { Fix, FixTarget } from "./fix";
import { removeKeyFixes, unknownKeyFixes } from "./keyFixes";
import { placeAt } from "./place";
import { addSampleFixes, addTemplateFixes } from "./sampleFixes";
import { quoteLineFixes, wrongTypeFixes } from "./shapeFixes";
import { noSlotFixes, removeTemplateFixes, trimFixes, twoSlotsFixes } from "./templateFixes";
import { withoutOverlaps, type TextEdit } from "./textEdit";
import { emptyWordFixes, quoteFixes, removeItemFixes, trimWordFixes } from "./wordFixes";

/** Where a problem is, and whether the file can be analysed in spite of it. */
export interface FoundProblem {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** Of its first character. */
  readonly offset: number;
}

const byCode: Readonly<Record<string, (target: FixTarget, leftOut: boolean) => Fix[]>> = {
  "relation-template-no-slot": noSlotFixes,
  "relation-template-two-slots": twoSlotsFixes,
  "relation-template-ends-in-space": trimFixes,
  "relation-template-empty": (target) => removeTemplateFixes(target, false),
  "relation-duplicate-template": (target) => removeTemplateFixes(target, true),
  "relation-duplicate-subject": removeItemFixes,
  "relation-duplicate-pair": removeItemFixes,
  "relation-same-words": (target) => removeItemFixes(target, false),
  "relation-missing-key": (target) => removeItemFixes(target, false),
  "relation-spaces-around": trimWordFixes,
  "relation-value-as-text": quoteFixes,
  "relation-empty-word": emptyWordFixes,
  "relation-unknown-key": unknownKeyFixes,
  "relation-duplicate-key": removeKeyFixes,
  "relation-wrong-type": wrongTypeFixes,
  "answers-share-first-token": (target) => removeItemFixes(target, false),
};

/** What can be done about a problem of a file, the likeliest first. The file stays YAML or JSON. */
export function fixesFor(located: LocatedText, { code, severity, offset }: FoundProblem): readonly Fix[] {
  switch (code) {
    case "relation-bad-yaml":
      return quoteLineFixes(located, offset);
    case "relation-no-samples":
    case "relation-few-samples":
    case "relation-figures-unsettled":
      return addSampleFixes(located);
    case "relation-no-templates":
      return addTemplateFixes(located);
  }
  if (located.root === null) return [];
  const place = placeAt(located.root, offset);
  const outer = place.around.at(-1);
  // What an alias stands for is written elsewhere, for others too.
  if (outer !== undefined && (place.node.start < outer.start || place.node.end > outer.end)) return [];
  return byCode[code]?.({ located, place }, severity === "warning") ?? [];
}

/** All that can be mended without changing what the relation says, as one set of edits. */
export function safeEdits(text: string, file: string): readonly TextEdit[] {
  const located = readLocated(text, file);
  const edits = parseRelation(text, file).problems.flatMap(({ code, severity, position }) => {
    if (position === undefined) return [];
    const offset = located.lines.offset(position);
    const safe = fixesFor(located, { code, severity, offset }).find((fix) => fix.safe);
    return safe?.edits ?? [];
  });
  return withoutOverlaps(edits);
}
