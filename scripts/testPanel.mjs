import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cache, root } from "./paths.mjs";
import { run } from "./run.mjs";

/** Runs the tests of the panel's page outside the editor. */
const results = join(cache, "test-results");
await mkdir(results, { recursive: true });
const reporters = [
  ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
  ...["--test-reporter=tap", `--test-reporter-destination=${join(results, "panel.tap")}`],
];
try {
  await run(process.execPath, ["--test", ...reporters, "test/ui/panelPage/"], { cwd: root, show: true });
} catch {
  process.exit(1);
}
