import { describe, expect, it } from "vitest";
import { hoverAt } from "../../../src/formats/editing/hover";
import { relationSymbols, type RelationSymbol } from "../../../src/formats/editing/symbols";
import { readLocated } from "../../../src/formats/locatedText";

const text = `name: superlative
model: embedded-small
prompt_templates:
  - "The superlative of {} is"
  - Nothing is more {} than
samples:
  - { subject: easy, object: easiest, label: regular }
  - subject: 1990
pairs:
  - [easy, easiest]
expect:
  linearity.faithfulness: ">= 0.6"
`;
const located = readLocated(text, "x.relation.yaml");
const over = (word: string, keys?: boolean) => hoverAt(located, text.indexOf(word) + 1, keys);
const written = (span: { start: number; end: number } | null) => text.slice(span!.start, span!.end);

describe("hover", () => {
  it("explains a key", () => {
    expect(over("samples")).toMatchObject({ kind: "key", key: "samples" });
    expect(over("subject:")).toMatchObject({ kind: "key", key: "subject" });
    expect(over("samples", false)).toBeNull();
  });

  it("fills a template in with the first sample", () => {
    const hover = over("Nothing");
    expect(hover).toMatchObject({
      kind: "prompts",
      prompts: [{ text: "Nothing is more easy than", object: "easiest" }],
    });
    expect(written(hover)).toBe("Nothing is more {} than");
  });

  it("fills every template in with a sample", () => {
    expect(over("1990")).toMatchObject({
      kind: "prompts",
      prompts: [
        { text: "The superlative of 1990 is", object: null },
        { text: "Nothing is more 1990 than", object: null },
      ],
    });
    expect(written(over("easy,"))).toBe("{ subject: easy, object: easiest, label: regular }");
  });

  it("says what a figure is", () => {
    expect(over("linearity.faith")).toMatchObject({ kind: "figure", section: "linearity" });
  });

  it("says nothing about a name, nor where nothing is written", () => {
    expect(over("superlative")).toBeNull();
    expect(hoverAt(located, text.length)).toBeNull();
  });
});

describe("the symbols of a file", () => {
  const shape = ({ kind, name, detail, children }: RelationSymbol): unknown =>
    children.length === 0 ? [kind, name, detail] : [kind, name, detail, children.map(shape)];

  it("are the relation and its parts", () => {
    expect(relationSymbols(located, "x.relation.yaml").map(shape)).toEqual([
      [
        "relation",
        "superlative",
        "",
        [
          ["value", "model", "embedded-small"],
          [
            "group",
            "prompt_templates",
            "2",
            [
              ["template", "The superlative of {} is", ""],
              ["template", "Nothing is more {} than", ""],
            ],
          ],
          [
            "group",
            "samples",
            "2",
            [
              ["sample", "easy → easiest", "regular"],
              ["sample", "1990", ""],
            ],
          ],
          ["group", "pairs", "1", [["pair", "easy → easiest", ""]]],
          ["group", "expect", "1", [["figure", "linearity.faithfulness", ">= 0.6"]]],
        ],
      ],
    ]);
  });

  it("lie within each other, and their selections within them", () => {
    const check = ({ span, selection, children }: RelationSymbol) => {
      expect(selection.start).toBeGreaterThanOrEqual(span.start);
      expect(selection.end).toBeLessThanOrEqual(span.end);
      for (const child of children) {
        expect(child.span.start).toBeGreaterThanOrEqual(span.start);
        expect(child.span.end).toBeLessThanOrEqual(span.end);
        check(child);
      }
    };
    for (let end = 0; end <= text.length; end++) {
      relationSymbols(readLocated(text.slice(0, end), "x.relation.yaml"), "x.relation.yaml").forEach(check);
    }
  });
});
