/// <reference lib="dom" />
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { explorerRow, waitForReport } from "../../scripts/workbench.mjs";
import { openEditor, screenshot, type Editor } from "./editor";

const sample = "superlative.relation.yaml";
let editor: Editor;

beforeAll(async () => {
  editor = await openEditor({
    "workbench.colorTheme": "Default Light Modern",
    "relationLens.markWrongAnswers": true,
    "relationLens.twins": 0,
    "relationLens.layers": "last",
    "files.exclude": { "**/.vscode": true, "binary.*": true, "broken.*": true },
  });
  await explorerRow(editor.page, sample).dblclick();
});
afterAll(() => editor.close());
beforeEach(() => onTestFailed(({ task }) => screenshot(editor.page, `failed ${task.name.slice(0, 40)}`)));

const lens = (text: string | RegExp) =>
  editor.page.locator(".editor-instance .codelens-decoration a", { hasText: text }).first();
const line = (text: string) => editor.page.locator(".editor-instance .view-line", { hasText: text }).first();

/** The text of a line as it is drawn, with what is behind it. */
const drawn = async (text: string) => (await line(text).innerText()).replace(/\u00a0/g, " ");

/** Puts the caret at the end of a line and types. */
async function type(after: string, text: string): Promise<void> {
  await line(after).click({ position: { x: 5, y: 5 } });
  await editor.page.keyboard.press("End");
  await editor.page.keyboard.type(text);
}

describe("what an analysis found, beside the text", () => {
  it("starts from the line above the name", async () => {
    await lens("Analyze").click();
    await waitForReport(editor.panel);
    await lens(/embedded-small/).waitFor();
    expect(await lens(/embedded-small/).innerText()).toMatch(/linear [.\d–]+ · .+ [.\d]+ · embedded-small/);
    await lens(/of 28 right/).waitFor();
  });

  it("has figures behind every sample, in light and dark", async () => {
    await expect.poll(() => drawn("subject: easy")).toMatch(/object: easiest \}\s*#\d+ \.\d\d .*[∥∦] [✓✗]/);
    await screenshot(editor.page, "in-text-light");
    await editor.configure({ "workbench.colorTheme": "Default Dark Modern" });
    await editor.page.locator(".monaco-workbench.vs-dark").waitFor();
    await screenshot(editor.page, "in-text-dark");
  });

  it("says in words what the figures are", async () => {
    const hint = line("subject: easy")
      .locator("span", { hasText: /^\s*#\d/ })
      .last();
    await hint.hover();
    const hover = editor.page.locator(".monaco-hover:visible", { hasText: "linear map that never saw this subject" });
    await hover.waitFor();
    expect(await hover.innerText()).toContain("The superlative of {} is");
    await screenshot(editor.page, "in-text-tooltip");
    await editor.page.keyboard.press("Escape");
  });

  it("opens the panel at the prompts, from the line above a template", async () => {
    await lens(/of 28 right/).click();
    await editor.panel.locator("#tab-prompts[aria-selected=true]").waitFor();
  });

  it("is stale after an edit, and fresh once it is undone", async () => {
    await type("subject: wide", "\n- { subject: green, object: greenest }");
    await lens("Stale: Analyze Again").waitFor();
    expect(await drawn("subject: easy")).toContain("~ #");
    await screenshot(editor.page, "in-text-stale");
    const stale = editor.page.locator(".editor-instance .codelens-decoration a", { hasText: "Stale" });
    for (let i = 0; i < 20 && (await stale.count()) > 0; i++) {
      await editor.page.keyboard.press("Control+Z");
      await editor.page.waitForTimeout(400);
    }
    await expect.poll(() => drawn("subject: easy")).not.toContain("~");
  });

  it("is there again after a reload, without another analysis", async () => {
    await editor.page.keyboard.press("Control+S");
    await editor.page.waitForTimeout(2000);
    await editor.page.reload();
    await lens(/embedded-small/).waitFor();
    await expect.poll(() => drawn("subject: easy")).toMatch(/#\d+ \.\d\d/);
    expect(await lens("Analyze").innerText()).not.toContain("Stale");
  });

  it("underlines the samples whose answer is another, and marks them in the ruler", async () => {
    const samples = { easy: "easiest", lucky: "luckiest", tall: "ball", happy: "happiest", strong: "window" };
    const lines = Object.entries(samples).map(([subject, object]) => `  - { subject: ${subject}, object: ${object} }`);
    const text = ["name: wrong", 'prompt_templates: ["The superlative of {} is"]', "samples:", ...lines, ""];
    await writeFile(join(editor.folder, "wrong.relation.yaml"), text.join("\n"));
    await explorerRow(editor.page, "wrong.relation.yaml").dblclick();
    await line("subject: tall").waitFor();
    await lens("Analyze").click();
    await lens(/of 5 right/).waitFor();
    const right = Number((await lens(/of 5 right/).innerText()).split(" ")[0]);
    const underlined = () =>
      editor.page
        .locator(".editor-instance .view-overlays .cdr")
        .evaluateAll((marks) => marks.filter((mark) => getComputedStyle(mark).borderBottomStyle === "dotted").length);
    await expect.poll(underlined).toBe(5 - right);
    expect(right).toBeLessThanOrEqual(3);
    await screenshot(editor.page, "in-text-wrong-answers");
  });

  it("logs no fault", () => {
    expect(editor.faults).toEqual([]);
  });
});
