import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyze } from "../../../src/engine/engine";
import { withinReach } from "../../../src/engine/reach";
import { restrict } from "../../../src/engine/restrict";
import type { Relation } from "../../../src/protocol/relation";

const text =
  'name: a\nprompt_templates: ["{} is"]\nmodel: ../other\ncontrol_relations: [b.relation.yaml]\nsamples: []\n';

let parent: string;
let folder: string;
beforeAll(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), "relation-lens-")));
  folder = join(parent, "folder");
  await mkdir(join(folder, "inner"), { recursive: true });
  await writeFile(join(folder, "b.relation.yaml"), "");
  await writeFile(join(parent, "secret.relation.yaml"), "");
  await symlink(join(parent, "secret.relation.yaml"), join(folder, "link.relation.yaml"));
});
afterAll(() => rm(parent, { recursive: true }));

const relation = (more: Partial<Relation>): Relation => ({ name: "a", templates: ["{} is"], samples: [], ...more });
const source = () => ({ file: join(folder, "inner", "a.relation.yaml"), text });

const restricted = (wanted: Relation, written = text) =>
  withinReach([folder], () => restrict(wanted, { ...source(), text: written }));

describe("a relation file that is not trusted", () => {
  it("keeps everything where the workspace is trusted", async () => {
    const trusted = relation({ model: "../other", controlRelations: ["/elsewhere/b.relation.yaml"] });
    expect(await withinReach(null, () => restrict(trusted, source()))).toEqual({ relation: trusted, problems: [] });
  });

  it("chooses no model, and says so at its line", async () => {
    const { relation: left, problems } = await restricted(relation({ model: "../other" }));
    expect(left).toEqual(relation({}));
    expect(problems).toMatchObject([
      { code: "model-not-trusted", severity: "warning", position: { line: 3, column: 1, endLine: 3 } },
    ]);
  });

  it("finds the line in JSON", async () => {
    const json = '{\n  "name": "a",\n  "model": "other"\n}';
    const { problems } = await restricted(relation({ model: "other" }), json);
    expect(problems).toMatchObject([{ position: { line: 3, column: 4 } }]);
  });

  it.each([
    ["../b.relation.yaml", true],
    ["c.relation.yaml", true],
    ["../../secret.relation.yaml", false],
    ["../link.relation.yaml", false],
    ["/etc/hosts", false],
    ["..", false],
  ])("names the file %s: %s", async (path, allowed) => {
    const { relation: left, problems } = await restricted(relation({ controlRelations: [path] }));
    expect(left.controlRelations).toEqual(allowed ? [path] : []);
    expect(problems.map(({ code }) => code)).toEqual(allowed ? [] : ["control-relation-not-trusted"]);
  });

  it("is analysed with the built-in model, whatever it asks for", async () => {
    const file = join(folder, "asks.relation.yaml");
    await writeFile(
      file,
      'name: asks\nprompt_templates: ["The superlative of {} is"]\nmodel: ./exports/evil\nsamples:\n' +
        ["easy", "lucky", "happy", "busy"]
          .map((word) => `  - { subject: ${word}, object: ${word.slice(0, -1)}iest }`)
          .join("\n"),
    );
    const settings = { model: null, seed: 0, only: [], layers: "last", bos: "auto", twins: 0 } as const;
    const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
    const outcome = await analyze({ file, settings, restrictedTo: [folder] }, hooks);
    expect(outcome.ok && outcome.value.model.id).toBe("embedded-small");
    expect(outcome.problems.map(({ code }) => code)).toContain("model-not-trusted");
    const trusted = await analyze({ file, settings }, hooks);
    expect(trusted.ok).toBe(false);
  });

  it("takes no templates from a file out of reach", async () => {
    const words = ["easy", "lucky", "happy", "busy"]
      .map((word) => `  - { subject: ${word}, object: ${word.slice(0, -1)}iest }`)
      .join("\n");
    await writeFile(join(parent, "secret.prompt"), "The superlative of {{word}} is");
    const file = join(folder, "reads.relation.yaml");
    await writeFile(file, `name: reads\ntemplate: ../secret.prompt\nsamples:\n${words}`);
    const settings = { model: null, seed: 0, only: [], layers: "last", bos: "auto", twins: 0 } as const;
    const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
    const outcome = await analyze({ file, settings, restrictedTo: [] }, hooks);
    expect(outcome.ok).toBe(false);
    expect(outcome.problems.map(({ code }) => code)).toEqual(["template-not-trusted"]);
    const trusted = await analyze({ file, settings }, hooks);
    expect(trusted.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
