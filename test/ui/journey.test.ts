/// <reference lib="dom" />
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { answerTrust, explorerRow, inkOfCharts, waitForCharts, waitForReport } from "../../scripts/workbench.mjs";
import { openWalkthrough, pageOf, quickInput, quickRow } from "./actions";
import { openEditor, screenshot, type Editor } from "./editor";
import { openEmptyWindow, type EmptyWindow } from "./emptyWindow";

/** What somebody does who has just installed the extension; `npm run test:vsix` does it with the installed package. */
const walkthrough = (page: Page): Locator => page.locator(".gettingStartedContainer .gettingStartedSlideDetails");
const step = (page: Page, title: string): Locator =>
  walkthrough(page).locator(".getting-started-step", { hasText: title });
const button = (page: Page, label: string): Locator =>
  walkthrough(page).locator(".monaco-button:visible", { hasText: label });
const isDone = (page: Page, title: string): Promise<boolean> =>
  step(page, title).locator(".codicon.complete").isVisible();

/** The picture beside the step that is open. */
async function pictureShown(page: Page): Promise<string> {
  const picture = walkthrough(page).locator(".getting-started-media img").first();
  const image = () =>
    picture.evaluate((element) =>
      element instanceof HTMLImageElement && element.naturalWidth > 200 ? element.currentSrc : "",
    );
  await expect.poll(image).not.toBe("");
  return image();
}

async function expectDrawn(page: Page): Promise<void> {
  const panel = await pageOf(page, "report");
  await waitForCharts(panel);
  const ink = await inkOfCharts(panel);
  expect(ink.length).toBeGreaterThan(0);
  for (const [name, amount] of ink) expect(amount, name).toBeGreaterThan(5);
}

describe("the first minutes after installing", () => {
  let editor: EmptyWindow;
  let page: Page;
  beforeAll(async () => {
    editor = await openEmptyWindow();
    page = editor.page;
  });
  afterAll(() => editor.close());
  beforeEach(() => onTestFailed(({ task }) => screenshot(page, `failed ${task.name.slice(0, 40)}`)));

  it("open the walkthrough from an empty window", async () => {
    await openWalkthrough(page, step(page, "Open the samples"));
    expect(await pictureShown(page)).toContain("samples-light");
    await screenshot(page, "journey-light-1-walkthrough");
  });

  it("copy the samples where the person says, and lead on in their folder", async () => {
    await button(page, "Open Samples").click();
    // The rows of the folder come last; what is typed before them is replaced.
    await quickRow(page, "..").waitFor();
    await screenshot(page, "journey-light-2-place");
    await quickInput(page).fill(`${editor.home}/`);
    await page.locator(".quick-input-widget .monaco-button", { hasText: "Copy the Samples Here" }).click();
    await answerTrust(page, true);
    await explorerRow(page, "superlative.relation.yaml").waitFor();
    expect(await readdir(join(editor.home, "relation-lens-samples"))).toContain("superlative.relation.yaml");
    // The walkthrough is there again, after the window was loaded anew.
    await step(page, "Draw the first report").waitFor();
    await expect.poll(() => isDone(page, "Open the samples")).toBe(true);
    await screenshot(page, "journey-light-3-samples");
  });

  it("draw a chart of a sample", async () => {
    await step(page, "Draw the first report").click();
    await button(page, "Analyze a Sample").click();
    await expectDrawn(page);
    await screenshot(page, "journey-light-4-chart");
  });

  it("say what was found", async () => {
    const headline = await waitForReport(await pageOf(page, "report"));
    // What the sample expects of the built-in model.
    expect(headline).toMatch(/gives the object first in \d+ of 84 prompts/);
    expect(headline).toMatch(/^Linear\./m);
    await screenshot(page, "journey-light-5-verdict");
  });

  it("log no fault", () => {
    expect(editor.faults).toEqual([]);
  });
});

describe.each([
  ["dark", "Default Dark Modern", ".vs-dark"],
  ["high-contrast", "Default High Contrast", ".hc-black"],
])("the walkthrough in %s", (name, theme, selector) => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await openEditor({ "workbench.colorTheme": "Default Light Modern", "workbench.startupEditor": "none" });
  });
  afterAll(() => editor.close());
  beforeEach(() => onTestFailed(({ task }) => screenshot(editor.page, `failed ${name} ${task.name.slice(0, 40)}`)));

  it("leads to a drawn chart", async () => {
    // A theme that the folder's settings have from the start is not taken up, a change of it is.
    await editor.configure({ "workbench.colorTheme": theme });
    await editor.page.locator(`.monaco-workbench${selector}`).waitFor();
    await openWalkthrough(editor.page, step(editor.page, "Open the samples"));
    expect(await pictureShown(editor.page)).toContain("samples-dark");
    await screenshot(editor.page, `journey-${name}-1-walkthrough`);
    await step(editor.page, "Draw the first report").click();
    await button(editor.page, "Analyze a Sample").click();
    await expectDrawn(editor.page);
    await screenshot(editor.page, `journey-${name}-4-chart`);
    expect(editor.faults).toEqual([]);
  });
});
