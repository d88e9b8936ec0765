import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Subjects } from "../protocol/engine";

/** A file where there is one, or what reads like a path; else the name of a built-in relation. */
export function readSubjects(text: string, cwd: string): Subjects {
  const file = resolve(cwd, text);
  const isPath = /[\\/]|\.\w+$/.test(text);
  return isPath || existsSync(file) ? { kind: "file", file } : { kind: "collection", name: text };
}
