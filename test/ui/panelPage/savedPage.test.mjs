/* global document, window, getComputedStyle */
/** A report saved as one page, opened from a file as anybody would: `node --test test/ui/panelPage/`. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { allDrawn, startPanelBrowser } from "./browser.mjs";

const tabs = [
  ...["overview", "parallelism", "linearity", "probes", "subspaces", "steering"],
  ...["origins", "prompts", "comparison"],
];
const hostile = "</script><script>window.broken = 1</script><!-- \u2028 & <img src=x onerror='window.broken=1'>";
let panel;
let report;
let folder;

before(async () => {
  panel = await startPanelBrowser();
  report = panel.server.exampleCompared();
  folder = await mkdtemp(join(tmpdir(), "saved-page-"));
});
after(async () => {
  await panel.close();
  await rm(folder, { recursive: true });
});

/** The page in a fresh browser context, with what it asked for and what went wrong. */
async function openSaved(made, context = {}) {
  const path = join(folder, "report.html");
  await writeFile(path, await panel.server.reportHtml(JSON.stringify(made)));
  const page = await panel.browser.newPage({
    viewport: { width: 1000, height: 900 },
    acceptDownloads: true,
    ...context,
  });
  page.setDefaultTimeout(20_000);
  const requests = [];
  const errors = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  const address = pathToFileURL(path).href;
  await page.goto(address);
  return { page, errors, requests: () => requests.filter((url) => url !== address && !url.startsWith("data:")) };
}

test("every tab draws from a file, without a request or an error", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { page, errors, requests } = await openSaved(report, { colorScheme });
    assert.equal(await page.title(), "superlative · Relation Lens");
    for (const tab of tabs) {
      await page.getByTestId(`tab-${tab}`).click();
      if (tab !== "prompts") await allDrawn(page);
      await page.screenshot({ path: join(panel.screenshots, `saved-${colorScheme}-${tab}.png`), fullPage: true });
    }
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(background, colorScheme === "dark" ? "rgb(31, 31, 31)" : "rgb(255, 255, 255)");
    await page.getByTestId(`theme-vscode-${colorScheme === "dark" ? "light" : "dark"}`).click();
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), background);
    assert.deepEqual(errors, []);
    assert.deepEqual(requests(), []);
    await page.close();
  }
});

test("offers nothing that needs an editor, and says so where a model is missed", async () => {
  const { page } = await openSaved(report);
  await page.getByTestId("export-menu").click();
  assert.equal(await page.getByTestId("save-report").isVisible(), true);
  for (const id of ["analyze-again", "save-html", "save-activations"]) {
    assert.equal(await page.getByTestId(id).isVisible(), false);
  }
  await page.getByTestId("tab-steering").click();
  assert.match(await page.getByTestId("steer-absent").textContent(), /needs the model.*Relation Lens/);
  await page.close();
});

test("gives tables, pictures and the report to the browser to keep", async () => {
  const { page, errors } = await openSaved(report);
  await page.getByTestId("tab-linearity").click();
  await allDrawn(page);
  for (const [id, name] of [
    ["csv-linearity", "superlative-linearity.csv"],
    ["png-linearity", "superlative-linearity.png"],
    ["svg-linearity", "superlative-linearity.svg"],
    ["save-report", "superlative.report.json"],
    ["save-latex", "superlative.tex"],
  ]) {
    if (id === "save-report" || id === "save-latex") await page.getByTestId("export-menu").click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(id).click()]);
    assert.equal(download.suggestedFilename(), name);
    assert.equal(await download.failure(), null);
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test("no text of a report gets out of its element or becomes markup", async () => {
  const made = JSON.parse(JSON.stringify(report).replaceAll('"easy"', JSON.stringify(hostile)));
  const { page, errors } = await openSaved({ ...made, warnings: [{ code: "c", message: hostile, where: hostile }] });
  await page.getByTestId("tab-prompts").click();
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await page.locator("#app img").count(), 0);
  await page.getByTestId("tab-linearity").click();
  assert.ok((await page.getByTestId("agreement").textContent()).includes(hostile));
  assert.deepEqual(errors, []);
  await page.close();
});
