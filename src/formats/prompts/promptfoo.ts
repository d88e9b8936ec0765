import { childOf } from "../locatedNode";
import { isJsonFile, parseData } from "../parseData";
import type { ProblemCollector } from "../problemCollector";
import { reportDocument } from "./document";
import type { PromptDraft } from "./draft";
import { namesIn } from "./inputs";
import { readPromptfooPrompts } from "./promptfooPrompts";
import { readPromptfooTests } from "./promptfooTests";
import type { PromptSource } from "./source";
import { textAt } from "./values";

/** A promptfoo configuration: `prompts` are the templates, `tests` the samples. */
export function readPromptfoo({ content, file }: PromptSource, problems: ProblemCollector): PromptDraft | null {
  const root = reportDocument(parseData(content, file), isJsonFile(file) ? "json" : "yaml", problems);
  if (root === null) return null;
  const prompts = childOf(root, "prompts");
  if (prompts === undefined) {
    problems.error(
      "prompt-no-prompts",
      { start: root.start, end: root.start },
      "The file has no prompts.",
      "Add prompts: with a line such as - The capital of {{country}} is.",
    );
    return null;
  }
  const samples = readPromptfooTests(root, problems);
  return {
    name: textAt(root, "description"),
    templates: readPromptfooPrompts(prompts, problems),
    samples,
    defaults: namesIn(childOf(childOf(root, "defaultTest"), "vars")),
    declared: [...new Set(samples.flatMap(({ values }) => [...values.keys()]))],
    example: "{{word}}",
    valuesIn: "under defaultTest: vars:",
  };
}
