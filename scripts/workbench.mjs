import { workbenchAddress } from "./editorServer.mjs";

/** Milliseconds; generous, for slow machines: a failure takes this long, a success does not. */
export const patience = 60_000;

/**
 * @returns console messages of the page, as they come, that look like faults of the extension or of its panel
 */
export function faultsOf(page) {
  const faults = [];
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && /Content Security Policy|webview|relation-?lens/i.test(text)) faults.push(text);
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  return faults;
}

/**
 * Opens the workbench on a folder, with the extension, and waits for the explorer.
 * @param trusts the answer to whether the folder is trusted, where the editor asks
 * @returns its faults
 */
export async function openWorkbench(page, port, folder, { installed = false, trusts } = {}) {
  page.setDefaultTimeout(patience);
  const faults = faultsOf(page);
  await page.goto(workbenchAddress(port, folder, { installed }));
  if (trusts !== undefined) await answerTrust(page, trusts);
  await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
  return faults;
}

/** Answers whether the folder is trusted, which the editor asks when it opens one. */
export async function answerTrust(page, trusts) {
  const answer = trusts ? "Yes, I trust the authors" : "No, I don't trust the authors";
  await page.locator(".monaco-dialog-box .monaco-button", { hasText: answer }).click();
}

/** The row of a file in the explorer's top level. */
export function explorerRow(page, file) {
  return page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${file}"]`);
}

/**
 * Right-clicks a file in the explorer and chooses Analyze Relation.
 * @returns the moment of the click, of `performance.now()` in this process
 */
export async function analyzeFromExplorer(page, file) {
  await explorerRow(page, file).waitFor();
  // A menu that was opened before the extension's items are known never shows them: open it anew.
  const item = page.locator(".context-view .monaco-menu .action-item", { hasText: "Analyze Relation" });
  for (const start = Date.now(); ;) {
    await explorerRow(page, file).click({ button: "right" });
    const chosen = await item
      .waitFor({ timeout: 2000 })
      // The menu ignores a click that comes too early after it appears.
      .then(() => page.waitForTimeout(150))
      .then(() => item.click({ timeout: 2000 }))
      .then(
        () => true,
        () => false,
      );
    if (chosen) break;
    if (Date.now() - start > patience) throw new Error("The context menu never had the item Analyze Relation.");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(300);
  }
  return performance.now();
}

/** The page inside the panel; the workbench may have webviews of its own. */
export function panelPage(page) {
  const webview = 'iframe.webview.ready[src*="extensionId=relation-lens"]';
  return page.frameLocator(webview).frameLocator("iframe#active-frame");
}

/** Waits until at least `count` charts are drawn. */
export async function waitForCharts(panel, count = 1) {
  await panel
    .locator("[data-drawn=true]")
    .nth(count - 1)
    .waitFor();
}

/** Waits until the panel shows a finished report, and gives what it says first. */
export async function waitForReport(panel) {
  await panel.locator("[data-testid=properties] [data-field=value]").first().waitFor();
  await panel.locator("[data-testid=progress]").waitFor({ state: "hidden" });
  return panel.locator("[data-testid=headline]").innerText();
}

/**
 * What a chart really shows, whatever it says of itself: distinct colours of a canvas, or marks of an SVG.
 * @returns for every drawn chart its test id and that number
 */
export function inkOfCharts(panel) {
  return panel.locator("[data-drawn=true]").evaluateAll((charts) =>
    charts.map((chart) => {
      const canvas = chart.querySelector("canvas");
      if (canvas === null) return [chart.dataset.testid, chart.querySelectorAll("svg *").length];
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return [chart.dataset.testid, new Set(new Uint32Array(data.buffer)).size];
    }),
  );
}
