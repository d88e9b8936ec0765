import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftOf, draftText } from "../../../src/formats/editing/selectedRelation";
import { parseRelation } from "../../../src/formats/relationFile";

const lines = (text: string) => draftOf({ text, before: "", behind: "" });
const expected = [
  { subject: "easy", object: "easiest" },
  { subject: "big", object: "biggest" },
];

describe("a relation from a selection", () => {
  it.each([
    "easy easiest\nbig biggest",
    "easy\teasiest\r\nbig\tbiggest\r\n",
    "easy,easiest\nbig, biggest\n",
    "easy -> easiest\nbig → biggest",
    "- easy: easiest\n- big: biggest",
    "1. easy; easiest\n2. big; biggest",
    '"easy","easiest"\n"big","biggest"\n\n',
    "easy => easiest\neasy => easiest\nbig => biggest",
  ])("has the samples of %j", (text) => expect(lines(text)).toEqual({ kind: "samples", samples: expected }));

  it("keeps words of several words together where a sign separates them", () => {
    expect(lines("New York,United States\nParis,France")).toEqual({
      kind: "samples",
      samples: [
        { subject: "New York", object: "United States" },
        { subject: "Paris", object: "France" },
      ],
    });
  });

  it.each(["", "\n", "one\ntwo", "one two three\nfour five", "a, b, c"])("is none for %j", (text) =>
    expect(lines(text)).toBeNull(),
  );

  it.each([
    [{ before: '  - "The capital of ', text: "France", behind: ' is",' }, "The capital of {} is"],
    [{ before: "The capital of", text: " France ", behind: "is" }, "The capital of {} is"],
    [{ before: "", text: "France", behind: " has the capital" }, "{} has the capital"],
  ])("has the template of %j", (selected, template) =>
    expect(draftOf(selected)).toEqual({ kind: "prompt", template, subject: "France" }),
  );

  it("is read as it was drafted, whatever the words", () => {
    const word = fc.stringMatching(/^[a-z0-9'"#:{}é-]{1,8}$/).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 3, maxLength: 6 }), (words) => {
        const samples = words.map((subject) => ({ subject, object: `${subject}x` }));
        const text = draftText({ kind: "samples", samples }, "x: y");
        const { relation, problems } = parseRelation(text, "x.relation.yaml");
        expect(problems, text).toEqual([]);
        expect(relation).toEqual({ name: "x: y", templates: ["The word for {} is"], samples });
      }),
    );
  });
});
