import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRelationSource } from "../../../src/engine/relationSource";
import type { Subjects } from "../../../src/protocol/engine";
import { newFolder } from "../models/support";

const template = "The capital of {} is";
const relationText = (lines: string) => `${lines}\nsamples:\n  - { subject: France, object: Paris }\n  - { subject: Italy, object: Rome }\n  - { subject: Spain, object: Madrid }\n`; // prettier-ignore

/** A folder with files, the first of which is read. */
async function source(files: Readonly<Record<string, string>>, subjects?: Subjects) {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const file = join(folder, Object.keys(files)[0] ?? "");
  const resolved = subjects?.kind === "file" ? { ...subjects, file: join(folder, subjects.file) } : subjects;
  return { folder, file, ...(await readRelationSource({ file, ...(resolved && { subjects: resolved }) })) };
}
const subjectsOf = ({ relation }: Awaited<ReturnType<typeof source>>) =>
  relation?.samples.map(({ subject }) => subject);

const countries = ["France", "Italy", "Spain"];

describe("a relation file", () => {
  it("is the relation that it says", async () => {
    const found = await source({ "a.relation.yaml": relationText(`prompt_templates: ["${template}"]`) });
    expect(found.relation?.templates).toEqual([template]);
    expect(subjectsOf(found)).toEqual(countries);
    expect(found.subjects).toBeNull();
    expect(found.samplesFile).toBe(found.file);
    expect(found.samplePositions.map(({ line }) => line)).toEqual([3, 4, 5]);
  });

  it("takes the templates of the prompt file that it names before its own", async () => {
    const lines = `template: prompts/ask.txt\nprompt_templates: ["{}, whose capital is"]`;
    const found = await source({ "a.relation.yaml": relationText(lines), "prompts/ask.txt": template });
    expect(found.relation?.templates).toEqual([template, "{}, whose capital is"]);
    const alone = await source({ "a.relation.yaml": relationText("template: ask.txt"), "ask.txt": template });
    expect(alone.relation?.templates).toEqual([template]);
  });

  it("whose prompt file is not there has the problem of that file", async () => {
    const { relation, problems, folder } = await source({ "a.relation.yaml": relationText("template: none.txt") });
    expect(relation).toBeNull();
    expect(problems).toMatchObject([{ code: "prompt-file-missing", file: join(folder, "none.txt") }]);
  });

  it("is read as JSON from the LRE data set, whatever its name", async () => {
    const text = JSON.stringify({ name: "lre", prompt_templates: [template], samples: [{ subject: "France", object: "Paris" }], properties: { relation_type: "factual" } }); // prettier-ignore
    expect((await source({ "country_capital_city.json": text })).relation?.name).toBe("lre");
  });
});

describe("the subjects of a prompt alone", () => {
  it("are missing, with a remedy, where there are none", async () => {
    const { relation, problems, file } = await source({ "ask.txt": template });
    expect(relation).toBeNull();
    expect(problems).toMatchObject([{ code: "subjects-missing", severity: "error", kind: "input", file }]);
    const named = await source({ "capital.txt": template });
    expect(named.problems[0]?.remedy).toContain("the built-in relation capital");
  });

  it.each([
    ["has the same base name", "ask.relation.yaml", 'prompt_templates: ["Another {} is"]'],
    ["names it as its template", "other.relation.yaml", "template: ask.txt"],
    ["has its template", "other.relation.yaml", `prompt_templates: ["Another {} is", "${template}"]`],
  ])("come from the relation file beside it that %s", async (_, name, lines) => {
    const found = await source({ "ask.txt": template, "a.relation.yaml": "not: [", [name]: relationText(lines) });
    expect(subjectsOf(found)).toEqual(countries);
    expect(found.relation?.templates).toEqual([template]);
    expect(found.relation?.name).toBe("ask");
    expect(found.subjects).toBe(name);
    expect(found.samplesFile).toBe(join(found.folder, name));
    expect(found.samplePositions).toHaveLength(3);
  });

  it("come from the file that names it, before its namesake", async () => {
    const one = "template: x.txt\nsamples:\n  - { subject: a, object: b }\n";
    const found = await source({
      "ask.txt": template,
      "x.txt": "X {}",
      "ask.relation.yaml": one,
      "b.relation.yaml": relationText("template: ask.txt"),
    });
    expect(found.subjects).toBe("b.relation.yaml");
  });

  it("do not come from a relation file that has nothing to do with it", async () => {
    const other = relationText('prompt_templates: ["Another {} is"]');
    expect((await source({ "ask.txt": template, "b.relation.yaml": other })).relation).toBeNull();
  });

  it("have the problems of a namesake that has errors", async () => {
    const { problems, folder } = await source({ "ask.txt": template, "ask.relation.yaml": "name: a\n" });
    expect(problems[0]).toMatchObject({ severity: "error", file: join(folder, "ask.relation.yaml") });
  });

  it("are not the one or two examples of a prompt file, where there are more beside it", async () => {
    const example = "---\ninputs:\n  word:\n    type: string\nsample:\n  word: Chile\n---\nuser:\nThe capital of {{word}} is\n"; // prettier-ignore
    const alone = await source({ "ask.prompty": example });
    expect(subjectsOf(alone)).toEqual(["Chile"]);
    expect(alone.problems.map(({ code }) => code)).toContain("subjects-few");
    const relations = { "ask.relation.yaml": relationText('prompt_templates: ["Another {} is"]') };
    expect(subjectsOf(await source({ "ask.prompty": example, ...relations }))).toEqual(countries);
  });

  it("bring the pairs and the control relations of their file", async () => {
    const lines = `prompt_templates: ["Another {} is"]\npairs: [[a, b]]\ncontrol_relations: [c.relation.yaml]`;
    const files = { "ask.txt": template, "words/b.relation.yaml": relationText(lines) };
    const { relation, folder } = await source(files, { kind: "file", file: "words/b.relation.yaml" });
    expect(relation?.pairs).toEqual([{ from: "a", to: "b" }]);
    expect(relation?.controlRelations).toEqual([join(folder, "words", "c.relation.yaml")]);
  });
});

