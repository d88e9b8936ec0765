import * as v from "valibot";
import * as vscode from "vscode";
import { sections } from "../../protocol/report";

const word = v.union([v.string(), v.number()]);

/** A relation that is not in a file; the engine says what is wrong with its texts. */
const relation = v.object({
  name: v.optional(v.string()),
  prompt_templates: v.array(v.string()),
  samples: v.array(v.object({ subject: word, object: v.optional(word) })),
});

const shared = {
  file: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1))),
  relation: v.optional(relation),
  model: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1))),
  seed: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 32 - 1))),
  sections: v.optional(v.pipe(v.array(v.picklist(sections)), v.minLength(1))),
  twins: v.optional(v.boolean()),
};

/** What a model may say to `analyze_relation`; `package.json` has the same for it to read. */
export const analyzeInput = v.object(shared);

/** What a model may say to `compare_models`. */
export const compareInput = v.object({ ...shared, compare: v.pipe(v.string(), v.trim(), v.minLength(1)) });

export type AnalyzeInput = v.InferOutput<typeof analyzeInput>;

/** @throws Error that says what to write instead */
export function readInput<T extends v.GenericSchema>(schema: T, input: unknown): v.InferOutput<T> {
  const read = v.safeParse(schema, input);
  if (read.success) return read.output;
  const said = read.issues.map((issue) => `${v.getDotPath(issue) ?? "input"}: ${issue.message}`).join("; ");
  throw new Error(vscode.l10n.t("The input cannot be used: {0}. Call the tool again with these fields changed.", said));
}
