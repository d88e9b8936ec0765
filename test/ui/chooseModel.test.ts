/// <reference lib="dom" />
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { patience } from "../../scripts/workbench.mjs";
import { appears, fromPalette, insist, quickRow, quickRows } from "./actions";
import { openEditor, screenshot, type Editor } from "./editor";

let editor: Editor;

beforeAll(async () => {
  editor = await openEditor({
    "workbench.colorTheme": "Default Light Modern",
    "files.exclude": { "**/.vscode": true },
  });
  const [small, several] = ["small", "several"].map((name) => join(editor.folder, "exports", name));
  await cp(small!, several!, { recursive: true });
  await mkdir(join(several!, "onnx"), { recursive: true });
  await cp(join(small!, "onnx", "model.onnx"), join(several!, "onnx", "model_q4.onnx"));
});
afterAll(() => editor.close());
beforeEach(() => onTestFailed(({ task }) => screenshot(editor.page, `failed ${task.name.slice(0, 40)}`)));

const rows = () => quickRows(editor.page);
const row = (text: string) => quickRow(editor.page, text);

/** A list that loses the focus to something that loads is closed, and opened anew. */
async function openList(): Promise<void> {
  await insist("the list of models", async () => {
    await fromPalette(editor.page, "Choose Model");
    if (await appears(row("embedded-small"), 5000)) return true;
    await editor.page.keyboard.press("Escape");
    return false;
  });
}

async function closeList(): Promise<void> {
  await editor.page.keyboard.press("Escape");
  await rows().first().waitFor({ state: "hidden" });
}

const settings = async () =>
  JSON.parse(await readFile(join(editor.folder, ".vscode", "settings.json"), "utf8")) as Record<string, unknown>;

/** Text of what is drawn of the list, by row. */
const shown = async () => (await rows().allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());

describe("the list of models, in the editor", () => {
  it.each([
    ["light", "Default Light Modern"],
    ["dark", "Default Dark Modern"],
  ])("names the models with their sizes (%s)", async (theme, name) => {
    await editor.configure({ "workbench.colorTheme": name });
    await editor.page.locator(`.monaco-workbench.vs${theme === "dark" ? "-dark" : ""}`).waitFor();
    await openList();
    const list = await shown();
    expect(list[0]).toMatch(/^Default/);
    for (const words of [/^embedded-small.*fp32 \d/, /^embedded-wide.*fp32 \d/, /^several.*fp32 \d\.\d MB, q4 \d/]) {
      expect(
        list.some((entry) => words.test(entry)),
        `${String(words)} in ${list.join(" | ")}`,
      ).toBe(true);
    }
    // The pointer of the test's browser must not stand in the picture.
    await editor.page.mouse.move(5, 900);
    await screenshot(editor.page, `choose-model-${theme}`);
    await closeList();
  });

  it("writes the variant that is picked", async () => {
    await openList();
    await row("several").click();
    await row("Automatic").waitFor();
    expect(await shown()).toEqual([
      expect.stringMatching(/^Automatic/),
      expect.stringMatching(/^fp32 ?\d\.\d MB onnx\/model\.onnx$/),
      expect.stringMatching(/^q4 ?\d\.\d MB onnx\/model_q4\.onnx$/),
    ]);
    await screenshot(editor.page, "choose-variant-dark");
    await row("model_q4.onnx").click();
    await expect
      .poll(async () => ((await settings().catch(() => ({}))) as Record<string, unknown>)["relationLens.model"], {
        timeout: patience,
      })
      .toBe("exports/several/onnx/model_q4.onnx");
    // The extension hears of the changed file a moment later.
    const marked = async () => {
      await openList();
      const several = (await shown()).find((text) => text.startsWith("several")) ?? "";
      if (!several.includes("· chosen")) await closeList();
      return several;
    };
    await expect.poll(marked, { timeout: patience }).toContain("· chosen");
    await screenshot(editor.page, "choose-model-chosen-dark");
    await closeList();
  });

  it("opens from the status bar, which names the model", async () => {
    const item = editor.page.locator(".statusbar-item", { hasText: "model_q4.onnx" });
    await editor.page
      .locator('.explorer-folders-view .monaco-list-row[aria-label^="superlative.relation.yaml"]')
      .dblclick();
    await item.waitFor();
    await item.click();
    await row("embedded-small").waitFor();
    await closeList();
  });

  it("logs no fault", () => {
    expect(editor.faults).toEqual([]);
  });
});
