import { readFile, rm, writeFile } from "node:fs/promises";
import { hubProblem } from "./hubProblems";

const held = new Set<string>();

/**
 * Runs work that no other program, nor another run in this one, may do at the same time. The file holds the process
 * id of its owner; one whose owner is gone is taken over.
 * @throws ProblemError where another is at it
 */
export async function withLock<T>(file: string, what: string, work: () => Promise<T>): Promise<T> {
  const busy = () =>
    hubProblem(
      "hub-busy",
      `Another window or program is downloading ${what}.`,
      "Wait until it is done, then try again.",
    );
  if (held.has(file)) throw busy();
  held.add(file);
  try {
    if (!(await claim(file))) {
      if (await hasOwner(file)) throw busy();
      await rm(file, { force: true });
      if (!(await claim(file))) throw busy();
    }
    try {
      return await work();
    } finally {
      await rm(file, { force: true });
    }
  } finally {
    held.delete(file);
  }
}

async function claim(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function hasOwner(file: string): Promise<boolean> {
  const owner = Number(await readFile(file, "utf8").catch(() => ""));
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid) return false;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
