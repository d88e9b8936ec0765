import { panelPage, waitForReport, waitForCharts } from "../workbench.mjs";

const sideBar = 300;
const titleBar = 35;

/**
 * What the pictures show, in order: each scene goes on where the one before ended.
 * @param page a workbench on the samples, with the Relation Lens view open
 * @param take takes a name and a part of the window in CSS pixels
 */
export async function shoot(page, { width, height }, { take, settings }) {
  const whole = { x: 0, y: titleBar, width, height: height - titleBar };
  const panelLeft = Math.round((width + sideBar + 48) / 2);
  const panelRight = { x: panelLeft, y: titleBar, width: width - panelLeft, height: 700 };
  await openRelation(page, "superlative");
  await take("samples", { x: 0, y: titleBar, width: 860, height: 560 });
  const panel = await analyze(page, "superlative");
  await waitForCharts(panel, 4);
  await take("analyze", whole);
  await take("verdicts", panelRight);
  // The table of the comparison needs neither twins nor every layer.
  await settings({ "relationLens.twins": 0, "relationLens.layers": "last" });
  await settled(page);
  await fromPalette(page, "Compare Models on This Relation…");
  await quickRow(page, "embedded-wide").click();
  await panel.getByTestId("progress").waitFor();
  await panel.getByTestId("progress").waitFor({ state: "hidden" });
  await panel.getByTestId("tab-comparison").click();
  await waitForCharts(panel, 1);
  await take("compare", panelRight);
  await closeEditors(page);
  await openRelation(page, "colour");
  await take("relation", { x: 0, y: titleBar, width: 860, height: 560 });
  await showChecks(page, "embedded-small");
  await take("model", { x: 0, y: titleBar, width: 860, height: height - titleBar });
}

export async function openView(page) {
  const title = page.locator(".composite.title", { hasText: "Relation Lens" });
  if (!(await title.isVisible())) await page.locator('.activitybar .action-item a[aria-label="Relation Lens"]').click();
  await title.waitFor();
  await treeRow(page, "superlative").waitFor();
}

const treeRow = (page, label) => page.locator(`.pane-body .monaco-list-row[aria-label^="${label}"]`).first();

/** @returns the panel, once the report is whole */
export async function analyze(page, name) {
  await openRelation(page, name);
  await fromPalette(page, "Analyze Relation");
  await page.locator(".tab", { hasText: `Relation: ${name}` }).waitFor();
  const panel = panelPage(page);
  await waitForReport(panel);
  return panel;
}

async function openRelation(page, name) {
  await treeRow(page, name).click();
  await page.locator(".tab.active", { hasText: `${name}.relation.yaml` }).waitFor();
  await settled(page);
}

async function showChecks(page, model) {
  await treeRow(page, model).hover();
  await treeRow(page, model).locator('a[aria-label="Show Checks"]').click();
  await treeRow(page, "hidden size").waitFor();
}

const quickRow = (page, text) =>
  page.locator(".quick-input-widget .quick-input-list .monaco-list-row", { hasText: text }).first();

const closeEditors = (page) => fromPalette(page, "View: Close All Editors", "");

/** @param category before the command's title in the palette */
async function fromPalette(page, title, category = "Relation Lens: ") {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input.input").fill(`>${category}${title}`);
  await quickRow(page, title).click();
}

/** Nothing that passes stands in a picture: the pointer, what it hovers on, notifications, animations. */
export async function settled(page) {
  await page.mouse.move(600, 4);
  await page.keyboard.press("Escape");
  await page.waitForTimeout(1500);
}
