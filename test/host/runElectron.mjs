import { runTests } from "@vscode/test-electron";
import { root } from "../../scripts/paths.mjs";
import { buildHostTests } from "./build.mjs";
import { forgetResults, printResults } from "./results.mjs";
import { makeWorkspace } from "./workspace.mjs";

/** Runs the host tests in a VS Code that is downloaded for it. */
const { tests: extensionTestsPath } = await buildHostTests();
await forgetResults();
const workspace = await makeWorkspace();
try {
  await runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath,
    launchArgs: [workspace.folder, "--disable-extensions", "--disable-workspace-trust"],
  }).catch((error) => console.error(error.message));
  process.exitCode = await printResults();
} finally {
  await workspace.remove();
}
