import { describe, expect, it } from "vitest";
import { movedContents, readContents } from "../../../../src/extension/inText/textContents";

const relation = `# About.
name: comparative
prompt_templates:
  - "{} things are less so than"
samples:
  - { subject: high, object: higher } # behind it
  - subject: low
    object: lower

  - { subject: new, object: newer }
`;
const file = "a.relation.yaml";
const fingerprint = (text: string, of = file) => readContents(text, of).fingerprint;

describe("what stands where in a file", () => {
  it("has the end of each sample on the last line with text of its own", () => {
    const { name, templates, samples } = readContents(relation, file);
    expect(name.start.line).toBe(1);
    expect(templates.map(({ span }) => span.start.line)).toEqual([3]);
    expect(samples.map(({ subject, object, span }) => [subject, object, span.end])).toEqual([
      ["high", "higher", { line: 5, character: 37 }],
      ["low", "lower", { line: 7, character: 17 }],
      ["new", "newer", { line: 9, character: 35 }],
    ]);
  });

  it("is the same for comments, layout, order of keys, the name and what is expected", () => {
    const analysed = fingerprint(relation);
    expect(analysed).not.toBeNull();
    for (const changed of [
      relation.replace("# About.", "# Other words."),
      relation.replace("  - subject: low\n    object: lower\n", "  - { object: lower, subject: low }\n"),
      relation.replace("name: comparative", "name: other"),
      `${relation}expect:\n  linearity.faithfulness: ">= 0.6"\n`,
    ]) {
      expect(changed).not.toBe(relation);
      expect(fingerprint(changed)).toBe(analysed);
    }
  });

  it("is another for everything that figures depend on", () => {
    const changes = [
      relation.replace("higher }", "highest }"),
      relation.replace("less so", "more so"),
      relation.replace("object: newer }", "object: newer, label: x }"),
      `${relation}pairs:\n  - [high, higher]\n  - [low, lower]\n`,
      `${relation}model: embedded-wide\n`,
      `${relation}  - { subject: old, object: older }\n`,
    ];
    const seen = new Set([relation, ...changes].map((text) => fingerprint(text)));
    expect(seen.size).toBe(7);
    expect(seen.has(null)).toBe(false);
  });

  it("is null for what cannot be analysed, whose samples are still found", () => {
    const broken = relation.replace('"{} things are less so than"', '"Nothing to fill in"');
    expect(fingerprint(broken)).toBeNull();
    expect(readContents(broken, file).samples).toHaveLength(3);
  });

  it("moves with an edit and loses what the edit touches", () => {
    const contents = readContents(relation, file);
    const at = (line: number, from: number, to: number) => ({
      start: { line, character: from },
      end: { line, character: to },
    });
    const lines = (of: typeof contents) => of.samples.map(({ span }) => span.end.line);
    expect(lines(movedContents(contents, { range: at(5, 0, 0), text: "# one\n# two\n" }))).toEqual([7, 9, 11]);
    expect(lines(movedContents(contents, { range: at(6, 13, 16), text: "wide" }))).toEqual([5, 9]);
    expect(lines(movedContents(contents, { range: at(5, 40, 40), text: "\n" }))).toEqual([5, 8, 10]);
  });
});

describe("what stands where in a prompt file", () => {
  const prompt = "---\ndescription: comparatives\n---\nThe comparative of ${input:word} is\n";

  it("has its templates as the engine has them", () => {
    const { templates, samples } = readContents(prompt, "a.prompt.md");
    expect(templates.map(({ text, span }) => [text, span.start.line])).toEqual([["The comparative of {} is", 3]]);
    expect(samples).toEqual([]);
  });

  it("changes with the prompt", () => {
    const other = prompt.replace("comparative of", "superlative of");
    expect(fingerprint(other, "a.prompt.md")).not.toBe(fingerprint(prompt, "a.prompt.md"));
    expect(fingerprint(prompt.replace("comparatives", "words"), "a.prompt.md")).toBe(
      fingerprint(prompt, "a.prompt.md"),
    );
  });

  it("has another template once another variable is the subject", () => {
    const two =
      'prompts: ["More {{word}} than {{other}} is the"]\ntests: [{ vars: { word: [easy, big], other: [wide, rich] } }]\n';
    const [first, second] = [{}, { slot: "other" }].map((choice) => readContents(two, "two.promptfoo.yaml", choice));
    expect(first?.templates[0]?.text).toBe("More {} than wide is the");
    expect(second?.templates[0]?.text).toBe("More easy than {} is the");
    expect(second?.samples.map(({ subject }) => subject)).toEqual(["wide", "rich"]);
    expect(second?.fingerprint).not.toBe(first?.fingerprint);
  });

  it("counts as a whole where it cannot be told what it asks", () => {
    const open = "Compare ${input:one} with ${input:two}.";
    const [before, after] = [open, `${open} Briefly.`].map((text) => fingerprint(text, "a.prompt.md"));
    expect(before).not.toBeNull();
    expect(after).not.toBe(before);
  });
});
