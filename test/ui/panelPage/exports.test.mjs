/* global document */
/** The menu of exports: `node --test test/ui/panelPage/exports.test.mjs`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { allDrawn, send, startPanelBrowser } from "./browser.mjs";
import { themes } from "./themes.mjs";
import { assertFits, assertNamed, posted } from "./checks.mjs";

let panel;
let report;

before(async () => {
  panel = await startPanelBrowser();
  report = panel.server.exampleCompared();
});
after(() => panel.close());

async function opened(options = {}) {
  const page = await panel.open(options);
  await send(page, { type: "report", report, file: "/relations/superlative.relation.yaml", problems: [] });
  await allDrawn(page);
  return page;
}

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const choose = async (page, id) => {
  await page.getByTestId("export-menu").click();
  await page.getByTestId(id).click();
};

test("is worked with the keyboard, and gives the focus back", async () => {
  const page = await opened();
  await page.getByTestId("export-menu").focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "save-report");
  for (const [key, id] of [
    ["ArrowDown", "save-html"],
    ["ArrowUp", "save-report"],
    ["ArrowUp", "save-activations"],
    ["Home", "save-report"],
    ["End", "save-activations"],
    ["p", "save-html"],
    ["p", "save-latex"],
    ["z", "save-latex"],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await focused(page), id, key);
  }
  assert.equal(await page.getByTestId("export-menu").getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("[role=menu]").isVisible(), false);
  assert.equal(await page.getByTestId("export-menu").getAttribute("aria-expanded"), "false");
  assert.equal(await focused(page), "export-menu");

  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "save-report");
  await page.keyboard.press("Enter");
  assert.deepEqual(await posted(page, "saveReport"), [{ type: "saveReport" }]);
  assert.equal(await focused(page), "export-menu");

  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Tab");
  assert.equal(await page.locator("[role=menu]").isVisible(), false);
  await page.getByTestId("export-menu").click();
  await page.getByTestId("relation-name").click();
  assert.equal(await page.locator("[role=menu]").isVisible(), false);
  await page.close();
});

test("asks the editor for what needs it", async () => {
  const page = await opened();
  for (const [id, type] of [
    ["save-report", "saveReport"],
    ["save-html", "saveHtml"],
    ["save-activations", "saveActivations"],
  ]) {
    await choose(page, id);
    assert.deepEqual(await posted(page, type), [{ type }]);
  }
  await page.close();
});

test("makes the texts from the report that is shown", async () => {
  const page = await opened();
  await choose(page, "save-tables");
  const [{ tables }] = await posted(page, "saveTables");
  const named = new Map(tables.map(({ name, text }) => [name, text]));
  const linearity = named.get("linearity.csv").split("\r\n");
  assert.equal(linearity.length, report.linearity.length + 2);
  for (const [i, { r2Logit }] of report.linearity.entries()) {
    if (r2Logit !== null) assert.ok(linearity[i + 1].includes(`,${r2Logit},`), `row ${i}`);
  }
  assert.ok(named.has("other-properties.csv") && named.has("compared-properties.csv"));

  await choose(page, "save-latex");
  const [{ name, text }] = await posted(page, "saveText");
  assert.equal(name, "superlative.tex");
  for (const { value } of report.summary.properties) assert.ok(text.includes(Math.abs(value).toFixed(2)), value);

  await choose(page, "copy-markdown");
  const [{ text: markdown }] = await posted(page, "copy");
  assert.ok(markdown.startsWith(`**superlative** in **${report.model.id}**`), markdown.slice(0, 80));
  assert.equal(
    markdown.split("\n").filter((line) => line.startsWith("| ")).length,
    report.summary.properties.length + 2,
  );
  await page.close();
});

test("is not offered while there is no report, or another is being made", async () => {
  const page = await panel.open();
  assert.equal(await page.getByTestId("export-menu").isVisible(), false);
  await page.close();
  const other = await opened();
  await send(other, { type: "started", file: "/relations/plural.relation.yaml" });
  await other.getByTestId("export-menu").waitFor({ state: "hidden" });
  await other.close();
});

test("fits into a narrow panel in every theme", async () => {
  for (const theme of Object.keys(themes)) {
    for (const width of [320, 480, 1000]) {
      const page = await opened({ theme, width });
      await page.getByTestId("export-menu").click();
      await page.keyboard.press("ArrowDown");
      await assertFits(page, `${theme} ${width}`);
      await assertNamed(page, `${theme} ${width}`);
      const box = await page.locator("[role=menu]").boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= width, `${theme} ${width}: ${JSON.stringify(box)}`);
      await page.screenshot({ path: join(panel.screenshots, `exports-${theme}-${width}.png`) });
      await page.close();
    }
  }
});

test("nothing went wrong in the page", () => assert.deepEqual(panel.errors, []));
