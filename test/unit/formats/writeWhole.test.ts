import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeWhole } from "../../../src/formats/writeWhole";

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "write-whole-"))));
afterEach(() => rm(folder, { recursive: true }));

async function* pieces(fail = false): AsyncGenerator<string | Uint8Array> {
  yield "größte";
  await Promise.resolve();
  yield Buffer.from(" ↵");
  if (fail) throw new Error("no more");
}

describe("a file that is written whole", () => {
  it("is all pieces, in order, and nothing is left beside it", async () => {
    await writeWhole(at("a"), pieces());
    await writeWhole(at("b"), ["b"]);
    expect(await readFile(at("a"), "utf8")).toBe("größte ↵");
    expect(await readFile(at("b"), "utf8")).toBe("b");
    expect(await readdir(folder)).toEqual(["a", "b"]);
  });

  it("is as it was where the pieces end early", async () => {
    await writeFile(at("a"), "before");
    await expect(writeWhole(at("a"), pieces(true))).rejects.toThrow("no more");
    expect(await readFile(at("a"), "utf8")).toBe("before");
    expect(await readdir(folder)).toEqual(["a"]);
  });

  it("keeps its mode, and a link stays a link", async () => {
    await writeFile(at("a"), "before", { mode: 0o600 });
    await symlink("a", at("link"));
    await writeWhole(at("link"), pieces());
    expect(await readFile(at("a"), "utf8")).toBe("größte ↵");
    expect((await stat(at("a"))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["a", "link"]);
  });

  it("may be a device", async () => {
    await writeWhole("/dev/null", pieces());
    expect((await stat("/dev/null")).isFile()).toBe(false);
  });

  it("is not there where its folder is not", async () => {
    await expect(writeWhole(at("none/a"), pieces())).rejects.toThrow("ENOENT");
  });
});
