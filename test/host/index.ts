import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import Mocha from "mocha";
import { measurements } from "./measurements";

/** Beside `out-test/`; the runner prints it. */
const results = join(__dirname, "..", "..", ".cache", "test-results", "host.json");

/** The extension host calls this; tests run in it, with the editor's API. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000 });
  const folder = join(__dirname, "suites");
  for (const file of (await readdir(folder)).sort()) if (file.endsWith(".test.js")) mocha.addFile(join(folder, file));
  const tests: { title: string; milliseconds: number; error: string | null }[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on("pass", (test) => tests.push({ title: test.fullTitle(), milliseconds: test.duration ?? 0, error: null }))
      .on("fail", (test, error: Error) =>
        tests.push({
          title: test.fullTitle(),
          milliseconds: test.duration ?? 0,
          error: error.stack ?? error.message,
        }),
      );
  });
  await mkdir(dirname(results), { recursive: true });
  await writeFile(results, JSON.stringify({ tests, measurements: measurements() }, null, 2));
  if (failures > 0) throw new Error(`${failures} host tests failed`);
}
