import { launchBrowser } from "../../scripts/browser.mjs";
import { startEditorServer, workbenchAddress } from "../../scripts/editorServer.mjs";
import { buildHostTests } from "./build.mjs";
import { openTests } from "./openTests.mjs";
import { addResults, forgetResults, printResults } from "./results.mjs";
import { startups } from "./startups.mjs";
import { makeWorkspace } from "./workspace.mjs";

/** Runs the host tests in the extension host of VS Code's own server, with its workbench in a headless browser. */
const limit = 900_000;
const chosen = new RegExp(process.env["RELATION_LENS_SUITES"] ?? "");

const { tests, startup } = await buildHostTests();
await forgetResults();
const [server, browser, workspace] = [await startEditorServer(), await launchBrowser(), await makeWorkspace()];
const address = (entry) => workbenchAddress(server.port, workspace.folder, { tests: entry });
let status = 1;
try {
  await openTests(browser, address(tests), limit);
  if (chosen.test("18-startup")) await addResults(await startups(browser, address(startup)));
  status = await printResults();
} catch (error) {
  console.error(error.message);
  await printResults().catch(() => undefined);
} finally {
  await browser.close();
  await server.stop();
  await workspace.remove();
}
process.exit(status);
