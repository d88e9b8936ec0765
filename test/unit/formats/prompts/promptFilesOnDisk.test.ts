import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { promptFormats } from "../../../../src/formats/prompts/promptFile";
import { readPromptFile } from "../../../../src/formats/prompts/readPromptFile";
import { readTextFile } from "../../../../src/formats/readTextFile";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prompt-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a prompt file on disk", () => {
  it("is read in UTF-8", async () => {
    const path = join(folder, "café.txt");
    await writeFile(path, "The café {} is\n");
    const { text } = await readTextFile(path, "prompt");
    const { prompt, problems } = readPromptFile(text ?? "", path);
    expect(problems).toEqual([]);
    expect(prompt).toMatchObject({ name: "café", templates: [{ text: "The café {} is" }] });
  });

  it("that cannot be read is a problem of a prompt file", async () => {
    const large = join(folder, "large.md");
    await writeFile(large, "{}");
    await truncate(large, 50_000_000);
    const latin = join(folder, "latin.txt");
    await writeFile(latin, Buffer.from("a\ncaf\xe9 {}", "latin1"));
    const codes = [];
    for (const path of [join(folder, "nowhere.txt"), folder, large, latin]) {
      const { text, problem } = await readTextFile(path, "prompt");
      expect(text).toBeNull();
      expect(problem).toMatchObject({ severity: "error", file: path, kind: "input" });
      expect(`${problem!.message} ${problem!.remedy}`).not.toContain("relation");
      codes.push(problem!.code);
    }
    expect(codes).toEqual([
      "prompt-file-missing",
      "prompt-file-is-folder",
      "prompt-file-too-large",
      "prompt-file-binary",
    ]);
  });
});

describe("the samples of prompt files", () => {
  const samples = join(import.meta.dirname, "../../../../samples/prompts");

  it("are of every format, and without a problem", async () => {
    const formats = new Set<string>();
    for (const name of await readdir(samples)) {
      if (/\.relation\./.test(name)) continue;
      const { prompt, problems } = readPromptFile(await readFile(join(samples, name), "utf8"), name);
      expect(problems, name).toEqual([]);
      expect(prompt, name).not.toBeNull();
      formats.add(prompt!.format);
    }
    expect([...formats].sort()).toEqual([...promptFormats].sort());
  });
});
