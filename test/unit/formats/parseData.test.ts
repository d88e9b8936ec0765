import { describe, expect, it } from "vitest";
import type { LocatedNode } from "../../../src/formats/locatedNode";
import { parseData } from "../../../src/formats/parseData";
import { parseJson } from "../../../src/formats/parseJson";
import { parseRelation } from "../../../src/formats/relationFile";

const yaml = `name: capital
prompt_templates: ["The capital of {} is"]
samples:
  - { subject: France, object: Paris }
`;
const json = '{ "name": "capital", "samples": [{ "subject": "France" }] }';

describe("parseData", () => {
  it("reads by the file's name, and the same text again without parsing it", () => {
    const first = parseData(yaml, "a.relation.yaml");
    expect(parseData(yaml, "b.yml")).toBe(first);
    expect(parseData(json, "a.relation.JSON")).toEqual(parseJson(json));
    const again = parseData(yaml, "a.relation.yaml");
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });

  it("does not take a text for the one before it in another language", () => {
    expect(parseData("name: x", "a.yaml").problems).toEqual([]);
    expect(parseData("name: x", "a.json").problems).toHaveLength(1);
    expect(parseData("name: x", "a.yaml").problems).toEqual([]);
  });

  it.each(["a.yaml", "a.json"])("gives values that nobody can change, in %s", (file) => {
    const { root } = parseData(file === "a.json" ? json : yaml, file);
    expect(unfrozen(root)).toEqual([]);
    const broken = parseData("a: [", file);
    expect(unfrozen(broken)).toEqual([]);
    expect(broken.problems.length).toBeGreaterThan(0);
  });

  it("gives each reader of a relation a relation of its own", () => {
    const { relation } = parseRelation(yaml, "a.relation.yaml");
    Object.assign(relation?.samples[0] ?? {}, { object: "Lyon" });
    expect(parseRelation(yaml, "a.relation.yaml").relation?.samples[0]?.object).toBe("Paris");
  });
});

/** The paths at which something could be written into a value. */
function unfrozen(value: LocatedNode | object | null, path = "$"): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, below]: [string, unknown]) =>
    typeof below === "object" && below !== null ? unfrozen(below, `${path}.${key}`) : [],
  );
  return Object.isFrozen(value) ? inside : [path, ...inside];
}
