import { count } from "../figureColumns";
import type { Io } from "../io";
import { shortPath } from "../problemLines";
import { style, wrap } from "../style";
import type { TestedFile } from "./testFile";

const width = 100;

/** A line for each expectation, with its place, what is expected and what was found; of failures, why. */
export function renderTested(tested: TestedFile, io: Io): string {
  const { bold, dim, error } = style(io.out.colour);
  const file = shortPath(tested.file, io.cwd);
  const head = `${file} · ${tested.model ?? ""} · seed ${tested.seed} · ${tested.seconds.toFixed(1)} s`;
  const lines = tested.expectations.flatMap(({ path, expected, found, ok, message, position }) => {
    const place = `${file}:${position.line}:${position.column}`;
    const result = `${path}: expected ${expected}, found ${found ?? "nothing"}`;
    return ok
      ? [`${dim(`${place}:`)} holds: ${result}`]
      : [`${bold(`${place}:`)} ${error("fails")}: ${result}`, ...wrap(message ?? "", width - 4).map((line) => `    ${line}`)]; // prettier-ignore
  });
  return `${[bold(head), ...lines, ""].join("\n")}\n`;
}

/** The last line of a run. */
export function renderTotal(files: readonly TestedFile[], seconds: number): string {
  const all = files.flatMap(({ expectations }) => expectations);
  const failed = all.filter(({ ok }) => !ok).length;
  const untested = files.filter(({ model }) => model === null).length;
  const parts = [
    `${count(all.length, "expectation")} in ${count(files.length - untested, "file")}`,
    failed === 0 ? "all hold" : `${all.length - failed} hold, ${failed} fail`,
    ...(untested === 0 ? [] : [`${count(untested, "file")} could not be tested`]),
    `${seconds.toFixed(1)} s`,
  ];
  return `${parts.filter((part) => all.length > 0 || part !== "all hold").join(" · ")}\n`;
}
