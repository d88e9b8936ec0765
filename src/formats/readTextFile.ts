import { isUtf8 } from "node:buffer";
import { open, stat } from "node:fs/promises";
import type { Position, Problem } from "../protocol/problem";

/** Relation files are kilobytes; the largest of the LRE data set has 0.1 MB. */
export const maximumBytes = 1_000_000;

/** What a file is meant to be; problems speak of it. */
export type TextFileKind = "relation" | "prompt";

export type TextOrProblem =
  { readonly text: string; readonly problem: null } | { readonly text: null; readonly problem: Problem };

/** Reads a text file in UTF-8; whatever else the path leads to is refused without reading it whole. */
export async function readTextFile(path: string, kind: TextFileKind = "relation"): Promise<TextOrProblem> {
  const refuse = (reason: string, message: string, remedy: string, position?: Position): TextOrProblem => ({
    text: null,
    problem: {
      kind: "input",
      code: `${kind}-file-${reason}`,
      severity: "error",
      message,
      remedy,
      file: path,
      ...(position && { position }),
    },
  });
  let bytes: Buffer;
  try {
    // Before opening: opening a pipe would wait for a writer.
    const found = await stat(path);
    if (found.isDirectory()) {
      return refuse("is-folder", "This is a folder.", `Name a ${kind} file, such as one inside it.`);
    }
    if (!found.isFile()) {
      return refuse("not-regular", "This is not a regular file.", `Save the ${kind} to a file and name that.`);
    }
    if (found.size > maximumBytes) return refuse("too-large", tooLarge(found.size, kind), tooLargeRemedy(kind));
    bytes = await readUpTo(path, maximumBytes + 1);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return refuse("missing", "There is no such file.", "Check the path; it counts from the current folder.");
    }
    if (code === "EACCES" || code === "EPERM") {
      return refuse("unreadable", "The file may not be read.", "Give yourself permission to read it.");
    }
    const reason = error instanceof Error ? error.message : String(error);
    return refuse("unreadable", `The file could not be read: ${reason}.`, "Check the path and the disk.");
  }
  if (bytes.length > maximumBytes) return refuse("too-large", tooLarge(bytes.length, kind), tooLargeRemedy(kind));
  const bad = firstBadByte(bytes);
  if (bad !== null) return refuse("binary", notText, notTextRemedy, bad);
  return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), problem: null };
}

export const notText = "The file has binary content or is not UTF-8.";
export const notTextRemedy = "Save it as text in UTF-8.";

export function tooLargeRemedy(kind: TextFileKind): string {
  return `Keep the samples that matter: a ${kind} file may have up to 1 MB.`;
}

export function tooLarge(size: number, kind: TextFileKind): string {
  return `The file is too large for a ${kind} file: ${(size / 1e6).toFixed(1)} MB.`;
}

async function readUpTo(path: string, limit: number): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const buffer = Buffer.alloc(limit);
    let length = 0;
    while (length < limit) {
      const { bytesRead } = await handle.read(buffer, length, limit - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

/** The first NUL or the first bytes that are not UTF-8. */
function firstBadByte(bytes: Buffer): Position | null {
  const zero = bytes.indexOf(0);
  if (zero < 0 && isUtf8(bytes)) return null;
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const content = bytes.subarray(start, end);
    if ((zero >= start && zero < end) || !isUtf8(content)) {
      const text = content.toString("utf8");
      const places = ["\0", "\ufffd"].map((mark) => text.indexOf(mark)).filter((at) => at >= 0);
      return { line, column: Math.min(...places) + 1 };
    }
    start = end + 1;
  }
  return { line: 1, column: 1 };
}
