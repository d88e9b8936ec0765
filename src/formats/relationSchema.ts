import * as v from "valibot";

/** More subjects than any relation of the LRE data set has; longer lists take minutes without better figures. */
export const maximumSamples = 1_000;
export const maximumTemplates = 50;
export const maximumPairs = 1_000;

/** Numbers and truth values are taken as they are written: a year is a word here. */
const word = v.union([v.string(), v.number(), v.boolean()]);
const sample = v.looseObject({ subject: word, object: v.optional(word), label: v.optional(word) });
const pair = v.union([v.strictTuple([word, word]), v.looseObject({ from: word, to: word })]);

const mapping = v.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/**
 * The shape of a relation file; what its texts must be like is checked afterwards, where the words for it
 * are better. `schemas/relation.schema.json` says the same for editors.
 */
export const relationSchema = v.looseObject({
  name: v.nullish(word),
  template: v.optional(v.string()),
  prompt_templates: v.nullish(v.array(v.string())),
  samples: v.nullish(v.array(sample)),
  pairs: v.nullish(v.array(pair)),
  control_relations: v.nullish(v.array(v.string())),
  expect: v.nullish(v.pipe(mapping, v.record(v.string(), word))),
  model: v.nullish(v.string()),
  properties: v.nullish(mapping),
});

export type RelationDocument = v.InferOutput<typeof relationSchema>;

/** Keys of LRE relation files that are read over without a word. */
export const ignoredKeys: readonly string[] = ["prompt_templates_zs", "domain", "range", "$schema"];
export const relationKeys: readonly string[] = Object.keys(relationSchema.entries);
export const sampleKeys: readonly string[] = Object.keys(sample.entries);
export const pairKeys: readonly string[] = ["from", "to"];
