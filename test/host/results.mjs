import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../../scripts/paths.mjs";

const file = join(cache, "test-results", "host.json");

export const forgetResults = () => rm(file, { force: true });

/** Adds tests and measurements of the runner itself. */
export async function addResults({ tests, measurements }) {
  const written = JSON.parse(await readFile(file, "utf8"));
  const all = {
    tests: [...written.tests, ...tests],
    measurements: [...written.measurements, ...measurements],
  };
  await writeFile(file, JSON.stringify(all, null, 2));
}

/** Prints what the extension host wrote; gives the exit status. */
export async function printResults() {
  const { tests, measurements } = JSON.parse(await readFile(file, "utf8"));
  for (const { title, milliseconds, error } of tests) {
    console.log(` ${error === null ? "✓" : "✗"} ${title} (${milliseconds} ms)`);
    if (error !== null) console.log(`\n${error.replace(/^/gm, "     ")}\n`);
  }
  if (measurements.length > 0) console.log(`\nMeasured:\n${measurements.map((text) => `   ${text}`).join("\n")}`);
  const failed = tests.filter(({ error }) => error !== null).length;
  console.log(`\nhost: ${tests.length - failed} passed, ${failed} failed`);
  return tests.length > 0 && failed === 0 ? 0 : 1;
}
