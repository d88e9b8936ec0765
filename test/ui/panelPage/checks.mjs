/* global document, window */
/** What holds of every page. */
import assert from "node:assert/strict";

export const values = (page, selector) =>
  page.locator(selector).evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-value")));

export const posted = (page, type) => page.evaluate((t) => window.posted.filter((message) => message.type === t), type);

/** The values of a figure's table as text, row by row; the chart is shown again. */
export async function tableValues(page, id) {
  await page.getByTestId(`table-${id}`).click();
  const more = page.locator(`#all-${id}`);
  if ((await more.count()) > 0) await more.click();
  const rows = await page
    .locator(`[data-testid=data-${id}] tbody tr`)
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.getAttribute("data-value"))));
  await page.getByTestId(`table-${id}`).click();
  return rows;
}

export async function assertFits(page, name) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(over <= 0, `${name} is ${over} px too wide`);
}

export async function assertNamed(page, name) {
  const unnamed = await page.evaluate(() =>
    [...document.querySelectorAll("[role=img], [role=application], [role=radiogroup], [role=region], button, input")]
      .filter((e) => !(e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent).trim())
      .map((e) => e.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(unnamed, [], name);
}

export const text = (value) => (value === null ? "" : String(value));
