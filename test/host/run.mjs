import { launchBrowser } from "../../scripts/browser.mjs";
import { startEditorServer, workbenchAddress } from "../../scripts/editorServer.mjs";
import { buildHostTests } from "./build.mjs";
import { forgetResults, printResults } from "./results.mjs";
import { makeWorkspace } from "./workspace.mjs";

/** Runs the host tests in the extension host of VS Code's own server, with its workbench in a headless browser. */
const limit = 900_000;

const tests = await buildHostTests();
await forgetResults();
const [server, browser, workspace] = [await startEditorServer(), await launchBrowser(), await makeWorkspace()];
let status = 1;
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const ended = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`The host tests did not end in ${limit / 1000} s.`)), limit).unref();
    page.on("crash", () => reject(new Error("The workbench's page crashed.")));
    void page.exposeFunction("codeAutomationLog", () => undefined);
    void page.exposeFunction("codeAutomationExit", resolve);
  });
  await page.goto(workbenchAddress(server.port, workspace.folder, { tests }));
  await ended;
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
