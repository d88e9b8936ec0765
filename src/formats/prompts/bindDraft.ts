import type { LineIndex, Span } from "../lineIndex";
import type { ProblemCollector } from "../problemCollector";
import { maximumTemplates } from "../relationSchema";
import { bindSamples } from "./bindSamples";
import { chooseSubject, namesOf, variablesOf, varying } from "./chooseSubject";
import type { DraftTemplate, PromptDraft } from "./draft";
import { fillTemplate } from "./fillTemplate";
import type { PromptFile, PromptTemplate } from "./promptFile";
import { reportMissingValues, reportNoSlot, reportUnknownSlot } from "./slotProblems";

interface BoundTemplate extends Pick<PromptTemplate, "slot" | "position"> {
  readonly filled: Pick<PromptTemplate, "text" | "messages">;
  readonly span: Span;
}

type Bound = Pick<PromptFile, "templates" | "samples" | "slots">;

/** Makes one variable the subject and gives the others their values; what stands in the way is reported. */
export function bindDraft(
  draft: PromptDraft,
  chosen: string | undefined,
  lines: LineIndex,
  problems: ProblemCollector,
): Bound {
  if (draft.templates.length > maximumTemplates) {
    const message = `The file has ${draft.templates.length} templates; at most ${maximumTemplates} are analysed together.`;
    const at = draft.templates[maximumTemplates] ?? { start: 0, end: 0 };
    problems.error("prompt-too-many-templates", at, message, "Keep the phrasings that differ most.");
    return { templates: [], samples: [] };
  }
  const names = namesOf(draft.templates);
  const subject = chooseSubject(draft, chosen);
  if (chosen !== undefined && chosen !== subject) reportUnknownSlot(draft, chosen, names, problems);
  const values = valuesOf(draft, names);
  const bound = draft.templates.flatMap((template): BoundTemplate[] => {
    const slot = slotOf(template, subject, draft);
    if (slot === null) {
      reportNoSlot(template, subject, draft, problems);
      return [];
    }
    reportMissingValues(template, slot, values, draft, problems);
    const filled = fillTemplate(template, slot, values, problems);
    return filled === null ? [] : [{ filled, slot, span: template, position: lines.position(template) }];
  });
  const others = varying(names, draft.samples).filter((name) => name !== subject);
  const samples = bindSamples(draft, subject, new Map(others.map((name) => [name, values.get(name) ?? ""])), problems);
  return {
    templates: withoutRepeated(bound, problems),
    samples: samples.map(({ sample, span }) => ({ sample, position: lines.position(span) })),
    ...(names.length > 1 && { slots: names }),
  };
}

/** The file's subject, or, where no sample ties the templates together, the template's own first variable. */
function slotOf(template: DraftTemplate, subject: string | null, { samples }: PromptDraft): string | null {
  const variables = variablesOf(template);
  if (variables.some(({ name }) => name === subject)) return subject;
  return samples.length === 0 ? (variables[0]?.name ?? null) : null;
}

/** Of every variable, the first value that the file's samples give it. */
function valuesOf({ samples }: PromptDraft, names: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const name of names) {
    const first = samples.find((sample) => sample.values.has(name))?.values.get(name);
    if (first !== undefined) values.set(name, first.text);
  }
  return values;
}

/** Phrasings that differ, each once. */
function withoutRepeated(bound: readonly BoundTemplate[], problems: ProblemCollector): PromptTemplate[] {
  const seen = new Map<string, BoundTemplate>();
  for (const template of bound) {
    const key = JSON.stringify(template.filled.messages ?? template.filled.text);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, template);
      continue;
    }
    const message = `The template is on line ${first.position.line} already; this one is left out.`;
    problems.warn("prompt-duplicate-template", template.span, message, "Remove one of the two, or change its words.");
  }
  return [...seen.values()].map(({ filled, slot, position }) => ({ ...filled, slot, position }));
}
