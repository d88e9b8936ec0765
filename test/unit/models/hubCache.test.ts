import type * as promises from "node:fs/promises";
import { lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { CachedRepository } from "../../../src/engine/models/hubCache";
import { commit } from "./hubServer";
import { newFolder } from "./support";

const refused = vi.hoisted(() => new Set<string>());

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof promises>();
  const unless = <T extends (...given: never[]) => Promise<void>>(name: string, call: T) =>
    ((...given: Parameters<T>) =>
      refused.has(name) ? Promise.reject(new Error("EPERM")) : call(...given)) as unknown as T;
  return { ...real, symlink: unless("symlink", real.symlink), link: unless("link", real.link) };
});

it.each([
  ["a symbolic link", [], true, 1],
  ["a hard link where those cannot be made", ["symlink"], false, 2],
  ["a copy where neither can be", ["symlink", "link"], false, 1],
])("shows a blob as %s", async (_, cannot, symbolic, names) => {
  refused.clear();
  for (const name of cannot) refused.add(name);
  const repository = new CachedRepository(newFolder(), "owner/name");
  mkdirSync(repository.blobs, { recursive: true });
  const blob = join(repository.blobs, "b");
  writeFileSync(blob, "bytes");
  for (let time = 0; time < 2; time++) await repository.show(blob, commit, "onnx/model.onnx");
  const file = join(repository.snapshot(commit), "onnx/model.onnx");
  expect(readFileSync(file, "utf8")).toBe("bytes");
  expect(lstatSync(file).isSymbolicLink()).toBe(symbolic);
  expect(statSync(blob).nlink).toBe(names);
});

it("finds a commit through a ref, and nothing where the ref is no commit", async () => {
  const repository = new CachedRepository(newFolder(), "owner/name");
  expect(repository.cached("main")).toBeNull();
  await repository.writeRef("refs/pr/1", commit);
  expect(repository.cached("refs/pr/1")).toBeNull();
  mkdirSync(repository.snapshot(commit), { recursive: true });
  expect(repository.cached("refs/pr/1")).toBe(repository.snapshot(commit));
  expect(repository.cached(commit)).toBe(repository.snapshot(commit));
  await repository.writeRef("main", "../../etc");
  expect(repository.cached("main")).toBeNull();
});
