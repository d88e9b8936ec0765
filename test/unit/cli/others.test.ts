import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze, describe as describeModel } from "../../../src/engine/engine";
import type { ModelDescription } from "../../../src/protocol/engine";
import type { Report } from "../../../src/protocol/report";
import { hasOthers, newFolder, others } from "../models/support";
import { run, type Ran } from "./support";

const engine = { analyze, describe: describeModel };
const at = (name: string) => join(others, name);

interface Relation {
  readonly templates: readonly string[];
  readonly pairs: readonly (readonly [subject: string, object: string])[];
}

/** The file of a relation in a folder of its own. */
function write({ templates, pairs }: Relation): string {
  const file = join(newFolder(), "words.relation.json");
  const samples = pairs.map(([subject, object]) => ({ subject, object }));
  writeFileSync(file, JSON.stringify({ name: "words", prompt_templates: templates, samples }));
  return file;
}

const words = (text: string) => text.split(" ").map((pair) => pair.split("/") as [string, string]);

/** Words that the tokeniser of the stories has as single tokens. */
const past: Relation = {
  templates: ["Every day they {}. Yesterday they", "The children like to {}. Last night they"],
  pairs: words("walk/walked play/played look/looked jump/jumped ask/asked want/wanted help/helped call/called"),
};

const few: Relation = {
  templates: ["One day the {} and the"],
  pairs: words("he/his she/her big/little day/time up/on was/had you/we they/there"),
};

/** Of tokens below 1,000. */
const frequent: Relation = {
  templates: ["The {} of this is", "In the {} that"],
  pairs: words("year/years use/used man/people he/his they/their you/your is/was has/had do/did say/said"),
};

const models = [
  { model: "models/stories260K", relation: few, layers: 5, hiddenSize: 64, bos: "auto" },
  { model: "models/ple-c3M-s0", relation: past, layers: 6, hiddenSize: 128, bos: "always" },
  { model: "models/ple-D96-s0", relation: past, layers: 6, hiddenSize: 96, bos: "always" },
  { model: "models/lstm-c3M-s0", relation: past, layers: 0, hiddenSize: 128, bos: "always" },
  { model: "exports/genai-tiny-random-gpt2-fp32", relation: frequent, layers: 5, hiddenSize: 32, bos: "auto" },
];

const analyzeWith = (model: string, relation: string, ...options: string[]): Promise<Ran> =>
  run(["analyze", relation, "--model", at(model), "--twins", "0", "--out", "-", ...options], { engine });

describe.skipIf(!hasOthers)("the command line on models made by others", () => {
  it.each(models)("describes $model", async ({ model, layers, hiddenSize }) => {
    const { status, out, err } = await run(["model", at(model), "--json"], { engine });
    expect({ status, err }).toEqual({ status: 0, err: "" });
    const { checks, ...found } = JSON.parse(out) as ModelDescription;
    expect(found).toMatchObject({ layers, hiddenSize, hasTokenizer: true });
    expect(checks.length).toBeGreaterThan(1);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it.each(models)("analyses a relation with $model", async ({ model, relation, layers, hiddenSize, bos }) => {
    const file = write(relation);
    const options = ["--only", "parallelism,linearity", "--layers", "last", "--bos", bos];
    const { status, out, err } = await analyzeWith(model, file, ...options);
    expect(status, err).toBe(0);
    const report = JSON.parse(out) as Report;
    expect(report.model).toMatchObject({ layers, hiddenSize });
    expect(report.prompts.length).toBe(relation.templates.length * relation.pairs.length);
    for (const { logProbability, rank } of report.prompts) {
      expect(logProbability).toBeLessThan(0);
      expect(rank).toBeLessThanOrEqual(report.model.vocabularySize);
    }
    const fitted = report.linearity.filter(
      ({ estimator, layer, template }) => estimator === "leastSquares" && layer === "final" && template !== "*",
    );
    expect(fitted.map(({ template }) => template)).toEqual(relation.templates);
    for (const { faithfulness, n } of fitted) {
      expect(n).toBe(relation.pairs.length);
      expect(faithfulness).toBeGreaterThanOrEqual(0);
      expect(faithfulness).toBeLessThanOrEqual(1);
    }
    const pairs = report.parallelism?.pairs.length ?? 0;
    if (relation === few) expect(pairs).toBeGreaterThan(1);
    else expect(pairs).toBe(relation.pairs.length);
    expect(report.parallelism?.causal?.mean).toBeGreaterThan(-1);
  });

  it("does every analysis where the tokeniser has more tokens than the model", async () => {
    const { status, out, err } = await analyzeWith(models[4]!.model, write(frequent), "--layers", "last");
    expect(status, err).toBe(0);
    const { warnings } = JSON.parse(out) as Report;
    expect(warnings.map(({ code }) => code)).toContain("context-with-unknown-tokens");
  });

  it("says which words the model does not know, where they are", async () => {
    const [known, ...rest] = frequent.pairs;
    const file = write({ templates: frequent.templates, pairs: [known!, ["biggest", "man"], ...rest] });
    const { status, out, err } = await analyzeWith(models[4]!.model, file);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    const lines = err.split("\n").filter((line) => line.includes(" error: "));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/words\.relation\.json:1:\d+: error: The sample “biggest → man” has tokens/);
    expect(lines[0]).toContain("“biggest”. Its tokeniser has 50295 tokens, but the model 1000.");
  });

  it("says which template the model does not know", async () => {
    const file = write({ ...frequent, templates: ["The superlative of {} is", frequent.templates[0]!] });
    const { status, err } = await analyzeWith(models[4]!.model, file);
    expect(status).toBe(2);
    expect(err.match(/ error: /g)).toHaveLength(1);
    expect(err).toContain("The template “The superlative of {} is” has tokens that the model does not know: “super”.");
  });

  it.each([
    ["no-nodes", "has no nodes"],
    ["beam-search-subgraph", "packed inside a BeamSearch node"],
    ["no-output-projection", "has no output projection"],
  ])("refuses %s with status 3 and the reason", async (name, words) => {
    const model = at(`exports/refuse/${name}.onnx`);
    const relation = write(past);
    for (const argv of [
      ["model", model],
      ["analyze", relation, "--model", model],
    ]) {
      const { status, out, err } = await run(argv, { engine });
      expect({ status, out }).toEqual({ status: 3, out: "" });
      const [line, ...more] = err.split("\n").filter((text) => text.includes("error: "));
      expect(more).toEqual([]);
      expect(line).toContain(`${name}.onnx: error: The `);
      expect(line).toContain(words);
      expect(line).toMatch(/\. [A-Z].*\. \[model-[a-z-]+\]$/);
      expect(err).not.toMatch(/^\s+at /m);
    }
  });
});
