import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Position } from "../../../src/protocol/problem";
import { parseRelation } from "../../../src/formats/relationFile";
import { relationOutline } from "../../../src/formats/relationOutline";

const whole = `name: superlative
prompt_templates:
  - "The superlative of {} is"
  - Nothing is more {} than this
samples:
  - { subject: easy, object: easiest }
  - subject: big
    object: biggest
  - { subject: 1990 }
expect:
  linearity.faithfulness: ">= 0.6"
`;

/** What stands at a position of one line. */
function at(text: string, position: Position | null): string {
  const { line, column, endLine, endColumn } = position!;
  const rest = text.split("\n")[line - 1]!;
  return rest.slice(column - 1, endLine === line ? endColumn! - 1 : undefined);
}

describe("the outline of a relation file", () => {
  it("has the place of everything", () => {
    const { name, templates, samples, expectations, problems } = relationOutline(whole, "x.relation.yaml");
    expect(name.text).toBe("superlative");
    expect(at(whole, name.position)).toBe("superlative");
    expect(templates.map(({ text }) => text)).toEqual(["The superlative of {} is", "Nothing is more {} than this"]);
    expect(at(whole, templates[0]!.position)).toBe('"The superlative of {} is"');
    expect(samples.map(({ subject, object }) => [subject, object])).toEqual([
      ["easy", "easiest"],
      ["big", "biggest"],
      ["1990", null],
    ]);
    expect(at(whole, samples[0]!.position)).toBe("{ subject: easy, object: easiest }");
    expect(samples[1]!.position.line).toBe(7);
    expect(expectations).toMatchObject([{ path: "linearity.faithfulness", expected: ">= 0.6" }]);
    expect(at(whole, expectations[0]!.position)).toBe('linearity.faithfulness: ">= 0.6"');
    expect(problems.map(({ code }) => code)).toEqual(["relation-value-as-text"]);
  });

  it("is named after the file where it has no name", () => {
    const { name } = relationOutline("samples:\n", "/a/plural.relation.yaml");
    expect(name).toEqual({ text: "plural", position: null });
  });

  it.each([
    ["a key that is being typed", whole.replace("expect:", "exp")],
    ["a sample that is being typed", whole.replace("{ subject: 1990 }", "{ subject: 1990, obj")],
    ["quotes that are open", whole.replace('>= 0.6"\n', ">= 0.6")],
    ["a tab", whole.replace("  linearity", "\tlinearity")],
  ])("is there with %s", (_, text) => {
    const { templates, samples, problems } = relationOutline(text, "x.relation.yaml");
    expect(templates).toHaveLength(2);
    expect(samples.slice(0, 2).map(({ subject }) => subject)).toEqual(["easy", "big"]);
    expect(problems.some(({ severity }) => severity === "error")).toBe(true);
  });

  it("is there in JSON that is being typed", () => {
    const text =
      '{ "name": "x", "prompt_templates": ["a {}"], "samples": [{ "subject": "easy", "object": "easiest" }, { "sub';
    const { name, templates, samples } = relationOutline(text, "x.relation.json");
    expect(name.text).toBe("x");
    expect(templates.map(({ text: template }) => template)).toEqual(["a {}"]);
    expect(samples.map(({ subject }) => subject)).toEqual(["easy"]);
  });

  it("never throws, and has the problems of the reader", () => {
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), fc.nat({ max: whole.length }), fc.string(), (from, length, typed) => {
        const text = whole.slice(0, from) + typed + whole.slice(from + length);
        for (const file of ["x.relation.yaml", "x.relation.json"]) {
          expect(relationOutline(text, file).problems).toEqual(parseRelation(text, file).problems);
        }
      }),
    );
  });

  it("has every template and sample of the relation, in its order", () => {
    const folder = join(import.meta.dirname, "../../../samples");
    const files = readdirSync(folder).filter((file) => file.endsWith(".relation.yaml"));
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const text = readFileSync(join(folder, file), "utf8");
      const { relation } = parseRelation(text, file);
      const outline = relationOutline(text, file);
      expect(outline.templates.map((template) => template.text)).toEqual(relation?.templates);
      expect(outline.samples.map(({ subject }) => subject)).toEqual(relation?.samples.map(({ subject }) => subject));
    }
  });
});
