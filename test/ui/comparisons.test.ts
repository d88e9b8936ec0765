/// <reference lib="dom" />
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FrameLocator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from "vitest";
import { explorerRow, inkOfCharts, waitForCharts, waitForReport } from "../../scripts/workbench.mjs";
import type { Report } from "../../src/protocol/report";
import type { RelationsReport } from "../../src/protocol/relationsReport";
import {
  fromExplorer,
  fromMenu,
  fromPalette,
  notificationButton,
  openExplorer,
  openReportsView,
  pageOf,
  quickInput,
  quickRow,
  quickRows,
} from "./actions";
import { openEditor, screenshot, type Editor } from "./editor";

const few = "few.relation.yaml";
let editor: Editor;

beforeAll(async () => {
  editor = await openEditor({
    "workbench.colorTheme": "Default Light Modern",
    "relationLens.twins": 0,
    "relationLens.layers": "last",
    "relationLens.contexts": "passages.txt",
    "files.exclude": { "**/.vscode": true, "binary.*": true, "broken.*": true },
  });
});
afterAll(() => editor.close());
beforeEach(() => onTestFailed(({ task }) => screenshot(editor.page, `failed ${task.name.slice(0, 40)}`)));

const numbers = (frame: FrameLocator, id: string) =>
  frame
    .locator(`[data-testid=data-${id}] [data-value]`)
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-value") ?? ""))
    .then((texts) => texts.filter((text) => text !== "" && Number.isFinite(Number(text))).map(Number));

async function table(frame: FrameLocator, id: string): Promise<number[]> {
  await frame.getByTestId(`table-${id}`).click();
  await frame.getByTestId(`data-${id}`).waitFor();
  const shown = await numbers(frame, id);
  await frame.getByTestId(`table-${id}`).click();
  return shown;
}

async function expectInk(frame: FrameLocator): Promise<void> {
  const ink = await inkOfCharts(frame);
  expect(ink.length).toBeGreaterThan(0);
  for (const [name, amount] of ink) expect(amount, name).toBeGreaterThan(2);
}

async function isDone(frame: FrameLocator): Promise<void> {
  await frame.getByTestId("progress").waitFor({ state: "hidden", timeout: 240_000 });
}

async function simulate(page: FrameLocator, concepts: number, runs: number): Promise<void> {
  await page.getByTestId("field-concepts").fill(String(concepts));
  await page.getByTestId("field-runs").fill(String(runs));
  await page.getByTestId("run").click();
}

async function saveReport(frame: FrameLocator, name: string): Promise<unknown> {
  const menu = frame.getByTestId("export-menu");
  if ((await menu.count()) > 0) await menu.click();
  await frame.getByTestId("save-report").click();
  await expect.poll(() => quickInput(editor.page).inputValue()).toContain(name);
  await editor.page.keyboard.press("Enter");
  const read = async () => JSON.parse(await readFile(join(editor.folder, name), "utf8")) as unknown;
  await expect.poll(() => read().catch(() => null), { timeout: 10_000 }).not.toBeNull();
  return read();
}

