import { nearest } from "../formats/nearest";
import type { AnalyzeSettings, PromptChoice } from "../protocol/engine";
import { sections, type Section } from "../protocol/report";
import { executionOptions, readExecution } from "./executionOptions";
import { UsageError } from "./io";
import { exportOptions, readExports, type ReportExports } from "./reportExports";
import { readOptions, type CommandOptions } from "./options";

export interface AnalyzeOptions {
  readonly files: readonly string[];
  readonly settings: AnalyzeSettings;
  /** `-` for standard output. */
  readonly out: string | null;
  readonly html: string | null;
  readonly activations: string | null;
  readonly exports: ReportExports;
  /** The second model. */
  readonly compare: string | null;
  /** Where the subjects come from, as it was written: a file, or the name of a built-in relation. */
  readonly subjects: string | null;
  /** How to read a prompt file that leaves a choice. */
  readonly choice: PromptChoice;
}

/** Options of `readSettings`. */
export const settingOptions = {
  model: "value",
  seed: "value",
  layers: "value",
  bos: "value",
  ...executionOptions,
  twins: "value",
  jacobian: "flag",
  contexts: "value",
} as const;

const largestSeed = 2 ** 32 - 1;

/** @throws UsageError */
export function readAnalyzeOptions(argv: readonly string[]): AnalyzeOptions {
  const { values, flags, positionals } = readOptions(argv, {
    ...settingOptions,
    only: "value",
    out: "value",
    activations: "value",
    html: "value",
    ...exportOptions,
    compare: "value",
    subjects: "value",
    slot: "value",
    list: "value",
  });
  const slot = values.get("slot");
  const list = values.get("list");
  if (positionals.length === 0) {
    throw new UsageError(
      "No relation file or prompt file is named.",
      "Name one, such as samples/superlative.relation.yaml.",
    );
  }
  const activations = values.get("activations") ?? null;
  if (activations !== null && positionals.length > 1) {
    throw new UsageError("--activations writes those of one relation.", "Name one relation file.");
  }
  if (activations === "-") {
    throw new UsageError("--activations writes binary data and needs a file.", "Name a file, such as f.safetensors.");
  }
  const html = values.get("html") ?? null;
  if (html !== null && positionals.length > 1) {
    throw new UsageError("--html writes the page of one relation.", "Name one relation file.");
  }
  if (html === "-") throw new UsageError("--html writes a page and needs a file.", "Name a file, such as report.html.");
  return {
    files: positionals,
    settings: { ...readSettings({ values, flags }), only: readSections(values.get("only")) },
    compare: values.get("compare") ?? null,
    subjects: values.get("subjects") ?? null,
    choice: { ...(slot !== undefined && { slot }), ...(list !== undefined && { list }) },
    out: values.get("out") ?? null,
    html,
    activations,
    exports: readExports(values, positionals.length),
  };
}

/** What is said about a run, which analyses of other commands take too. @throws UsageError */
export function readSettings({
  values,
  flags,
}: Pick<CommandOptions, "values" | "flags">): Omit<AnalyzeSettings, "only"> {
  const contexts = values.get("contexts");
  return {
    model: values.get("model") ?? null,
    seed: readSeed(values.get("seed")),
    layers: readLayers(values.get("layers")),
    bos: readBos(values.get("bos")),
    ...readExecution(values),
    twins: readTwins(values.get("twins")),
    jacobian: flags.has("jacobian"),
    ...(contexts !== undefined && { contexts }),
  };
}

function readSeed(text = "0"): number {
  const seed = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(seed <= largestSeed)) {
    throw new UsageError(`--seed ${text} is not a seed.`, `Write a whole number from 0 to ${largestSeed}.`);
  }
  return seed;
}

function readSections(text?: string): readonly Section[] {
  if (text === undefined) return sections;
  const wanted = text.split(",").map((name) => name.trim());
  for (const name of wanted) {
    if (!sections.some((section) => section === name)) {
      const meant = nearest(name, sections);
      const remedy = meant === null ? `Choose from ${sections.join(",")}.` : `Did you mean ${meant}?`;
      throw new UsageError(`--only has no analysis "${name}".`, remedy);
    }
  }
  return sections.filter((section) => wanted.includes(section));
}

function readLayers(text = "all"): AnalyzeSettings["layers"] {
  if (text === "all" || text === "last") return text;
  if (!/^\d{1,6}(,\d{1,6})*$/.test(text)) {
    throw new UsageError(`--layers ${text} names no layers.`, "Write all, last, or numbers with commas such as 0,2,4.");
  }
  return [...new Set(text.split(",").map(Number))].sort((a, b) => a - b);
}

function readBos(text = "auto"): AnalyzeSettings["bos"] {
  if (text === "auto" || text === "always" || text === "never") return text;
  throw new UsageError(`--bos ${text} is not known.`, "Choose auto, always or never.");
}

const mostTwins = 1000;

function readTwins(text = "20"): number {
  const twins = /^\d+$/.test(text) ? Number(text) : NaN;
  if (twins <= mostTwins) return twins;
  throw new UsageError(
    `--twins ${text} is not a number of twins.`,
    `Write a whole number up to ${mostTwins}; 0 leaves the twin test out.`,
  );
}
