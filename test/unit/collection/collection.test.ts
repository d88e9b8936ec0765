import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseRelation } from "../../../src/formats/relationFile";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "relations");
const files = readdirSync(folder).filter((name) => name.endsWith(".relation.yaml"));
const kinds = ["linguistic", "factual", "commonsense"];

const read = (file: string) => parseRelation(readFileSync(join(folder, file), "utf8"), file);

const relations = files.map((file) => {
  const { relation, problems } = read(file);
  return { file, relation, problems };
});

describe("the built-in collection", () => {
  it("has at least 25 relations, of every kind at least eight", () => {
    expect(files.length).toBeGreaterThanOrEqual(25);
    const counts = kinds.map(
      (kind) => relations.filter(({ relation }) => relation?.properties?.["kind"] === kind).length,
    );
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(files.length);
  });

  it("calls every relation as its file, so that names are unique", () => {
    expect(relations.map(({ relation }) => `${relation?.name}.relation.yaml`)).toEqual(files);
  });

  it("is packed into the extension", () => {
    expect(readFileSync(join(root, ".vscodeignore"), "utf8").split("\n")).toContain("!relations/**");
  });

  describe.each(relations)("$file", ({ relation, problems }) => {
    const samples = relation?.samples ?? [];
    const objects = samples.map(({ object }) => object ?? "");

    it("loads without a problem or a warning", () => {
      expect(problems).toEqual([]);
    });

    it("has 20 to 40 pairs and 2 or 3 templates", () => {
      expect(samples.length).toBeGreaterThanOrEqual(20);
      expect(samples.length).toBeLessThanOrEqual(40);
      expect(relation?.templates.length).toBeGreaterThanOrEqual(2);
      expect(relation?.templates.length).toBeLessThanOrEqual(3);
    });

    it("names no subject twice, in any case, and gives each an object other than itself", () => {
      expect(new Set(samples.map(({ subject }) => subject.toLowerCase())).size).toBe(samples.length);
      expect(samples.filter(({ subject, object }) => object === undefined || object === subject)).toEqual([]);
    });

    it("has objects that differ in their first word and case", () => {
      const distinct = [...new Set(objects)];
      expect(distinct.length).toBeGreaterThanOrEqual(5);
      const firstWords = distinct.map((object) => object.split(" ")[0]?.toLowerCase());
      expect(new Set(firstWords).size).toBe(distinct.length);
    });

    it("ends its templates where a word may follow", () => {
      for (const template of relation?.templates ?? []) expect(template).toMatch(/[\p{L}}:]$/u);
    });
  });
});

describe("the collection's table of contents", () => {
  const page = readFileSync(join(folder, "README.md"), "utf8");
  const rows = page.split("\n").flatMap((line) => {
    const found = /^\| \[(.+?)\]\((.+?)\) +\| (.+?) → (.+?) +\| +(\d+) \| +(\d+) \| (.+?) → (.+?) +\|$/.exec(line);
    return found === null ? [] : [found.slice(1)];
  });

  it("lists every file and no other", () => {
    expect(rows.map(([, file]) => file).sort()).toEqual(files);
  });

  it("has the figures of the files", () => {
    const listed = relations.map(({ file, relation }) => {
      const samples = relation?.samples ?? [];
      const { domain_name: domain, range_name: range } = relation?.properties ?? {};
      const [first] = samples;
      const answers = new Set(samples.map(({ object }) => object)).size;
      return [relation?.name, file, domain, range, `${samples.length}`, `${answers}`, first?.subject, first?.object];
    });
    expect(rows.sort(([, a = ""], [, b = ""]) => (a < b ? -1 : 1))).toEqual(listed);
  });
});