describe("comparisons, in the editor", () => {
  it("says where reports come from while there are none", async () => {
    await openReportsView(editor.page);
    const welcome = editor.page.locator(".welcome-view-content", { hasText: "No saved reports" });
    await welcome.waitFor();
    expect(await welcome.locator(".monaco-button", { hasText: "Analyze Relation" }).count()).toBe(1);
    await openExplorer(editor.page);
  });

  it("draws Compare Models on This Relation, from the explorer's menu", async () => {
    await fromExplorer(editor.page, [few], "Compare Models on This Relation");
    await quickRow(editor.page, "embedded-wide").click();
    const panel = await pageOf(editor.page, "report");
    await waitForReport(panel);
    await isDone(panel);
    await panel.getByTestId("tab-comparison").click();
    await waitForCharts(panel, 2);
    await expectInk(panel);
    await screenshot(editor.page, "compare-models-light");
    const report = (await saveReport(panel, "few.report.json")) as Report;
    const { comparison } = report;
    expect(comparison?.model.id).toBe("embedded-wide");
    const shown = new Set(await table(panel, "all-or-none"));
    const figures = (comparison?.verdicts ?? []).flatMap(({ left, right }) => [left, right]).filter((v) => v !== null);
    expect(figures.length).toBeGreaterThan(10);
    expect(figures.filter((value) => !shown.has(value))).toEqual([]);
  });

  it("asks for the second model from the panel, the last one first", async () => {
    await fromExplorer(editor.page, [few], "Analyze Relation");
    const panel = await pageOf(editor.page, "report");
    await panel.getByTestId("compare-models").waitFor({ timeout: 60_000 });
    await panel.getByTestId("compare-models").click();
    await quickRows(editor.page).first().waitFor();
    expect(await quickRows(editor.page).first().innerText()).toContain("embedded-wide");
    await screenshot(editor.page, "compare-models-list-light");
    await editor.page.keyboard.press("Escape");
    await isDone(panel);
  });

  it("draws Compare Relations, from several files of the explorer", async () => {
    const files = ["plural.relation.yaml", "superlative.relation.yaml"];
    await fromExplorer(editor.page, files, "Compare Relations");
    const page = await pageOf(editor.page, "relations");
    await waitForCharts(page, 2);
    await isDone(page);
    await expectInk(page);
    await screenshot(editor.page, "compare-relations-light");
    const report = (await saveReport(page, "relations.report.json")) as RelationsReport;
    expect(report.relations.map(({ name }) => name).sort()).toEqual(["plural", "superlative"]);
    const shown = new Set(await table(page, "subspaces"));
    for (const value of report.subspaces?.matrix.flat() ?? []) if (value !== null) expect(shown).toContain(value);
    await page.getByRole("button", { name: "Open plural" }).click();
    await editor.page.locator(".tab.active", { hasText: "plural.relation.yaml" }).waitFor();
  });

  it("asks which relations, from the palette", async () => {
    await fromPalette(editor.page, "Compare Relations");
    await quickRow(editor.page, "plural.relation.yaml").waitFor();
    const checked = await quickRows(editor.page)
      .filter({ has: editor.page.locator('input[type="checkbox"]:checked, .monaco-checkbox.checked') })
      .allInnerTexts();
    expect(checked.join()).toContain("plural");
    await editor.page.keyboard.press("Escape");
  });

  it("draws the Origins Simulation while it runs, with settings of one's own", async () => {
    await fromPalette(editor.page, "Origins Simulation");
    const page = await pageOf(editor.page, "simulation");
    await waitForCharts(page);
    await isDone(page);
    await page.getByTestId("result").waitFor();
    await expectInk(page);
    await screenshot(editor.page, "origins-simulation-light");
    const headline = await page.getByTestId("headline").innerText();
    await simulate(page, 3, 1);
    await expect
      .poll(() =>
        page
          .getByTestId("headline")
          .innerText()
          .catch(() => headline),
      )
      .not.toBe(headline);
    await isDone(page);
    const report = (await saveReport(page, "origins-3.report.json")) as { concepts: number; curves: unknown[] };
    expect([report.concepts, report.curves.length]).toEqual([3, 1]);
  });

  it("cancels the simulation from its page", async () => {
    const page = await pageOf(editor.page, "simulation");
    await simulate(page, 7, 3);
    await waitForCharts(page);
    await page.getByTestId("cancel").click();
    await page.getByTestId("note").waitFor();
    await isDone(page);
    await simulate(page, 3, 1);
    await page.getByTestId("result").waitFor();
  });

  it("makes a twin, from the palette to the model in use", async () => {
    await fromPalette(editor.page, "Make an Equivalent Twin");
    await quickRow(editor.page, "embedded-small").click();
    await expect.poll(() => editor.page.locator(".quick-input-widget").innerText()).toMatch(/Hidden size/);
    await quickInput(editor.page).fill("no size");
    await editor.page.locator(".quick-input-message", { hasText: "whole number" }).waitFor();
    await quickInput(editor.page).fill("112");
    await editor.page.keyboard.press("Enter");
    await expect.poll(() => quickInput(editor.page).inputValue()).toContain("embedded-small-twin");
    await editor.page.keyboard.press("Enter");
    const use = notificationButton(editor.page, "Use It");
    await use.waitFor({ timeout: 120_000 });
    await screenshot(editor.page, "make-twin-light");
    await use.click();
    const config = await readFile(join(editor.folder, "embedded-small-twin", "config.json"), "utf8");
    expect(config).toContain("112");
    const settings = () => readFile(join(editor.folder, ".vscode", "settings.json"), "utf8");
    await expect.poll(settings, { timeout: 20_000 }).toContain("embedded-small-twin");
    await editor.configure({});
  });

  it("lists the reports, and opens them without their models", async () => {
    const rows = await openReportsView(editor.page);
    await rows.filter({ hasText: "few" }).first().waitFor();
    await screenshot(editor.page, "reports-view-light");
    expect(await rows.filter({ hasText: "plural, superlative" }).count()).toBe(1);
    expect(await rows.filter({ hasText: "Origins simulation, 3 concepts" }).count()).toBe(1);
    await rows.filter({ hasText: "few" }).first().click();
    const panel = await pageOf(editor.page, "report");
    await panel.getByTestId("model-switch").waitFor();
    await panel.getByTestId("tab-comparison").click();
    await waitForCharts(panel, 2);
    await expectInk(panel);
  });

  it("compares two reports of the list, without their models", async () => {
    await openExplorer(editor.page);
    const panel = await pageOf(editor.page, "report");
    await editor.configure({ "relationLens.model": "embedded-wide" });
    await fromExplorer(editor.page, [few], "Analyze Relation");
    await expect.poll(() => panel.getByTestId("about").innerText(), { timeout: 60_000 }).toContain("embedded-wide");
    await isDone(panel);
    await panel.getByTestId("export-menu").click();
    await panel.getByTestId("save-report").click();
    await expect.poll(() => quickInput(editor.page).inputValue()).toContain("few.report.json");
    await quickInput(editor.page).fill(join(editor.folder, "wide.report.json"));
    await editor.page.keyboard.press("Enter");
    const rows = await openReportsView(editor.page);
    const own = rows.filter({ hasText: "embedded-small and embedded-wide" });
    const wide = rows.filter({ hasText: "few" }).filter({ hasNotText: " and " });
    await wide.waitFor();
    await fromMenu(editor.page, [own, wide], "Compare Two Saved Reports");
    await panel.getByTestId("tab-comparison").click();
    await expect.poll(() => panel.getByTestId("comparison-sources").innerText()).toMatch(/saved reports/);
    await waitForCharts(panel);
    await expectInk(panel);
  });

  it("says that a file changed since its report was made", async () => {
    await openExplorer(editor.page);
    await explorerRow(editor.page, few).click();
    await editor.page.locator(".editor-instance .view-line").first().click();
    await editor.page.keyboard.press("Control+End");
    await editor.page.keyboard.type("# changed");
    await editor.page.keyboard.press("Control+S");
    const rows = await openReportsView(editor.page);
    await expect.poll(() => rows.filter({ hasText: "file changed since" }).count()).toBe(2);
    await screenshot(editor.page, "reports-changed-light");
    await rows.filter({ hasText: "embedded-small and embedded-wide" }).click();
    const panel = await pageOf(editor.page, "report");
    await expect.poll(() => panel.getByTestId("stale").innerText()).toMatch(/changed since/);
    await openExplorer(editor.page);
  });

  it("is there again after a reload", async () => {
    await editor.page.waitForTimeout(7000);
    await editor.page.reload();
    for (const [kind, tab] of [
      ["relations", "Relations Compared"],
      ["simulation", "Origins Simulation"],
    ] as const) {
      await editor.page.locator(".tab", { hasText: tab }).click();
      await waitForCharts(await pageOf(editor.page, kind));
    }
  });

  it("logs no fault", () => {
    expect(editor.faults).toEqual([]);
  });
});
