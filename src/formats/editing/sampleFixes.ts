import type { Sample } from "../../protocol/relation";
import { childOf, type LocatedNode } from "../locatedNode";
import type { LocatedText } from "../locatedText";
import { fix, type Fix } from "./fix";
import { addItems } from "./insertion";
import { plainOrQuoted, quoted } from "./scalarText";

/** A sample in one line of the file. */
export function sampleItem({ subject, object, label }: Sample, isJson: boolean): string {
  const entries = Object.entries({ subject, object, label }).flatMap(([key, word]) =>
    word === undefined ? [] : [isJson ? `"${key}": ${quoted(word)}` : `${key}: ${plainOrQuoted(word)}`],
  );
  return `{ ${entries.join(", ")} }`;
}

/** A line to write over: the editor adds its own indentation to edits with tab stops. */
export function addSampleFixes(located: LocatedText): Fix[] {
  const item = sampleItem({ subject: "easy", object: "easiest" }, located.isJson);
  return fix("addSample", [addItems(located, "samples", [item])]);
}

export function addTemplateFixes(located: LocatedText): Fix[] {
  return fix("addTemplate", [addItems(located, "prompt_templates", ['"The superlative of {} is"'])], {
    preferred: true,
  });
}

/** As many of the samples of another relation as bring the file to `enough`, none whose subject it has. */
export function borrowedSampleFixes(
  located: LocatedText,
  from: string,
  samples: readonly Sample[],
  enough = 20,
): Fix[] {
  const own = new Set(subjectsOf(located.root));
  const borrowed = samples.filter(({ subject }) => !own.has(subject)).slice(0, Math.max(0, enough - own.size));
  if (borrowed.length === 0) return [];
  const items = borrowed.map((sample) => sampleItem(sample, located.isJson));
  return fix("addFromCollection", [addItems(located, "samples", items)], {
    words: [String(borrowed.length), from],
    preferred: true,
  });
}

function subjectsOf(root: LocatedNode | null): string[] {
  const samples = childOf(root ?? undefined, "samples");
  if (samples?.kind !== "sequence") return [];
  return samples.items.flatMap((sample) => {
    const subject = childOf(sample, "subject");
    return subject?.kind === "scalar" ? [subject.source.trim()] : [];
  });
}
