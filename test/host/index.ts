import { writeFileSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import Mocha from "mocha";
import { measurements } from "./measurements";

/** Beside `out-test/`; the runner prints it. */
const results = join(__dirname, "..", "..", ".cache", "test-results", "host.json");

/** Suites to run, by the names of their files: all, unless the environment says otherwise. */
const chosen = new RegExp(process.env["RELATION_LENS_SUITES"] ?? "");

/** The extension host calls this; tests run in it, with the editor's API. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000 });
  const folder = join(__dirname, "suites");
  const files = (await readdir(folder)).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  for (const file of files) {
    if (file.endsWith(".test.js") && chosen.test(file)) mocha.addFile(join(folder, file));
  }
  const tests: { title: string; milliseconds: number; error: string | null }[] = [];
  await mkdir(dirname(results), { recursive: true });
  // After each test, so that a run that does not end tells how far it came.
  const write = () => writeFileSync(results, JSON.stringify({ tests, measurements: measurements() }, null, 2));
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on("pass", (test) => {
        tests.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0, error: null });
        write();
      })
      .on("fail", (test, error: Error) => {
        const told = error.stack ?? error.message;
        tests.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0, error: told });
        write();
      });
  });
  write();
  if (failures > 0) throw new Error(`${failures} host tests failed`);
}
