import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { ignoredKeys, maximumSamples, maximumTemplates, relationKeys } from "../../../src/formats/relationSchema";
import { parseRelation } from "../../../src/formats/relationFile";
import schema from "../../../schemas/relation.schema.json";

const judge = new Ajv({ strict: false }).compile(schema);
const prompt_templates = ["The superlative of {} is"];
const samples = [{ subject: "easy", object: "easiest" }];
const base = { prompt_templates, samples };
const many = (n: number, make: (i: number) => unknown) => Array.from({ length: n }, (_, i) => make(i));

const documents: [unknown, boolean][] = [
  [base, true],
  [{ ...base, name: "x", model: "m", expect: { a: ">= 1" }, control_relations: ["a"], properties: { a: [1] } }, true],
  [{ ...base, name: 3 }, true],
  [{ ...base, name: "" }, false],
  [{ ...base, name: [] }, false],
  [{ ...base, prompt_templates_zs: 3, unknown: 4 }, true],
  [{ ...base, name: null, model: null, pairs: null, expect: null, control_relations: null, properties: null }, true],
  [{ samples }, false],
  [{ prompt_templates }, false],
  [{ samples, template: "capital.prompt.md" }, true],
  [{ ...base, template: "capital.prompt.md" }, true],
  [{ samples, template: null }, false],
  [{ samples, template: ["a.txt"] }, false],
  [{ prompt_templates: [], samples, template: "a.txt" }, false],
  [{ ...base, prompt_templates: [] }, false],
  [{ ...base, prompt_templates: null }, false],
  [{ ...base, prompt_templates: "a {}" }, false],
  [{ ...base, prompt_templates: ["a"] }, false],
  [{ ...base, prompt_templates: [""] }, false],
  [{ ...base, prompt_templates: ["{} {}"] }, false],
  [{ ...base, prompt_templates: ["{}\n{}"] }, false],
  [{ ...base, prompt_templates: ["a\n{}\nb {c} {"] }, true],
  [{ ...base, prompt_templates: ["{{}}"] }, true],
  [{ ...base, prompt_templates: [3] }, false],
  [{ ...base, prompt_templates: many(maximumTemplates, (i) => `${String(i)} {}`) }, true],
  [{ ...base, prompt_templates: many(maximumTemplates + 1, (i) => `${String(i)} {}`) }, false],
  [{ ...base, samples: [] }, false],
  [{ ...base, samples: null }, false],
  [{ ...base, samples: {} }, false],
  [{ ...base, samples: ["easy"] }, false],
  [{ ...base, samples: [["easy", "easiest"]] }, false],
  [{ ...base, samples: [{ object: "a" }] }, false],
  [{ ...base, samples: [{ subject: 1990, object: true, label: 1.5 }] }, true],
  [{ ...base, samples: [{ subject: null }] }, false],
  [{ ...base, samples: [{ subject: "" }] }, false],
  [{ ...base, samples: [{ subject: " \t" }] }, false],
  [{ ...base, samples: [{ subject: "a", object: null }] }, false],
  [{ ...base, samples: [{ subject: "a", object: "" }] }, false],
  [{ ...base, samples: [{ subject: "a", label: [] }] }, false],
  [{ ...base, samples: [{ subject: "a", more: {} }] }, true],
  [{ ...base, samples: many(maximumSamples, (i) => ({ subject: `s${String(i)}` })) }, true],
  [{ ...base, samples: many(maximumSamples + 1, (i) => ({ subject: `s${String(i)}` })) }, false],
  [{ ...base, pairs: [] }, true],
  [{ ...base, pairs: [["a", "b"], { from: 1, to: "c" }] }, true],
  [{ ...base, pairs: [["a"]] }, false],
  [{ ...base, pairs: [["a", "b", "c"]] }, false],
  [{ ...base, pairs: [{ from: "a" }] }, false],
  [{ ...base, pairs: [{ from: "a", to: "" }] }, false],
  [{ ...base, pairs: "ab" }, false],
  [{ ...base, expect: { a: 1, b: true } }, true],
  [{ ...base, expect: { a: [1] } }, false],
  [{ ...base, expect: ["a"] }, false],
  [{ ...base, control_relations: [1] }, false],
  [{ ...base, control_relations: "a" }, false],
  [{ ...base, properties: 3 }, false],
  [{ ...base, properties: [] }, false],
  [{ ...base, model: 3 }, false],
  [[base], false],
  ["text", false],
  [3, false],
];

describe("the JSON Schema and the reader agree", () => {
  it.each(documents.map(([document, good]) => [JSON.stringify(document).slice(0, 110), document, good] as const))(
    "on %s",
    (_, document, good) => {
      const { relation, problems } = parseRelation(JSON.stringify(document), "x.relation.json");
      expect({ reader: relation !== null, schema: judge(document) }, JSON.stringify(problems)).toEqual({
        reader: good,
        schema: good,
      });
    },
  );

  it("on the names of keys", () => {
    const described = Object.keys(schema.properties).filter((key) => !ignoredKeys.includes(key));
    expect(described.toSorted()).toEqual(relationKeys.toSorted());
  });
});