describe("subjects that are chosen", () => {
  const beside = { "ask.txt": template, "ask.relation.yaml": relationText('prompt_templates: ["Another {} is"]') };

  it("come from the built-in collection", async () => {
    const found = await source(beside, { kind: "collection", name: "plural" });
    expect(found.relation?.templates).toEqual([template]);
    expect(found.relation?.samples.length).toBeGreaterThanOrEqual(20);
    expect(found.subjects).toBe("collection/plural");
    // What is wrong with them is no fault of a file that the person could mend.
    expect(found.samplePositions).toEqual([]);
    expect(found.samplesFile).toBe(found.file);
  });

  it("may not be a name that the collection does not have", async () => {
    const { problems } = await source(beside, { kind: "collection", name: "plurall" });
    expect(problems[0]).toMatchObject({ code: "subjects-not-in-collection", remedy: "Did you mean plural?" });
  });

  it("are typed; of a subject that is there twice the first counts", async () => {
    const samples = [{ subject: "a", object: "b" }, { subject: "c" }, { subject: "a", object: "d" }];
    const found = await source(beside, { kind: "samples", samples });
    expect(found.relation?.samples).toEqual(samples.slice(0, 2));
    expect(found.subjects).toBe("typed");
    expect(found.problems).toMatchObject([{ code: "subjects-few", severity: "warning" }]);
  });

  it("come from another file, or have its problems", async () => {
    const files = { "ask.txt": template, "b.relation.yaml": relationText('prompt_templates: ["Another {} is"]') };
    expect(subjectsOf(await source(files, { kind: "file", file: "b.relation.yaml" }))).toEqual(countries);
    const none = await source(files, { kind: "file", file: "none.relation.yaml" });
    expect(none.problems).toMatchObject([{ code: "relation-file-missing" }]);
    const empty = await source({ ...files, "c.txt": "Only {}" }, { kind: "file", file: "c.txt" });
    expect(empty.problems).toMatchObject([{ code: "subjects-file-empty" }]);
  });

  it("replace those of a relation file", async () => {
    const file = { "a.relation.yaml": relationText(`prompt_templates: ["${template}"]`) };
    const found = await source(file, { kind: "samples", samples: [{ subject: "x" }] });
    expect(subjectsOf(found)).toEqual(["x"]);
  });
});

describe("a list of pairs", () => {
  const pairs = "France\tParis\nItaly\tRome\nSpain\tMadrid\n";

  it.each([
    ["a prompt of the same base name", { "words.txt": "Where {} is:" }, "Where {} is:"],
    [
      "a relation file of the same base name",
      { "words.relation.yaml": relationText('prompt_templates: ["In {} it is"]') },
      "In {} it is",
    ],
  ])("is asked by %s", async (_, files, asked) => {
    const found = await source({ "words.tsv": pairs, ...files });
    expect(found.relation?.templates).toEqual([asked]);
    expect(subjectsOf(found)).toEqual(countries);
    expect(found.samplePositions[1]?.line).toBe(2);
  });

  it("is asked by the built-in relation of its name, or by a chosen one", async () => {
    const named = await source({ "capital.tsv": pairs });
    expect(named.relation?.templates).toContain(template);
    const chosen = await source({ "words.tsv": pairs }, { kind: "collection", name: "language" });
    expect(chosen.relation?.templates[0]).toMatch(/\{\}/);
    expect(subjectsOf(chosen)).toEqual(countries);
  });

  it("that nothing asks about says so", async () => {
    const { problems } = await source({ "words.tsv": pairs });
    expect(problems.at(-1)).toMatchObject({ code: "templates-missing", severity: "error" });
  });
});
