import { launchBrowser } from "./browser.mjs";
import { startEditorServer } from "./editorServer.mjs";
import {
  analyzeFromExplorer,
  inkOfCharts,
  openWorkbench,
  panelPage,
  waitForCharts,
  waitForReport,
} from "./workbench.mjs";

const sample = "superlative.relation.yaml";
const limit = 240_000;

/**
 * Analyses a sample in a headless editor and prints what the panel shows.
 * @returns exit status: 0 when charts were drawn
 */
export async function check(folder) {
  const timer = setTimeout(() => {
    console.error(`Nothing was drawn in ${limit / 1000} s.`);
    process.exit(1);
  }, limit);
  let server, browser;
  try {
    [server, browser] = [await startEditorServer(), await launchBrowser()];
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await openWorkbench(page, server.port, folder);
    console.log(`The editor is open on ${folder}.`);
    const clicked = await analyzeFromExplorer(page, sample);
    const panel = panelPage(page);
    await waitForCharts(panel);
    console.log(`First chart ${((performance.now() - clicked) / 1000).toFixed(2)} s after the click.`);
    const headline = await waitForReport(panel);
    console.log(`Report ${((performance.now() - clicked) / 1000).toFixed(2)} s after the click:\n\n${headline}\n`);
    const ink = await inkOfCharts(panel);
    console.log(`Charts: ${ink.map(([name]) => name).join(", ")}.`);
    if (ink.length === 0 || ink.some(([, amount]) => amount < 3)) throw new Error("A chart is empty.");
    return 0;
  } catch (error) {
    console.error(`The check failed: ${error.message}`);
    return 1;
  } finally {
    clearTimeout(timer);
    await browser?.close();
    await server?.stop();
  }
}
