import type { Sample } from "../../protocol/relation";

/** Fewer give no fit that could be held out. */
export const fewestTyped = 3;

/**
 * Subjects as a person types them: with commas, semicolons or line ends between them, and `easy => easiest` where the
 * object is known. A subject that is there twice counts once.
 */
export function parseTyped(text: string): Sample[] {
  const samples = text.split(/[,;\n\r\t]+/).flatMap((entry): Sample[] => {
    const [subject = "", object = ""] = entry.split(/=>|->|→/, 2).map((word) => word.trim());
    if (subject === "") return [];
    return [{ subject, ...(object !== "" && { object }) }];
  });
  return samples.filter(({ subject }, i) => samples.findIndex((other) => other.subject === subject) === i);
}

/** As a person would type them; `parseTyped` gives them back. */
export function writeTyped(samples: readonly Sample[]): string {
  return samples.map(({ subject, object }) => (object === undefined ? subject : `${subject} => ${object}`)).join(", ");
}
