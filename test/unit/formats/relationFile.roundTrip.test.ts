import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Relation } from "../../../src/protocol/relation";
import { parseRelation } from "../../../src/formats/relationFile";
import { relationText } from "./relationText";

const awkward = fc.constantFrom(
  "no",
  "1990",
  "null",
  "~",
  "true",
  "- a",
  "a: b",
  "# c",
  "{}",
  "'",
  '"',
  "|",
  "*a",
  "&a",
  "é 😀",
  "0x1F",
  "<<",
  "a\nb",
  "1e3",
  "2001-01-01",
);
const word = fc
  .oneof(awkward, fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }))
  .map((text) => text.replaceAll("\0", "").trim())
  .filter((text) => text !== "");
const around = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .filter((text) => !text.includes("{}") && !text.includes("\0"));
const template = fc
  .tuple(around, around)
  .map(([before, after]) => `${before}{}${after}`)
  .filter((text) => text.split("{}").length === 2 && !/\s$/.test(text));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const sample = fc.record({ subject: word, object: word, label: word }, { requiredKeys: ["subject"] });
const pair = fc.record({ from: word, to: word }).filter(({ from, to }) => from !== to);

const relation = fc
  .record({
    name: word,
    templates: fc.uniqueArray(template, { minLength: 1, maxLength: 4 }),
    samples: fc.uniqueArray(sample, { minLength: 3, maxLength: 6, selector: ({ subject }) => subject }),
    pairs: optional(fc.uniqueArray(pair, { maxLength: 4, selector: (p) => JSON.stringify(p) })),
    controlRelations: optional(fc.array(word, { maxLength: 2 })),
    expect: optional(fc.dictionary(word, word, { maxKeys: 3 })),
    model: optional(word),
    properties: optional(
      fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 }),
    ),
  })
  .map(
    (made) =>
      Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as unknown as Relation,
  );

describe("a relation that is written", () => {
  it("is read back as it was", () => {
    fc.assert(
      fc.property(relation, (made) => {
        const { relation: read, problems } = parseRelation(relationText(made), "x.relation.yaml");
        // Made-up assertions name no figure.
        expect(problems.filter(({ code }) => !code.startsWith("relation-expectation-"))).toEqual([]);
        expect(read).toEqual(made);
      }),
      { numRuns: 500, seed: 4 },
    );
  });

  it("is read back from JSON too", () => {
    fc.assert(
      fc.property(relation, ({ name, templates, samples }) => {
        const text = JSON.stringify({ name, prompt_templates: templates, samples });
        const { relation: read, problems, samplePositions } = parseRelation(text, "x.relation.json");
        expect(read).toEqual({ name, templates, samples });
        expect(problems).toEqual([]);
        expect(samplePositions).toHaveLength(samples.length);
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});
