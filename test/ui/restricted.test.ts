import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { analyzeFromExplorer, explorerRow, waitForReport } from "../../scripts/workbench.mjs";
import { fromPalette, quickRow, quickRows } from "./actions";
import { openEditor, screenshot, type Editor } from "./editor";

const file = "asks.relation.yaml";
/** What somebody sends who would have their own model run. */
const asking = `name: asks
model: ./exports/small
control_relations:
  - ../../outside.relation.yaml
prompt_templates:
  - "The superlative of {} is"
samples:
  - { subject: easy, object: easiest }
  - { subject: lucky, object: luckiest }
  - { subject: happy, object: happiest }
  - { subject: cold, object: coldest }
  - { subject: dark, object: darkest }
`;

let editor: Editor;
beforeAll(async () => {
  const settings = { "workbench.colorTheme": "Default Light Modern", "relationLens.model": "exports/small" };
  editor = await openEditor(settings, { trusts: false });
  await writeFile(join(editor.folder, file), asking);
});
afterAll(() => editor.close());
beforeEach(() => onTestFailed(({ task }) => screenshot(editor.page, `failed ${task.name.slice(0, 40)}`)));

const modelInPanel = () => editor.panel.getByTestId("about").innerText();

describe("a folder that is not trusted", () => {
  it("is analysed with the built-in model, whatever its settings and its file choose", async () => {
    await explorerRow(editor.page, file).click();
    await analyzeFromExplorer(editor.page, file);
    await waitForReport(editor.panel);
    expect(await modelInPanel()).toContain("embedded-small");
  });

  it("marks in the file what is not done, and why", async () => {
    await editor.page.locator(".editor-instance .squiggly-warning").nth(1).waitFor();
    const problems = editor.panel.locator("[data-testid=problems] .problem");
    expect(await problems.allInnerTexts()).toEqual([
      expect.stringContaining("asks.relation.yaml:2: The model ./exports/small is not used"),
      expect.stringContaining("asks.relation.yaml:3: The control relation outside.relation.yaml is left out"),
    ]);
  });

  it("says in the status item why its settings do not hold", async () => {
    const item = editor.page.locator('.statusbar-item[id="relation-lens.relation-lens.relationLens.model"]');
    expect(await item.locator("a").getAttribute("aria-label")).toContain("not trusted");
    await screenshot(editor.page, "restricted-light");
  });

  it("offers none of its models", async () => {
    await fromPalette(editor.page, "Choose Model");
    await quickRow(editor.page, "Trust This Folder").waitFor();
    const rows = await quickRows(editor.page).allInnerTexts();
    expect(rows.filter((row) => row.includes("exports"))).toEqual([]);
    expect(rows.some((row) => row.includes("embedded-wide"))).toBe(true);
    await screenshot(editor.page, "restricted-models");
    await editor.page.keyboard.press("Escape");
  });

  it("breaks no content security policy and logs no fault", () => {
    expect(editor.faults).toEqual([]);
  });
});
