import { execFileSync } from "node:child_process";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRelationFile } from "../../../src/formats/relationFile";

const good =
  'prompt_templates:\n  - "The café {} is"\nsamples:\n  - { subject: a }\n  - { subject: b }\n  - { subject: c }\n';
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "relation-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("readRelationFile", () => {
  it("reads a file in UTF-8", async () => {
    const path = await written("good.relation.yaml", good);
    const { relation, problems } = await readRelationFile(path);
    expect(problems).toEqual([]);
    expect(relation).toMatchObject({ name: "good", templates: ["The café {} is"] });
  });

  it("refuses 50 MB without reading it", async () => {
    const path = await written("large.relation.yaml", good);
    await truncate(path, 50_000_000);
    const before = process.memoryUsage().arrayBuffers;
    const { relation, problems } = await readRelationFile(path);
    expect(relation).toBeNull();
    expect(problems).toMatchObject([{ code: "relation-file-too-large", severity: "error", file: path }]);
    expect(problems[0]!.message).toContain("50.0 MB");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  });

  it.each([
    ["NUL bytes", Buffer.from("name: x\nabc\0d\n"), 2, 4],
    [
      "bytes that are not UTF-8",
      Buffer.concat([Buffer.from("name: x\nsamples:\n  - é"), Buffer.from([0xff, 0x41, 10])]),
      3,
      6,
    ],
    ["UTF-16", Buffer.from("\ufeffname: x\n", "utf16le"), 1, 1],
    ["a Latin-1 letter", Buffer.from("caf\xe9 {}\n", "latin1"), 1, 4],
  ])("refuses %s and says where", async (_, bytes, line, column) => {
    const path = await written("binary.relation.yaml", bytes);
    const { relation, problems } = await readRelationFile(path);
    expect(relation).toBeNull();
    expect(problems).toMatchObject([{ code: "relation-file-binary", file: path, position: { line, column } }]);
    expect(problems[0]!.remedy).toContain("UTF-8");
  });

  it("refuses a missing file, a folder and a pipe", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const codes = [];
    for (const path of [join(folder, "nowhere.yaml"), folder, pipe]) {
      const { relation, problems } = await readRelationFile(path);
      expect(relation).toBeNull();
      expect(problems[0]!.file).toBe(path);
      expect(problems[0]!.remedy).not.toBe("");
      codes.push(problems[0]!.code);
    }
    expect(codes).toEqual(["relation-file-missing", "relation-file-is-folder", "relation-file-not-regular"]);
  });
});
