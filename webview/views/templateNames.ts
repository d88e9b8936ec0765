import { letter } from "../format";
import { strings } from "../strings";

/** "B  Nothing is more {} than this": the letter that stands for a phrasing in axes, and its text. */
export const templateName = (template: string, templates: readonly string[]) =>
  template === "*" ? strings.allTemplates : `${templateLetter(template, templates)}\u2003${template}`;

export const templateLetter = (template: string, templates: readonly string[]) =>
  template === "*" ? strings.pooled : letter(Math.max(0, templates.indexOf(template)));
