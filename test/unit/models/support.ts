import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
import { ProblemError, type Problem } from "../../../src/protocol/problem";

const root = resolve(import.meta.dirname, "../../..");
export const graphs = join(root, "test/fixtures/graphs");

/** Models made by others, kept beside the repository; tests that need them are skipped where they are missing. */
export const others = process.env["RELATION_LENS_FIXTURES"] ?? resolve(root, "../shared");
export const hasOthers = existsSync(join(others, "models"));

export function floatsOf(path: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(path)).buffer);
}

export const inputIds = JSON.parse(readFileSync(join(graphs, "reference/input_ids.json"), "utf8")) as number[][];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Removed when the tests of the file end. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "relation-lens-"));
  folders.push(folder);
  return folder;
}

/** The one problem that an operation is refused with. */
export async function refusal(operation: () => unknown): Promise<Problem> {
  try {
    await operation();
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0]!;
    throw error;
  }
  throw new Error("expected a refusal");
}

/** max |a − b|. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference;
    if (Number.isNaN(difference)) return Infinity;
  }
  return largest;
}

/** ‖a − b‖ / ‖b‖. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}
