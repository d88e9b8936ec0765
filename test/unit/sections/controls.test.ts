import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadControls } from "../../../src/engine/sections/controls";
import { conceptDirectionFigures } from "../../../src/engine/sections/conceptDirections";
import { linearModel, linearStudy, relationA, relationB } from "./linearModel";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "controls-"));
  const text = (templates: readonly string[]) =>
    stringify({ name: "B", prompt_templates: templates, samples: relationB.samples });
  await writeFile(join(folder, "b.relation.yaml"), text(["{} qb", "w1 {} qb"]));
  const pairs = [{ from: "s1", to: "b0" }];
  await writeFile(
    join(folder, "paired.relation.yaml"),
    stringify({ name: "P", prompt_templates: ["{} qb"], samples: relationB.samples, pairs }),
  );
  await writeFile(join(folder, "broken.relation.yaml"), "name: [");
});
afterAll(() => rm(folder, { recursive: true }));

async function load(controlRelations: readonly string[] | undefined, seed = 1) {
  const warnings: string[] = [];
  const controls = await loadControls(
    { ...relationA, ...(controlRelations && { controlRelations }) },
    join(folder, "a.relation.yaml"),
    linearModel(),
    { seed, signal: new AbortController().signal, warn: (code, _, where) => warnings.push(`${code} ${where}`) },
  );
  return { controls, warnings };
}

describe("control relations", () => {
  it("are up to twenty samples in the first template, with what the model says to them", async () => {
    const { controls, warnings } = await load(["b.relation.yaml"]);
    expect(warnings).toEqual([]);
    const [control] = controls;
    expect(control!.name).toBe("B");
    expect([control!.set.samples, control!.set.templates, control!.readouts.length]).toEqual([20, 1, 20]);
    expect(
      control!.set.prompts.every(({ tokens }) => tokens.text.endsWith(" qb") && !tokens.text.startsWith("w1")),
    ).toBe(true);
    expect(control!.readouts.every(({ rank }) => rank === 1)).toBe(true);
    const width = linearModel().description.vocabularySize;
    expect(control!.logits).toHaveLength(20 * width);
    const top = control!.readouts[3]!.top[0]!.id;
    const row = control!.logits.subarray(3 * width, 4 * width);
    expect(row.indexOf(Math.max(...row))).toBe(top);
  });

  it("are the same under the same seed, in the file's order", async () => {
    const subjects = async (seed: number) =>
      (await load(["b.relation.yaml"], seed)).controls[0]!.relation.samples.map(({ subject }) => subject);
    const drawn = await subjects(1);
    expect(await subjects(1)).toEqual(drawn);
    expect(await subjects(2)).not.toEqual(drawn);
    const places = drawn.map((subject) => relationB.samples.findIndex((sample) => sample.subject === subject));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it("have the word pairs of all their samples, or their own, for figures that need no prompt", async () => {
    const { controls } = await load(["b.relation.yaml", "paired.relation.yaml"]);
    expect(controls.map(({ relation }) => relation.samples.length)).toEqual([20, 20]);
    expect(controls[0]!.relation.pairs).toEqual(relationB.samples.map(({ subject, object }) => ({ from: subject, to: object }))); // prettier-ignore
    expect(controls[1]!.relation.pairs).toEqual([{ from: "s1", to: "b0" }]);
    const { study } = await linearStudy();
    expect(conceptDirectionFigures({ ...study, controls })!.n).toEqual([24, 24, 1]);
  });

  it("are left out with a warning where they cannot be read", async () => {
    const { controls, warnings } = await load(["missing.relation.yaml", "b.relation.yaml", "broken.relation.yaml"]);
    expect(controls.map(({ name }) => name)).toEqual(["B"]);
    expect(warnings).toEqual([
      "control-relation-left-out relation.control_relations[0]",
      "control-relation-left-out relation.control_relations[2]",
    ]);
    expect((await load(undefined)).controls).toEqual([]);
  });
});
