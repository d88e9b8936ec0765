/** Every text of the pages that does not come from the report, in the language of the page. */
import * as german from "./strings/de/german";
import * as english from "./strings/english";
import type { Translated } from "./strings/translated";

export { sectionTab, tabIds } from "./strings/tabs";
export type { TabId } from "./strings/tabs";

type Texts = Translated<typeof english>;

/** The host sets the page's language, in which a saved page stays; tests of figures have no page. */
const page: { readonly document?: { readonly documentElement: { readonly lang: string } } } = globalThis;
const language = page.document?.documentElement.lang ?? "en";

const texts: Texts = /^de\b/i.test(language) ? german : english;

export const {
  strings,
  tabNames,
  phaseNames,
  identifiableWords,
  identifiableHelp,
  estimatorNames,
  probeKindNames,
  probeEstimatorNames,
  poolingNames,
  methodNames,
  equivalenceNames,
  verdictWords,
} = texts;
