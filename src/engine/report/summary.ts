import type { Report, Summary } from "../../protocol/report";
import type { SectionFigures } from "../sections/sectionFigures";
import { headline } from "./headline";
import { propertyRows } from "./propertyRows";

/** Sentences and a table of properties from the figures of a report; nothing is computed anew. */
export function summarize(figures: Pick<Report, "prompts"> & SectionFigures): Summary {
  return { headline: headline(figures), properties: propertyRows(figures) };
}
