/// <reference lib="dom" />
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { patience, waitForCharts } from "../../scripts/workbench.mjs";
import { openReportsView, openWalkthrough, pageOf, quickInput } from "./actions";
import { openEditor, screenshot, type Editor } from "./editor";

let editor: Editor;

beforeAll(async () => {
  editor = await openEditor({
    "workbench.colorTheme": "Default Light Modern",
    "workbench.startupEditor": "none",
    "relationLens.twins": 0,
    "relationLens.layers": "last",
    "files.exclude": { "**/.vscode": true, "binary.*": true, "broken.*": true },
  });
});
afterAll(() => editor.close());
beforeEach(() => onTestFailed(({ task }) => screenshot(editor.page, `failed ${task.name.slice(0, 40)}`)));

const row = (label: string): Locator =>
  editor.page.locator(`.pane-body .monaco-list-row[aria-label^="${label}"]`).first();
const step = (title: string): Locator =>
  editor.page.locator(".gettingStartedContainer .step-title", { hasText: title }).first();

const themes = [
  ["light", "Default Light Modern", ".vs"],
  ["dark", "Default Dark Modern", ".vs-dark"],
  ["high-contrast", "Default High Contrast", ".hc-black"],
  ["high-contrast-light", "Default High Contrast Light", ".hc-light"],
] as const;

describe("the side bar and the walkthrough", () => {
  it("list relations and models before anything has run", async () => {
    await openReportsView(editor.page);
    await row("few, not analysed yet").waitFor();
    await row("embedded-small, in use").waitFor();
    await row("Look for Models on This Machine").waitFor();
    expect(await row("Download from the Hub").count()).toBe(1);
  });

  it("lead from the walkthrough to a drawn chart", async () => {
    await openWalkthrough(editor.page, step("Draw the first report"));
    await step("Draw the first report").click();
    await editor.page.locator(".gettingStartedContainer .monaco-button", { hasText: "Analyze a Sample" }).click();
    await waitForCharts(await pageOf(editor.page, "report"));
    await row("superlative, ").and(editor.page.locator('[aria-label*="right"]')).waitFor({ timeout: patience });
    await openWalkthrough(editor.page, step("Draw the first report"));
    const done = editor.page.locator('.getting-started-step:has-text("Draw the first report") .codicon.complete');
    await expect.poll(() => done.count(), { timeout: patience }).toBeGreaterThan(0);
  });

  it("analyse, and show templates, from a row", async () => {
    await row("few").hover();
    await row("few").locator('a[aria-label="Analyze Relation"]').click();
    await row("few, ").and(editor.page.locator('[aria-label*="right"]')).waitFor({ timeout: patience });
    await row("few").locator(".monaco-tl-twistie").click();
    await row("The superlative of {} is").waitFor();
    expect(await row("The superlative of {} is").getAttribute("aria-label")).toMatch(/\d+\/\d+ right/);
  });

  it("offer models of the hub", async () => {
    await row("Download from the Hub").click();
    await editor.page.locator('.quick-input-widget input[placeholder="owner/name"]').waitFor();
    await quickInput(editor.page).fill("no name");
    await editor.page.locator(".quick-input-message", { hasText: "Write owner/name." }).waitFor();
    await editor.page.keyboard.press("Escape");
  });

  it("show the checks of a model below it", async () => {
    await row("embedded-small").hover();
    await row("embedded-small").locator('a[aria-label="Show Checks"]').click();
    await row("hidden size").waitFor({ timeout: patience });
  });

  it.each(themes)("can be read in every theme (%s)", async (name, theme, selector) => {
    await editor.configure({ "workbench.colorTheme": theme });
    await editor.page.locator(`.monaco-workbench${selector}`).waitFor();
    await openWalkthrough(editor.page, step("Draw the first report"));
    await step("Read the verdicts").click();
    const picture = editor.page.locator(".getting-started-media img").first();
    await expect
      .poll(() => picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)))
      .toBeGreaterThan(200);
    const source = await picture.evaluate((image) => (image instanceof HTMLImageElement ? image.currentSrc : ""));
    expect(source).toContain(/light/.test(name) ? "verdicts-light" : "verdicts-dark");
    await editor.page.mouse.move(5, 900);
    await screenshot(editor.page, `views-${name}`);
  });

  it("log no fault", () => {
    expect(editor.faults).toEqual([]);
  });
});
