import type { FrameLocator, Locator, Page } from "playwright-core";
import { explorerRow, patience } from "../../scripts/workbench.mjs";
import type { PageKind } from "../../src/protocol/panel";

const succeeds = (action: Promise<unknown>) =>
  action.then(
    () => true,
    () => false,
  );

export const appears = (locator: Locator, timeout = 3000) => succeeds(locator.waitFor({ timeout }));

/** Clicks what may be there for a moment only: a list goes when something else in a new window takes the focus. */
const clicks = (locator: Locator) => succeeds(locator.click({ timeout: 3000 }));

/** Repeats what may come too early for a workbench that still loads. */
export async function insist(what: string, attempt: () => Promise<boolean>): Promise<void> {
  for (const start = Date.now(); Date.now() - start < patience;) if (await attempt()) return;
  throw new Error(`Never: ${what}.`);
}

export const quickRows = (page: Page) => page.locator(".quick-input-widget .quick-input-list .monaco-list-row");
export const quickRow = (page: Page, text: string) => quickRows(page).filter({ hasText: text }).first();
export const quickInput = (page: Page) => page.locator(".quick-input-widget input.input");

/** Runs a command of the extension from the palette. */
export async function fromPalette(page: Page, title: string): Promise<void> {
  await insist(`the command ${title}`, async () => {
    await page.keyboard.press("F1");
    const typed = quickInput(page).fill(`>Relation Lens: ${title}`, { timeout: 3000 });
    if ((await succeeds(typed)) && (await clicks(quickRow(page, title)))) return true;
    await page.keyboard.press("Escape");
    return false;
  });
}

/**
 * Opens the walkthrough, until a step of it is there. The editor's own comes late into a new window, and nothing opens
 * over it: it is closed then.
 */
export async function openWalkthrough(page: Page, step: Locator): Promise<void> {
  await insist("the walkthrough", async () => {
    await fromPalette(page, "Open Walkthrough");
    if (await appears(step, 5000)) return true;
    await page.keyboard.press("ControlOrMeta+K");
    await page.keyboard.press("ControlOrMeta+W");
    return false;
  });
}

/** Selects rows, opens the context menu on the last of them and chooses an item. */
export async function fromMenu(page: Page, rows: readonly Locator[], item: string): Promise<void> {
  const entry = page.locator(".context-view .monaco-menu .action-item", { hasText: item }).first();
  await insist(`the item ${item}`, async () => {
    for (const [i, row] of rows.entries()) {
      await row.click(i === 0 ? {} : { modifiers: ["ControlOrMeta"] });
    }
    await rows.at(-1)?.click({ button: "right" });
    if (await appears(entry)) {
      // The menu ignores a click that comes too early after it appears.
      await page.waitForTimeout(150);
      if (await clicks(entry)) return true;
    }
    await page.keyboard.press("Escape");
    return false;
  });
}

export const fromExplorer = (page: Page, files: readonly string[], item: string) =>
  fromMenu(
    page,
    files.map((file) => explorerRow(page, file)),
    item,
  );

/** The page of a kind, among the panels that are open. */
export async function pageOf(page: Page, kind: PageKind): Promise<FrameLocator> {
  const frames = page.locator('iframe.webview.ready[src*="extensionId=relation-lens"]');
  for (const start = Date.now(); Date.now() - start < patience;) {
    for (let i = 0; i < (await frames.count()); i++) {
      const inner = frames.nth(i).contentFrame().frameLocator("iframe#active-frame");
      const found = await inner
        .locator(`body[data-page=${kind}]`)
        .count()
        .catch(() => 0);
      if (found > 0) return inner;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`No page of the kind ${kind} is open.`);
}

/** Opens the view of the activity bar. */
export async function openReportsView(page: Page): Promise<Locator> {
  const pane = page.locator(".pane", { has: page.locator('.pane-header[aria-label*="Reports"]') });
  const rows = pane.locator(".monaco-list-row", { has: page.locator(".custom-view-tree-node-item") });
  const view = page.locator(".composite.title", { hasText: "Relation Lens" });
  await insist("the view of reports", async () => {
    if (await appears(view, 200)) return true;
    await page.locator('.activitybar .action-item a[aria-label="Relation Lens"]').click();
    return appears(view);
  });
  return rows;
}

export async function openExplorer(page: Page): Promise<void> {
  await page.locator('.activitybar .action-item a[aria-label^="Explorer"]').click();
}

/** The button of a notification. */
export const notificationButton = (page: Page, label: string) =>
  page.locator(".notifications-toasts .monaco-button", { hasText: label }).first();
