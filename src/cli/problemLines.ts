import { isAbsolute, relative, resolve } from "node:path";
import type { Problem } from "../protocol/problem";
import { exitStatus, type ExitStatus, type Io } from "./io";
import { style } from "./style";

const shownProblems = 20;

/** Prints problems in the form that terminals make links of: `file:line:column: error: message remedy`. */
export async function printProblems(problems: readonly Problem[], io: Io): Promise<void> {
  const { bold, error, warning } = style(io.err.colour);
  const lines = problems.slice(0, shownProblems).map((problem) => {
    const place = problem.file === undefined ? "" : `${bold(placeOf(problem.file, problem, io.cwd))}: `;
    const severity = problem.severity === "error" ? error("error") : warning("warning");
    return `${place}${severity}: ${problem.message} ${problem.remedy} [${problem.code}]\n`;
  });
  const hidden = problems.length - shownProblems;
  if (hidden > 0) lines.push(`… and ${hidden} more of the kind.\n`);
  await io.err.write(lines.join(""));
}

function placeOf(file: string, { position }: Problem, cwd: string): string {
  const path = shortPath(file, cwd);
  return position === undefined ? path : `${path}:${position.line}:${position.column}`;
}

/** Relative to the current folder where it is inside. */
export function shortPath(file: string, cwd: string): string {
  const path = relative(cwd, resolve(cwd, file));
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}

/** The status that the first error asks for. */
export function statusOf(problems: readonly Problem[]): ExitStatus {
  const first = problems.find(({ severity }) => severity === "error");
  return first === undefined ? exitStatus.done : exitStatus[first.kind];
}
